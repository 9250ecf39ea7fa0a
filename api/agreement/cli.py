"""`caseloop report agreement|grades`: figures on a terminal, as JSON for machines, or as files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, TrueOn, day_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.web.moments import TakenOut
    from projections.agreement.model import AgreementReport
    from projections.agreement.question import AgreementQuestion

_AGREEMENT = {
    "audits_submitted": "Audits",
    "moderation_coverage_rate": "Moderated",
    "moderation_agreement_rate": "Agreed",
    "within_one_rate": "Within one",
    "kappa_quadratic": "Kappa (quadratic)",
    "ac2": "AC2",
    "mean_shift": "Mean shift",
}
_GRADES = {
    "audits_submitted": "Audits",
    "good_or_better_rate": "Good or better",
    "ri_or_better_rate": "RI or better",
    "inadequate_rate": "Inadequate",
}
"""What the tables on the terminal show; JSON and CSV hold every figure."""


From = Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")]
To = Annotated[str, typer.Option("--to", help="Last day (included), YYYY-MM-DD.")]
By = Annotated[
    str,
    typer.Option(help="month, quarter, calendar-quarter, financial-year or calendar-year."),
]
Dimension = Annotated[
    list[str] | None,
    typer.Option(
        "--dimension",
        help="Cut by team, service, tool, tool-version, domain, auditor or moderator. Repeatable.",
    ),
]
CohortOption = Annotated[
    str, typer.Option(help="Which date counts: audit, moderation, submitted or allocated.")
]
Team = Annotated[list[str] | None, typer.Option(help="Only this team (code). Repeatable.")]
Service = Annotated[list[str] | None, typer.Option(help="Only this service (code). Repeatable.")]
Tool = Annotated[list[str] | None, typer.Option(help="Only this tool. Repeatable.")]
ToolVersion = Annotated[list[str] | None, typer.Option(help="Only this version, as tool@2.")]
Domain = Annotated[list[str] | None, typer.Option(help="Only this domain. Repeatable.")]
Auditor = Annotated[list[str] | None, typer.Option(help="Only this auditor (id). Repeatable.")]
Moderator = Annotated[list[str] | None, typer.Option(help="Only this moderator (id). Repeatable.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", help="Write a CSV file.")]
WordFile = Annotated[Path | None, typer.Option("--word", help="Write a Word file.")]
PdfFile = Annotated[Path | None, typer.Option("--pdf", help="Write a PDF file.")]
Knowing = Annotated[
    bool | None,
    typer.Option("--blind/--open", help="Only moderations that were truly blind, or were not."),
]


def agreement(
    start: From,
    end: To,
    by: By = "quarter",
    dimension: Dimension = None,
    cohort: CohortOption = "audit",
    blind: Knowing = None,
    team: Team = None,
    service: Service = None,
    tool: Tool = None,
    tool_version: ToolVersion = None,
    domain: Domain = None,
    auditor: Auditor = None,
    moderator: Moderator = None,
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    as_json: AsJson = False,
    csv_file: CsvFile = None,
    word_file: WordFile = None,
    pdf_file: PdfFile = None,
) -> None:
    """How much is moderated, how far moderators agree with auditors, and which way they move."""
    question = partial(
        _question, start, end, by, dimension, cohort, blind, team=team, service=service, tool=tool,
        tool_version=tool_version, domain=domain, auditor=auditor, moderator=moderator,
    )  # fmt: skip
    files = {"csv": csv_file, "docx": word_file, "pdf": pdf_file}
    when = (as_at, position, true_on)
    _run("agreement", question, "auditor", when, as_json, files)


def grades(
    start: From,
    end: To,
    by: By = "quarter",
    dimension: Dimension = None,
    cohort: CohortOption = "audit",
    grade: Annotated[str, typer.Option(help="Whose grade: auditor or final.")] = "auditor",
    team: Team = None,
    service: Service = None,
    tool: Tool = None,
    tool_version: ToolVersion = None,
    domain: Domain = None,
    auditor: Auditor = None,
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    as_json: AsJson = False,
    csv_file: CsvFile = None,
    word_file: WordFile = None,
    pdf_file: PdfFile = None,
) -> None:
    """What audits were graded, overall and by domain."""
    question = partial(
        _question, start, end, by, dimension, cohort, None, team=team, service=service, tool=tool,
        tool_version=tool_version, domain=domain, auditor=auditor,
    )  # fmt: skip
    files = {"csv": csv_file, "docx": word_file, "pdf": pdf_file}
    _run("grades", question, grade, (as_at, position, true_on), as_json, files)


def _question(
    start: str,
    end: str,
    by: str,
    dimensions: list[str] | None,
    cohort: str,
    blind: bool | None,
    **filters: list[str] | None,
) -> AgreementQuestion:
    from projections.agreement.question import AgreementQuestion
    from qa.core.periods import parse_kind

    return AgreementQuestion(
        start=_needed(start, "--from"),
        end=_needed(end, "--to"),
        by=parse_kind(by),
        dimensions=tuple(dimensions or ()),
        cohort=cohort,  # type: ignore[arg-type]
        blind=blind,
        filters={
            name.replace("_", "-"): tuple(values) for name, values in filters.items() if values
        },
    )


def _needed(text: str, option: str) -> date:
    day = day_of(text, option)
    assert day is not None
    return day


def _run(
    name: Literal["agreement", "grades"],
    question: Callable[[], AgreementQuestion],
    whose: str,
    when: tuple[str | None, int | None, str | None],
    as_json: bool,
    files: Mapping[str, Path | None],
) -> None:
    """Ask, in one snapshot, and print or write."""
    from api.agreement import report as agreement_report
    from api.agreement.schemas import AgreementReportOut
    from api.cli import output
    from api.cli.store_session import open_services
    from api.web import access_notes
    from api.web.freshness import behind
    from api.web.moments import as_at as moment
    from api.web.moments import looking
    from qa.core.access import What
    from qa.people.commands import OPERATOR

    as_at, position, true_on = when
    asked, day, so = question(), day_of(as_at, "--as-at"), day_of(true_on, "--true-on")
    services = open_services()
    with services.store.reading() as connection:
        at = moment(services.store, connection, day, position, so)
        with looking(services, connection, at) as shown:
            found = agreement_report.make(
                shown,
                name,
                asked,
                at,
                actor=None,
                whose=whose,  # type: ignore[arg-type]
                behind=behind(services, connection, at),
            )
            taken = at.taken_out("operator", services.clock.now())
            wanted = {kind: file for kind, file in files.items() if file is not None}
            written = {kind: _file(shown, found, asked, kind, taken) for kind in wanted}
    what = What.EXPORT if wanted else What.VIEW
    access_notes.note(services, OPERATOR, what, f"report:{name}", detail=asked.query(), at=at)
    for kind, file in wanted.items():
        file.write_bytes(written[kind])
        output.line(f"Wrote {file}.")
    if as_json:
        output.as_json(AgreementReportOut.of(found).model_dump(mode="json"))
    elif not wanted:
        _print(found, _AGREEMENT if name == "agreement" else _GRADES)


def _file(
    connection: Connection,
    report: AgreementReport,
    question: AgreementQuestion,
    kind: str,
    taken: TakenOut,
) -> bytes:
    from api.agreement.document import asked_words, render_report, report_document

    if kind == "csv":
        from api.documents.figures import to_csv

        return to_csv(report).encode("utf-8-sig")
    said = asked_words(question)
    return render_report(report_document(connection, report, said=said, taken=taken), kind)


def _print(report: AgreementReport, shown: Mapping[str, str]) -> None:
    from rich.console import Console
    from rich.table import Table

    from projections.figures.running import labelled

    console = Console(file=sys.stdout)
    keys = list(dict.fromkeys(key for row in report.rows for key in row.group))
    keys = [key for key in keys if key not in ("from", "to")]
    table = Table(title=report.title)
    for key in keys:
        table.add_column(key.replace("_", " ").capitalize(), no_wrap=True)
    for heading in shown.values():
        table.add_column(heading, justify="right")
    for row in report.rows:
        cells = [str(row.group.get(key) or "–") for key in keys]
        cells[0] = labelled(cells[0], row.caveats)
        for name in shown:
            figure = row.figures.get(name)
            if figure is None:
                cells.append("–")
            elif figure.unit == "count":
                cells.append(figure.display)
            else:
                parts = figure.numerator, figure.denominator
                of = f"{parts[0]}/{parts[1]}" if figure.unit == "percent" else f"n {parts[1]}"
                cells.append(f"{figure.display} ({of})")
        table.add_row(*cells)
    console.print(table)
    console.print(report.cohort_rule)
    for caveat in report.caveats:
        console.print(caveat.partition(": ")[2])
    so = "" if report.true_on is None else f", as true on {report.true_on}"
    console.print(f"As known at position {report.position}{so}.")


COMMANDS = (
    CliCommand("agreement", agreement, "report"),
    CliCommand("grades", grades, "report"),
)
