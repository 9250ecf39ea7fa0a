"""`caseloop report …`, made from what a report is asked: on a terminal, as JSON, or as files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from inspect import Parameter, Signature
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, TrueOn, day_of, renamed
from api.reports.query import QueryField, fields_of, taken
from qa.core.errors import Refused

if TYPE_CHECKING:
    from api.documents.figures import FiguresReport
    from projections.figures.figure import Figure

FILES = (
    ("csv", "csv_file", "--csv", "A CSV file to write."),
    ("docx", "word_file", "--word", "Write a Word file."),
    ("pdf", "pdf_file", "--pdf", "Write a PDF file."),
)


def report_command(
    name: str,
    query: type[Any],
    shown: Mapping[str, str],
    help: str,
    *,
    without: Collection[str] = (),
    every: str = "",
    meant: str = "",
    old_options: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> CliCommand:
    """The command of the report `name`. On a terminal it shows the figures `shown`, by their names,
    with what each is called, and all that begin with `every`; JSON and CSV hold all. Parts of the
    question `without` an option are left out. Who gives one of the `old_options` is told the name
    that it has now, and where `--as-at` is refused, what may be `meant`."""

    def run(**given: Any) -> None:
        files = {kind: given.pop(key) for kind, key, _, _ in FILES}
        moment = [given.pop(key) for key in ("as_at", "position", "true_on")]
        as_json = given.pop("as_json")
        for key, names in old_options.items():
            renamed(given.pop(key), *names)
        values = {one.key: _value(one, given.get(one.key)) for one in fields_of(query)}
        try:
            days = day_of(moment[0], "--as-at"), moment[1], day_of(moment[2], "--true-on")
            _run(name, taken(query, values), days, as_json, files, shown, every)
        except Refused as refused:
            if not meant or refused.faults[0].field != "as_at":
                raise
            sentence = f"{refused.sentence} {meant}"
            raise Refused(sentence, field="--as-at", code=refused.code) from None

    parameters = [_option(one) for one in fields_of(query) if one.key not in without]
    parameters += [
        _parameter("as_at", AsAt),
        _parameter("position", Position),
        _parameter("true_on", TrueOn),
        *(
            _parameter(key, Annotated[str | None, typer.Option(names[0], hidden=True)])
            for key, names in old_options.items()
        ),
        _parameter(
            "as_json", Annotated[bool, typer.Option("--json", help="Answer in JSON.")], False
        ),
        *(
            _parameter(key, Annotated[Path | None, typer.Option(flag, help=words)])
            for _, key, flag, words in FILES
        ),
    ]
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    run.__doc__ = help
    return CliCommand(name, run, "report")


def _parameter(name: str, annotation: Any, default: Any = None) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _option(one: QueryField) -> Parameter:
    flag = one.part.flag or f"--{one.name.replace('_', '-')}"
    option = typer.Option(flag, help=one.part.help)
    if one.part.flag:
        return _parameter(one.key, Annotated[bool | None, option])
    if one.several:
        return _parameter(one.key, Annotated[list[str] | None, option])
    if one.owed:
        return _parameter(one.key, Annotated[str, option], Parameter.empty)
    if one.default is None:
        return _parameter(one.key, Annotated[str | None, option])
    return _parameter(one.key, Annotated[str, option], one.default)


def _value(one: QueryField, given: Any) -> Any:
    if one.part.flag and given is not None:
        return "yes" if given else "no"
    if one.kind in (date, date | None):
        return day_of(given, f"--{one.name}")
    return given


def _run(
    name: str,
    query: Any,
    moment: tuple[date | None, int | None, date | None],
    as_json: bool,
    files: Mapping[str, Path | None],
    shown: Mapping[str, str],
    every: str,
) -> None:
    """Ask, in one snapshot, and print or write."""
    from api.cli import output
    from api.cli.store_session import open_services
    from api.documents.figures import to_csv
    from api.reports.declaration import Sight, report_called
    from api.reports.documents import render_report
    from api.web import access_notes
    from api.web.freshness import behind
    from api.web.moments import as_at, looking
    from qa.core.access import What
    from qa.people.commands import OPERATOR

    report, services = report_called(name), open_services()
    wanted = {kind: file for kind, file in files.items() if file is not None}
    with services.store.reading() as connection:
        at = as_at(services.store, connection, *moment)
        with looking(services, connection, at) as known:
            question = report.typed(known, query)
            late = behind(services, connection, at)
            sight = Sight(known, at)
            made = report.make(sight, question, late)
            answer = report.answer(sight, made) if as_json else None
            head = services.letterhead_at(known, at.position)
            out = at.taken_out("operator", services.clock.now(), head)
            written = {}
            for kind in wanted:
                if kind == "csv":
                    table = made
                    if report.whole_csv:
                        table = replace(made, rows=(*made.rows, *made.totals))
                    written[kind] = to_csv(table).encode("utf-8-sig")
                else:
                    filters = report.question_words(sight, question)
                    document = report.document(sight, made, filters, out)
                    written[kind] = render_report(document, kind)
    what, subject = What.EXPORT if wanted else What.VIEW, report.subject(question)
    access_notes.note(services, OPERATOR, what, subject, detail=report.detail(question, at), at=at)
    for kind, file in wanted.items():
        file.write_bytes(written[kind])
        output.line(f"Wrote {file}.")
    if answer is not None:
        output.as_json(answer.model_dump(mode="json", by_alias=True))
    elif not wanted:
        own = report.printed(made)
        if own is None:
            _print(made, shown, every)
        else:
            headings, rows, beneath = own
            output.table(made.title, headings, rows)
            for text in beneath:
                output.line(text)
            output.line(f"As recorded up to entry {made.position} of the log.")


def _print(made: FiguresReport, shown: Mapping[str, str], every: str) -> None:
    from api.cli import output
    from projections.figures.running import labelled

    rows = [*made.rows, *made.totals]
    if every:
        found = [name for row in rows for name in row.figures if name.startswith(every)]
        titles = {name: name.removeprefix(every).replace("_", " ").capitalize() for name in found}
        shown = {**shown, **titles}
    keys = [
        key
        for key in dict.fromkeys(key for row in rows for key in row.group)
        if key not in ("from", "to", "day", "total") and not key.endswith("_id")
    ]
    lines = []
    for row in rows:
        named = [str(row.group.get(key) or "–") for key in keys]
        if all(row.group.get(key) is None for key in keys[:1]):
            named[0] = str(row.group.get("total", "Whole range"))
        named[0] = labelled(named[0], row.caveats)
        lines.append([*named, *(_figure(row.figures.get(name)) for name in shown)])
    headings = [key.replace("_", " ").capitalize() for key in keys]
    output.table(made.title, [*headings, *shown.values()], lines)
    output.line(made.cohort_rule)
    figures = [one for row in rows for one in row.figures.values()] if every else []
    for caveat in dict.fromkeys(
        [*made.caveats, *(text for one in figures for text in one.caveats)]
    ):
        output.line(caveat.partition(": ")[2])
    so = "" if made.true_on is None else f", as it was on {made.true_on}"
    output.line(f"As recorded up to entry {made.position} of the log{so}.")


def _figure(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    if figure.unit == "count" or figure.denominator is None:
        return figure.display
    if figure.unit == "percent":
        return f"{figure.display} ({figure.numerator}/{figure.denominator})"
    return f"{figure.display} (n {figure.denominator})"
