"""The ratings of an improvement plan as a report: three sentences, a chart, a table, its files."""

from __future__ import annotations

import json
from typing import Any, Literal
from urllib.parse import urlencode

from starlette.responses import Response

from api.plans.cli import RagQuery
from api.plans.reports import (
    PATH,
    REPORTS,
    chart_of,
    levels_of,
    record_of,
    sentences_of,
    tables_of,
)
from api.reports.asking import report_file
from api.reports.declaration import Sight, publish_link
from api.reports.tables import sentence
from api.reports.taking import send_file, taken_out
from api.web.context import DayReader, Reading
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.moments import day_typed
from projections.plans import queries
from projections.plans.rag_report import RagReportRow
from qa.authorisation.policy import can, require
from qa.core.dates_in_words import day
from qa.core.errors import NotFound, Refused

router = PageRouter(prefix=PATH)
FileKind = Literal["csv", "xlsx", "json", "docx", "pdf"]


def _query(reading: Reading) -> RagQuery | None:
    """The plan and the day that the address asks for: by itself, the plan that goes on and began
    last. None where there is no plan.

    Raises:
        Refused: a day that is none.
    """
    require(reading.actor, REPORTS.verb)
    given = reading.request.query_params
    plans = queries.plans(reading.connection, position=reading.at.position)
    plan = given.get("plan", "").strip() or next((one.id for one in plans), "")
    return RagQuery(plan=plan, day=day_typed(given.get("day", ""), field="day")) if plan else None


@router.get("")
def read_report(reading: DayReader) -> Response:
    query, errors = None, Errors()
    context: dict[str, Any] = {"report": None}
    try:
        query = _query(reading)
        if query is not None:
            context = _shown(reading, query)
    except Refused as refused:
        errors = Errors.of(refused)
    given = reading.request.query_params
    return reading.page(
        "plans/report.html",
        status=422 if errors else 200,
        title=REPORTS.title,
        wide=True,
        errors=errors or Errors(reading.wrong.faults),
        path=PATH,
        plans=[
            {"value": one.id, "text": one.title, "selected": query and one.id == query.plan}
            for one in queries.plans(reading.connection, position=reading.at.position)
        ],
        day=given.get("day", ""),
        may_export=can(reading.actor, "export").allowed,
        **context,
    )


def _shown(reading: Reading, query: RagQuery) -> dict[str, Any]:
    at = reading.at
    sight = Sight(reading.connection, at, reading.actor)
    made = REPORTS.make(sight, query, reading.behind)
    record = record_of(reading.connection, query.plan, at)
    detail = REPORTS.detail(query, at)
    reading.note(REPORTS.subject(query), detail)

    def href(row: RagReportRow, figure: str) -> str:
        pairs = {"figure": figure, "theme": row.group.get("theme_id"), "scale": row.group["scale"],
                 "day": query.day and query.day.isoformat()}  # fmt: skip
        return reading.link(f"/plans/{query.plan}/figure", pairs)

    levels = levels_of(made, record)
    table, more = tables_of(made, record, href)
    pairs = [("plan", query.plan)] if query.day is None else [
        ("plan", query.plan), ("day", query.day.isoformat())
    ]  # fmt: skip
    return {
        "report": made,
        "said": [("Plan", record.plan.title), ("On", day(made.day))],
        "first": sentences_of(made, levels, href),
        "chart": chart_of(made, levels, href),
        "table_shown": table,
        "more": more,
        "caveats": [sentence(one) for one in made.caveats],
        "wanted": _Wanted(reading, pairs),
        "publish": publish_link(reading, REPORTS.name, pairs),
        "plan": query.plan,
    }


class _Wanted:
    """The links of the report as it was asked for."""

    def __init__(self, reading: Reading, pairs: list[tuple[str, str]]) -> None:
        self._query = urlencode([*pairs, *reading.moment.items()])

    def link(self, path: str) -> str:
        return f"{PATH}{path}?{self._query}"


@router.get("/download.{kind}")
def download_report(reading: DayReader, kind: FileKind) -> Response:
    """The report with the same query as a file."""
    require(reading.actor, "export")
    query = _query(reading)
    if query is None:
        raise NotFound("There is no improvement plan.")
    sight = Sight.of(reading)
    made = REPORTS.make(sight, query, reading.behind)
    detail = REPORTS.detail(query, reading.at)
    if kind == "json":
        answer = REPORTS.answer(sight, made).model_dump(mode="json", by_alias=True)
        body = json.dumps(answer, ensure_ascii=False, indent=1).encode()
    else:
        filters = REPORTS.question_words(sight, query)
        body = report_file(REPORTS, sight, query, made, kind, filters, taken_out(reading))
    return send_file(reading, REPORTS.subject(query), body, f"ratings.{kind}", detail=detail)
