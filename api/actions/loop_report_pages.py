"""The closing-the-loop report, what lies behind each of its figures, and both as files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Literal
from urllib.parse import quote, urlencode

from fastapi import Query
from starlette.responses import Response

from api.actions import loop_forms, loop_reports, loop_tables
from api.actions.loop_document import curve_chart, loop_document, rate_charts
from api.actions.loop_forms import PATH, Choices, wanted
from api.actions.schemas import LoopFigureOut, LoopReportOut
from api.agreement.charts import MOST_SERIES
from api.agreement.report import room_caveats
from api.documents.listing import ColumnKind
from api.lists.declaration import ListColumn, RecordList, record_column
from api.lists.files import list_files
from api.lists.page import list_page
from api.reports import spans
from api.reports.asking import group_of
from api.reports.declaration import OPENS_AT, publish_link
from api.reports.documents import MOST_LINES, report_in
from api.reports.listing import report_listing
from api.reports.opened import evidence_link
from api.reports.sentences import by_name, whole_and_latest
from api.reports.spans import PeriodRequest, links_behind
from api.reports.tables import sentence
from api.reports.taking import send_file, taken_out
from api.web.context import DayReader, Reading
from api.web.late_routes import PageRouter
from projections.actions.closing_the_loop.behind import needed
from projections.actions.closing_the_loop.lists import LONGEST, ChildWithoutEffect, StandingOut
from projections.actions.closing_the_loop.question import LoopQuestion
from projections.actions.closing_the_loop.report import LoopReport, LoopReportRow
from projections.actions.closing_the_loop.rules import COHORTS
from qa.actions.states import ActionState
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.dates_in_words import day
from qa.core.errors import Refused

router = PageRouter(prefix=PATH)

SUBJECT = "report:closing-the-loop"
FileKind = Literal["csv", "xlsx", "json", "docx", "pdf"]


@router.get("")
def read_report(reading: DayReader) -> Response:
    require(reading.actor, "read-report")
    request = wanted(reading)
    named = loop_forms.choices(reading)
    context: dict[str, Any] = {"report": None, "said": []}
    if request.question is not None:
        several = loop_reports.made_and_uncut(
            reading.connection, request.question, reading.at, actor=reading.actor
        )
        made = loop_reports.saying_behind(next(several), reading.behind)
        whole = next(several) if request.question.dimensions else made
        context = _shown(request, made, whole, _beside(request), named)
        _note(reading, What.VIEW, urlencode(request.pairs()))
    return reading.page(
        "actions/loop_report.html",
        status=422 if request.errors else 200,
        title="Closing the loop",
        wide=True,
        errors=request.errors,
        wanted=request,
        named=named,
        form=loop_forms,
        kinds=spans.KINDS,
        may_export=can(reading.actor, "export").allowed,
        **context,
    )


def _note(reading: Reading, what: What, detail: str) -> None:
    reading.note(SUBJECT, detail, what=what)


def _question(request: PeriodRequest[LoopQuestion]) -> LoopQuestion:
    """Raises `Refused` where the question cannot be asked."""
    if request.question is None:
        raise Refused(request.errors.faults)
    return request.question


def _beside(request: PeriodRequest[LoopQuestion]) -> StandingOut:
    """The lists beside the report."""
    reading = request.reading
    return loop_reports.standing_out(
        reading.connection, _question(request), reading.at, actor=reading.actor
    )


def _shown(
    request: PeriodRequest[LoopQuestion],
    made: LoopReport,
    whole: LoopReport,
    beside: StandingOut,
    named: Choices,
) -> dict[str, Any]:
    short = replace(made, rows=made.rows[-MOST_LINES:])
    groups = loop_tables.series(made, named)
    curve = made.open_share
    summary = loop_tables.curve_words(curve)
    weeks = loop_tables.by_weeks(curve)

    href = links_behind(request, _group)
    found = [by_name(one) for one in loop_tables.tables(short, named, href)]
    at = len(loop_tables.SECTIONS)
    rates = replace(found[1], title=f"{found[1].title}: 95% intervals")
    uncut = replace(request, question=whole.question, dimensions=())
    whole_href = links_behind(uncut, _group) if whole is not made else href
    drawn = rate_charts(whole, [("", whole.rows)], whole_href)[:1] if whole is not made else []
    if len(groups) <= MOST_SERIES:
        drawn += rate_charts(made, groups, href)
    return {
        "report": made,
        "first": whole_and_latest(
            whole.totals[0],
            whole.rows,
            whole.question.period_key,
            loop_reports.REPORTS.says,
            whole_href,
        ),
        "said": loop_forms.filter_words(made.question, named),
        "left_off": len(made.rows) - len(short.rows),
        "caveats": [sentence(one) for one in made.caveats],
        "tables": found[:at],
        "statistics": [rates, *found[at:]],
        "charts": drawn,
        "curve": curve_chart(curve, summary, loop_tables.CURVE_COLUMNS, weeks) if curve.n else None,
        "curve_rule": loop_tables.CURVE_RULE,
        "beside": beside,
        "without_effect": loop_tables.WITHOUT_EFFECT,
        "children": beside.children[:LONGEST],
        "all_children": request.link("/children"),
        "days_open": lambda row: loop_tables.days_open(row, made),
        "state": lambda row: ActionState(row.state).label,
        "publish": publish_link(request.reading, "closing-the-loop", request.pairs()),
    }


def _group(row: LoopReportRow) -> list[tuple[str, str]]:
    """The group of a row for a query."""
    return [("group", f"{key}={value}") for key, value in row.group.items()]


@router.get("/download.{kind}")
def download(reading: DayReader, kind: FileKind) -> Response:
    """Exactly the report that the page with the same query shows."""
    require(reading.actor, "read-report")
    require(reading.actor, "export")
    request = wanted(reading)
    made = loop_reports.make(
        reading.connection,
        _question(request),
        reading.at,
        actor=reading.actor,
        behind=reading.behind,
    )
    named = loop_forms.choices(reading)
    moment = loop_reports.REPORTS.moment_of(reading.at)
    opens_at = f"{request.page_path}?{urlencode([*request.pairs(), *moment.items()])}"
    filters = [*loop_forms.filter_words(made.question, named), (OPENS_AT, opens_at)]
    taken = taken_out(reading)
    if kind == "json":
        body = loop_reports.as_bytes(LoopReportOut.of(made, _beside(request)))
    else:
        query = loop_reports.REPORTS.on_page(reading).query
        openings = loop_reports.REPORTS.openings(query, reading.at)
        listing = report_listing(made, filters=filters, taken=taken, openings=openings)
        body = report_in(
            kind,
            listing,
            lambda: loop_document(made, _beside(request), named, filters=filters, taken=taken),
        )
    return _file(request, body, f"closing-the-loop.{kind}")


def _file(request: PeriodRequest[LoopQuestion], body: bytes, name: str) -> Response:
    return send_file(request.reading, SUBJECT, body, name, detail=urlencode(request.pairs()))


def _children(reading: DayReader) -> RecordList[ChildWithoutEffect]:
    require(reading.actor, "read-report")
    request = wanted(reading)
    question = _question(request)
    words = loop_forms.filter_words(replace(question, dimensions=()), loop_forms.choices(reading))
    query: dict[str, list[str]] = {}
    for name, value in request.pairs():
        query.setdefault(name, []).append(value)
    return RecordList(
        path=f"{PATH}/children",
        title=loop_tables.WITHOUT_EFFECT,
        noun=("child", "children"),
        rows=loop_reports.children_without_effect(
            reading.connection, question, reading.at, actor=reading.actor
        ),
        key=lambda one: one.child,
        columns=(
            record_column(
                "child",
                "Child reference",
                lambda one: one.child,
                lambda one: f"/children/{quote(one.child)}",
            ),
            ListColumn("actions", "Actions", lambda one: one.actions, ColumnKind.NUMBER),
            ListColumn("open", "Still open", lambda one: one.open, ColumnKind.NUMBER),
            ListColumn("since", "First raised", lambda one: one.since, ColumnKind.DAY),
        ),
        query=query,
        order="whose first action is oldest first",
        empty=("No such children", "An action had an effect for each child that you may see."),
        notes=[f"{name}: {text}." for name, text in words if name != "By"],
        file_name="children-without-effect",
    )


@router.get("/children")
def list_children(reading: DayReader) -> Response:
    """Every child with actions raised in the range of the report of which none had an effect."""
    shown = _children(reading)
    _note(reading, What.VIEW, "children without an effect")
    back = wanted(reading).link()
    return list_page(reading, shown, intro=" ".join(shown.notes), back=back)


list_files(router, "/children", _children)


@router.get("/rows")
def read_rows(
    reading: DayReader,
    figure: str,
    group: list[str] = Query(default_factory=list),
    file: Literal["", "json"] = "",
    recount: Literal["", "yes"] = "",
) -> Response:
    """What lies behind one figure, down to the events; with `recount`, made again from those."""
    require(reading.actor, "read-report")
    request = wanted(reading)
    if request.question is None:
        raise Refused(request.errors.faults)
    cohort = needed(figure).cohort
    opened = loop_reports.LoopFigureRequest(
        question=request.question,
        figure=figure,
        group=group_of(group, request.question),
        at=reading.at,
        actor=reading.actor,
    )
    connection, store = reading.connection, reading.services.store
    found = loop_reports.shown(connection, opened)
    parts = [("figure", figure), *(("group", one) for one in group)]
    if file:
        require(reading.actor, "export")
        counted_again = loop_reports.why(store, connection, opened, found.counted)
        body = loop_reports.as_bytes(LoopFigureOut.why(counted_again, found))
        return _file(request, body, "closing-the-loop-rows.json")
    why = loop_reports.why(store, connection, opened, found.counted) if recount else None
    _note(reading, What.VIEW, f"{'recount' if recount else 'rows'} of {figure}")
    named = loop_forms.choices(reading)
    base, counted = loop_tables.rule(figure)
    value = loop_reports.figure(connection, opened)
    return reading.page(
        "actions/loop_rows.html",
        title=f"Why this number? {loop_tables.named(figure)}",
        wide=True,
        back=request.link(),
        evidence=evidence_link(reading, "closing-the-loop"),
        called=loop_tables.named(figure),
        figure=value,
        caveats=map(sentence, (*room_caveats(reading.actor), *value.caveats)),
        base=base,
        counted=counted,
        cohort=COHORTS[cohort],
        about=_about(opened, named),
        parts=(
            ("In the numerator", [a for a in found.actions if a.in_numerator]),
            (
                "In the denominator only",
                [a for a in found.actions if a.in_denominator and not a.in_numerator],
            ),
            ("Left out", [a for a in found.actions if not a.in_denominator]),
        ),
        hidden=found.hidden,
        most=MOST_LINES,
        named=named,
        state=lambda row: ActionState(row.state).label,
        again=why,
        json=request.link("/rows", *parts, ("file", "json")),
        recount=request.link("/rows", *parts, ("recount", "yes")),
        may_export=can(reading.actor, "export").allowed,
    )


def _about(opened: loop_reports.LoopFigureRequest, named: Choices) -> list[tuple[str, str]]:
    """Which row of the report it is, in words."""
    group = opened.group
    found = [
        (loop_forms.CUTS[key], named[key].get(str(value), str(value)))
        for key, value in group.items()
        if key in loop_forms.CUTS
    ]
    ends = (day(date.fromisoformat(str(group[name]))) for name in ("from", "to"))
    return [*found, *zip(("First day", "Last day"), ends, strict=True)]
