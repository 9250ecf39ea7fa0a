"""`caseloop report closing-the-loop`: what became of actions, for a terminal, a machine or a
file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, TrueOn, day_of

if TYPE_CHECKING:
    from projections.actions.closing_the_loop.question import LoopQuestion
    from projections.actions.closing_the_loop.report import LoopReport

_SHOWN = {
    "raised": "Raised",
    "evidenced": "Evidenced",
    "effective": "Effective",
    "overdue_by_first_date": "Overdue by first date",
    "action_completion_rate": "Done by first date",
    "loop_closed_rate": "Loop closed",
    "days_to_effect": "Days to effect",
}
"""What the table on the terminal shows; JSON and CSV hold every figure."""


def closing_the_loop(
    start: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    end: Annotated[str, typer.Option("--to", help="Last day (included), YYYY-MM-DD.")],
    by: Annotated[
        str,
        typer.Option(help="month, quarter, calendar-quarter, financial-year or calendar-year."),
    ] = "quarter",
    dimension: Annotated[
        list[str] | None,
        typer.Option("--dimension", help="Cut by team, service, kind, source or theme."),
    ] = None,
    team: Annotated[list[str] | None, typer.Option(help="Only this team (code).")] = None,
    service: Annotated[list[str] | None, typer.Option(help="Only this service (code).")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind of action.")] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Only what this raised, as case-audit.")
    ] = None,
    theme: Annotated[
        list[str] | None, typer.Option(help="Only what belongs to this learning theme (id).")
    ] = None,
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write a CSV file.")] = None,
    word_file: Annotated[Path | None, typer.Option("--word", help="Write a Word file.")] = None,
    pdf_file: Annotated[Path | None, typer.Option("--pdf", help="Write a PDF file.")] = None,
) -> None:
    """What became of actions, from finding to effect, and how long each step took."""
    from api.actions import loop_forms, loop_report
    from api.actions.loop_document import loop_document
    from api.actions.loop_schemas import LoopReportOut
    from api.agreement.document import render_report
    from api.cli import output
    from api.cli.store_session import open_services
    from api.web import access_notes
    from api.web.freshness import behind
    from api.web.moments import as_at as moment
    from api.web.moments import looking
    from projections.learning.queries import actions_by_theme
    from projections.people import queries
    from qa.core.access import What
    from qa.people.commands import OPERATOR

    filters = {"team": team, "service": service, "kind": kind, "source": source, "theme": theme}
    days = day_of(as_at, "--as-at"), position, day_of(true_on, "--true-on")
    services = open_services()
    with services.store.reading() as connection:
        at = moment(services.store, connection, *days)
        with looking(services, connection, at) as shown:
            question = _question(
                start, end, by, dimension, filters, actions_by_theme(shown, position=at.position)
            )
            found = loop_report.make(
                shown,
                question,
                at,
                actor=None,
                behind=behind(services, connection, at),
            )
            beside = loop_report.standing_out(shown, question, at, actor=None)
            teams = queries.teams(shown, with_closed=True, position=at.position)
            named = loop_forms.names_of(teams, loop_forms.themes(shown, at))
    files = {"csv": csv_file, "docx": word_file, "pdf": pdf_file}
    wanted = {form: file for form, file in files.items() if file is not None}
    what = What.EXPORT if wanted else What.VIEW
    subject, detail = "report:closing-the-loop", question.query()
    access_notes.note(services, OPERATOR, what, subject, detail=detail, at=at)
    taken = at.taken_out("operator", services.clock.now())
    for form, file in wanted.items():
        if form == "csv":
            from api.documents.figures import to_csv

            file.write_bytes(to_csv(found).encode("utf-8-sig"))
        else:
            said = loop_forms.said(question, named)
            document = loop_document(found, beside, named, said=said, taken=taken)
            file.write_bytes(render_report(document, form))
        output.line(f"Wrote {file}.")
    if as_json:
        output.as_json(LoopReportOut.of(found, beside).model_dump(mode="json"))
    elif not wanted:
        _print(found)
        output.line(f"Children for whom nothing has changed yet: {beside.children_in_all}.")


def _question(
    start: str,
    end: str,
    by: str,
    dimensions: list[str] | None,
    filters: dict[str, list[str] | None],
    themes: Mapping[str, frozenset[str]],
) -> LoopQuestion:
    from projections.actions.closing_the_loop.question import LoopQuestion
    from qa.core.periods import parse_kind

    first, last = day_of(start, "--from"), day_of(end, "--to")
    assert first is not None
    assert last is not None
    return LoopQuestion(
        start=first,
        end=last,
        by=parse_kind(by),
        dimensions=tuple(dimensions or ()),
        filters={name: tuple(values) for name, values in filters.items() if values},
        themes=themes,
    )


def _print(report: LoopReport) -> None:
    from api.cli import output
    from projections.figures.running import labelled

    keys = (report.question.period_key, *report.question.keys)
    rows = []
    for row in (*report.rows, *report.totals):
        named = [str(row.group.get(key, row.group.get("total", ""))) for key in keys]
        named[0] = labelled(named[0], row.caveats)
        figures = [row.figures[name] for name in _SHOWN]
        rows.append(
            [
                *named,
                *(
                    f"{one.display} ({one.numerator}/{one.denominator})"
                    if one.unit == "percent"
                    else one.display
                    for one in figures
                ),
            ]
        )
    headings = [key.replace("_", " ").capitalize() for key in keys]
    output.table(report.title, [*headings, *_SHOWN.values()], rows)
    output.line(report.cohort_rule)
    so = "" if report.true_on is None else f", as true on {report.true_on}"
    output.line(f"As known at position {report.position}{so}.")


COMMANDS = CliCommand("closing-the-loop", closing_the_loop, "report")
