"""Supervision in figures: the report, the same as a file, and why a figure is what it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from starlette.responses import Response

from api.charts.drawing import Chart
from api.charts.trend import Trend, trend
from api.records.narrowing import require_known
from api.reports.asking import ReportFileKind, report_file
from api.reports.declaration import Sight, publish_link
from api.reports.opened import evidence_link
from api.reports.sentences import ReportSentence, by_name, rate_links, rate_point, whole_and_latest
from api.reports.tables import ReportTable, TableCell, TableLine
from api.reports.taking import send_file, taken_out
from api.supervision import reading as supervision_reading
from api.supervision import report
from api.supervision.cli import SupervisionQuery
from api.supervision.matrix import matrix
from api.supervision.reports import CUT_BY, REPORTS, TITLES
from api.web.boxes import Box
from api.web.context import DayReader, PresentReader, Reader, Reading
from api.web.csrf import Posted
from api.web.dates import date_input, day_in, parts_of
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, carry_out, send, show
from projections.figures.running import labelled
from projections.people import queries
from projections.supervision.figures import (
    NAMES,
    Name,
    SupervisionFigureLine,
    SupervisionQuestion,
    SupervisionReport,
    SupervisionReportRow,
)
from qa.authorisation.policy import can, require
from qa.core.carry import carry
from qa.core.clock import add_months
from qa.core.errors import Fault, NotFound, Refused, refuse_any
from qa.core.periods import PeriodKind
from qa.supervision.commands import ListOpenCases
from qa.supervision.events import CaseRow
from qa.supervision.handlers import list_open_cases
from qa.supervision.words import STANDARD_LABELS

router = PageRouter(prefix="/supervision-report")


def _question(reading: Reading) -> tuple[SupervisionQuestion | None, dict[str, str], Errors]:
    """The question that the address asks (the last twelve months if it says nothing), what was
    typed, and what is wrong with it."""
    given = {name: text.strip() for name, text in reading.request.query_params.items()}
    last = reading.at.on
    typed = {**parts_of(add_months(last, -12) + timedelta(days=1), "from"), **parts_of(last, "to")}
    for name in ("from", "to"):
        if name in given:
            typed |= _iso(given[name], name)
        elif f"{name}.day" in given:
            typed |= {f"{name}.{part}": given.get(f"{name}.{part}", "") for part in
                      ("day", "month", "year")}  # fmt: skip
    faults: list[Fault] = []
    days: dict[str, date | None] = {}
    for name in ("from", "to"):
        try:
            days[name] = day_in(typed, name)
        except Refused:
            days[name] = None
        if days[name] is None:
            faults.append(Fault(name, "date-impossible", "Enter a real date."))
    typed |= {"by": "quarter", **{k: given.get(k, "") for k in ("cut", "team")}}
    typed |= {"by": given["by"]} if given.get("by") else {}
    if faults:
        return None, typed, Errors(faults)
    try:
        require_known(reading.connection, {"team": typed["team"]})
        question = report.question_of(
            days["from"], days["to"], typed["by"], typed["cut"], typed["team"]
        )
    except Refused as refused:
        return None, typed, Errors.of(refused)
    return question, typed, Errors()


def _iso(text: str, name: str) -> dict[str, str]:
    year, _, rest = text.partition("-")
    month, _, of_month = rest.partition("-")
    return {f"{name}.day": of_month, f"{name}.month": month, f"{name}.year": year}


def _query(question: SupervisionQuestion) -> dict[str, str]:
    return {
        "from": question.start.isoformat(),
        "to": question.end.isoformat(),
        "by": question.by.value,
        "cut": question.cut,
        "team": question.team,
    }


@router.get("")
def read_report(reading: DayReader) -> Response:
    """The figures by period, cut as asked."""
    require(reading.actor, "read-council-figures")
    question, typed, wrong = _question(reading)
    named = queries.places(reading.connection, position=reading.at.position)
    context: dict[str, Any] = {"table_shown": None, "notes": [], "query": {}, "matrix": None}
    if question is not None:
        made = report.make(
            reading.connection, question, reading.at, actor=reading.actor, behind=reading.behind
        )
        detail = urlencode(_query(question))
        reading.note("report:supervision", detail)
        context = {
            "table_shown": by_name(_table(made, question, reading, named)),
            "opening": _sentences(made, question, reading),
            "chart": None if question.cut else _chart(made, question, reading),
            "notes": [made.cohort_rule, *(one.partition(": ")[2] for one in made.caveats)],
            "query": _query(question),
            "cell": tuple(reading.request.query_params.get(key, "") for key in ("down", "across")),
            "matrix": matrix(reading, question.start, question.end)
            if supervision_reading.who(reading.connection, reading.actor).scopes
            else None,
        }
    return reading.page(
        "supervision/report.html",
        status=422 if wrong else 200,
        title="Supervision in figures",
        wide=True,
        errors=wrong or Errors(reading.wrong.faults),
        first=date_input(typed, "from", "First day", wrong),
        last=date_input(typed, "to", "Last day", wrong),
        kinds=[(kind.value, kind.label) for kind in PeriodKind],
        cuts=list(CUT_BY.items()),
        teams=[("", "Any"), *((code, name) for code, (name, _) in named.items())],
        typed=typed,
        may_export=can(reading.actor, "export").allowed,
        publish=publish_link(reading, "supervision", [*_query(question).items()])
        if question is not None
        else "",
        may_list=can(reading.actor, "import").allowed and not reading.at.is_past,
        said=LIST.done if reading.request.query_params.get("done") == "cases" else "",
        **context,
    )


def _table(
    made: SupervisionReport,
    question: SupervisionQuestion,
    reading: Reading,
    named: Mapping[str, tuple[str, str]],
) -> ReportTable:
    names = {
        "team": {code: name for code, (name, _) in named.items()},
        "standard": STANDARD_LABELS,
    }.get(question.cut, {})

    def line(row: SupervisionReportRow, total: bool) -> TableLine:
        headings = [labelled(row.group.get(question.period_key, "Whole range"), row.caveats)]
        if question.cut:
            value = str(row.group.get(question.cut, ""))
            headings.append(names.get(value, value))
        cells = (
            TableCell(
                figure.display,
                "not shown" if figure.suppressed else figure.display_base,
                href=_why(row, name, question, reading),
            )
            for name, figure in row.figures.items()
        )
        return TableLine(tuple(headings), tuple(cells), total=total)

    lines = [line(row, False) for row in made.rows] + [line(row, True) for row in made.totals]
    keys = ("Period", *([CUT_BY[question.cut]] if question.cut else []))
    columns = tuple(TITLES[name] for name in NAMES)
    return ReportTable("Supervision by period", keys, columns, tuple(lines))


def _why(
    row: SupervisionReportRow, name: str, question: SupervisionQuestion, reading: Reading
) -> str:
    if row.figures[name].suppressed or question.cut in ("service", "standard"):
        return ""
    query = {**_query(question), "from": row.group["from"], "to": row.group["to"]}
    if question.cut == "team":
        query["team"] = str(row.group.get("team", ""))
    return reading.link("/supervision-report/why", {**query, "figure": name})


def _sentences(
    made: SupervisionReport, question: SupervisionQuestion, reading: Reading
) -> list[ReportSentence]:
    """What the report says first; nothing of a cut one, which has no figure of everything."""
    if question.cut or len(made.totals) != 1:
        return []

    def href(row: SupervisionReportRow, name: str) -> str:
        return _why(row, name, question, reading)

    return whole_and_latest(made.totals[0], made.rows, question.period_key, REPORTS.says, href)


def _chart(
    made: SupervisionReport, question: SupervisionQuestion, reading: Reading
) -> Chart | None:
    """None where a number may not be shown: an empty place would read as nought."""
    name: Name = "supervision_timeliness_rate"
    if any(row.figures[name].suppressed for row in made.rows):
        return None
    points = [rate_point(row, name, made.question.period_key) for row in made.rows]
    links = rate_links(made.rows, name, lambda row, figure: _why(row, figure, question, reading))
    return trend(Trend("Supervision sessions on time", "On time", points)).opening(links)


KINDS = {"supervision": "Session due", "supervision-check": "Check made"}


def _place(reading: Reading, line: SupervisionFigureLine) -> str:
    """Where what is counted can be opened; nothing for a case of a list."""
    if line.kind == "open-case":
        return ""
    path = "supervision" if line.kind == "supervision" else "supervision-checks"
    return reading.link(f"/{path}/{line.record}")


@router.get("/why")
def why(reading: DayReader) -> Response:
    """The sessions or checks behind a figure, and the figure counted again from their events."""
    require(reading.actor, "read-council-figures")
    question, _, wrong = _question(reading)
    name = reading.request.query_params.get("figure", "")
    if question is None or wrong or name not in TITLES:
        raise NotFound("There is no such figure.")
    found = report.why(reading.services.store, reading, question, cast(Name, name))  # fmt: skip
    reading.note("report:supervision", f"why {name}")
    named = queries.places(reading.connection, position=reading.at.position)
    return reading.page(
        "supervision/why.html",
        title=TITLES[name],
        figure=found.figure,
        same=found.same,
        first=question.start,
        last=question.end,
        hidden=found.hidden,
        evidence=evidence_link(reading, "supervision"),
        back=reading.link("/supervision-report", _query(question)),
        lines=[
            {
                "href": _place(reading, line),
                "kind": KINDS.get(line.kind, f"Case {line.record}"),
                "on": line.on,
                "team": named.get(line.team, (line.team, ""))[0],
                "said": line.sentence,
                "counts": line.counts,
            }
            for line in found.shown
        ],
    )


HEADINGS = ("case", "team", "supervised_on")


def read_open_cases(text: str) -> list[CaseRow]:
    """The rows of a list whose first line names its columns: case, team and supervised_on.

    A case that was never supervised has nothing in the last column. Excel's byte-order mark is
    passed by.

    Raises:
        Refused: other headings, or dates that are none; every fault with the number of its row.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    rows = [row for row in reader if any(cell.strip() for cell in row)]
    headings = tuple(cell.strip().casefold() for cell in rows[0]) if rows else ()
    if headings != HEADINGS:
        raise Refused(
            "The first line names the columns: case,team,supervised_on.",
            field="cases",
            code="headings-unknown",
        )
    found: list[CaseRow] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows[1:], start=1):
        cells = [cell.strip() for cell in row] + [""] * (len(HEADINGS) - len(row))
        try:
            on = date.fromisoformat(cells[2]) if cells[2] else None
        except ValueError:
            sentence = f"Row {number}: “{cells[2]}” is not a date. Write it like 2026-03-31."
            faults.append(Fault("cases", "date-impossible", sentence))
            continue
        found.append(CaseRow(case=cells[0], team=cells[1], supervised_on=on))
    refuse_any(faults)
    return found


LIST: FormStep[None] = FormStep(
    "Import the open cases",
    "Take the list in",
    "The list of open cases is taken in.",
    lambda _: [
        Box("counted_on", "Cases open at the end of", "day"),
        Box("source", "Where the list comes from", hint="For example, the name of the report."),
        Box("cases", "The list", "long", "As CSV with the first line case,team,supervised_on: the "
            "local reference, the code of the team, and the day of the last case supervision."),
    ],
    lambda _, form, sent: carry_out(
        list_open_cases,
        ListOpenCases(
            counted_on=form.day_owed("counted_on", "Enter the day of the list."),
            source=form.text("source"),
            cases=tuple(read_open_cases(form.text("cases"))),
        ),
        sent,
    ),
    ("Against this list it is counted how many open cases were supervised lately.",),
    "import",
)  # fmt: skip
CASES = At.step("/supervision-report", "cases")


@router.get("/cases")
def new_list(reading: PresentReader) -> Response:
    return show(reading, LIST, None, CASES)


@router.post("/cases")
def take_list(reading: Reader, form: Posted) -> Response:
    return send(reading, LIST, None, CASES, form)


@router.get("/export.{kind}")
def export(reading: DayReader, kind: ReportFileKind) -> Response:
    """The report with the same query as a file."""
    require(reading.actor, "read-council-figures")
    require(reading.actor, "export")
    question, _, wrong = _question(reading)
    if question is None:
        raise Refused(wrong.faults)
    query = carry(SupervisionQuery, question, by=question.by.value, dimension=question.cut)
    sight = Sight.of(reading)
    made = REPORTS.make(sight, query, reading.behind)
    filters = REPORTS.question_words(sight, query)
    body = report_file(REPORTS, sight, query, made, kind, filters, taken_out(reading))
    detail = urlencode(_query(question))
    return send_file(reading, "report:supervision", body, f"supervision.{kind}", detail=detail)
