"""`caseloop report indicators`: every indicator, or one, as known on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, TrueOn, day_of

if TYPE_CHECKING:
    from projections.indicators.series import Series, SeriesPoint


def _last(series: Series) -> list[SeriesPoint]:
    """The last period that is over."""
    return [point for point in series.points if point.over][-1:]


def indicators(
    indicator: Annotated[str | None, typer.Option(help="One indicator, by its id.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day shown.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day shown.")] = None,
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Where indicators stand: values by period, direction, target, and what is missing."""
    from api.cli import output
    from api.cli.store_session import open_services
    from api.indicators import reading
    from api.web import access_notes
    from api.web.moments import as_at as moment
    from api.web.moments import looking
    from qa.core.access import What
    from qa.people.commands import OPERATOR

    days = day_of(as_at, "--as-at"), position, day_of(true_on, "--true-on")
    first, last = day_of(start, "--from"), day_of(end, "--to")
    services = open_services()
    with services.store.reading() as connection:
        at = moment(services.store, connection, *days)
        with looking(services, connection, at) as shown:
            if indicator is None:
                found = reading.every(shown, at, actor=None, first=first, last=last)
            else:
                found = [reading.one(shown, indicator, at, actor=None, first=first, last=last)]
    subject = "indicators" if indicator is None else f"indicator:{indicator}"
    access_notes.note(services, OPERATOR, What.VIEW, subject, at=at)
    if as_json:
        whole = (
            reading.report(found, at) if indicator is None else reading.report_of_one(found[0], at)
        )
        output.as_json(whole.model_dump(mode="json", by_alias=True))
        return
    rows = []
    for each in found:
        for point in each.points if indicator is not None else _last(each):
            rows.append(
                [
                    each.held.definition.name,
                    point.period.label,
                    point.state if point.figure is None else point.figure.display,
                    " ".join(filter(None, (point.movement.sentence, point.restated))),
                    point.target.label,
                ]
            )
    output.table("Indicators", ["Indicator", "Period", "Value", "Direction", "Target"], rows)
    for each in found:
        if each.warning:
            output.line(f"{each.held.definition.name}: {each.warning}")
    output.line(f"As known at position {at.shown}.")


COMMANDS = CliCommand("indicators", indicators, "report")
