"""Rules that were set aside: counted by quarter and team, each count opening to its list."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from starlette.responses import Response

from api.audits.exception_reading import KINDS, ToldException, counted, exception_filter, listed
from api.documents.listing import ColumnKind
from api.lists.declaration import ListCell, ListColumn, ListFilter, RecordList
from api.lists.files import list_files
from api.lists.page import ShownFilter, list_page
from api.web.context import Reader
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from projections.audits.exceptions import ExceptionFilter
from qa.authorisation.policy import require
from qa.core.errors import Fault, Refused

router = PageRouter()


def _listed(reading: Reader, wanted: ExceptionFilter) -> RecordList[ToldException]:
    rows = listed(reading, wanted)
    return exception_list(rows, wanted)


def _days(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "") for name in ("since", "until")}


def exception_list(
    rows: Sequence[ToldException], wanted: ExceptionFilter
) -> RecordList[ToldException]:
    """The rules set aside in the days that are `wanted`, the latest first."""

    def opened(one: ToldException) -> ListCell:
        return ListCell(one.row.reference, f"/audits/{one.row.audit}", unbroken=True)

    def why(one: ToldException) -> ListCell:
        return ListCell(one.row.why, lines=True)

    days = {"since": wanted.since.isoformat(), "until": wanted.until.isoformat()}
    return RecordList(
        path="/rule-exceptions",
        title="Rules set aside",
        noun=("rule set aside", "rules set aside"),
        rows=rows,
        key=lambda one: f"{one.row.audit}:{one.row.kind}:{one.row.rule}:{one.row.on}",
        columns=(
            ListColumn("reference", "Audit", lambda one: one.row.reference, drawn=opened),
            ListColumn("on", "Day", lambda one: one.row.on, ColumnKind.DAY),
            ListColumn("team_name", "Team", lambda one: one.row.team_name),
            ListColumn("kind", "Kind", lambda one: one.kind_label),
            ListColumn("rule", "What was set aside", lambda one: one.rule_label),
            ListColumn("why", "Why", lambda one: one.row.why, drawn=why, sortable=False),
            ListColumn("approved_by", "Approved by", lambda one: one.approved_by_name),
        ),
        filters=(
            ListFilter("team", "Team", lambda one: (one.row.team, one.row.team_name)),
            ListFilter("kind", "Kind", lambda one: (one.row.kind, one.kind_label), KINDS),
        ),
        query=days,
        order="the latest first",
        empty=(
            "No rule was set aside",
            "Nobody set a rule aside in these days, in audits that are open to you.",
        ),
        notes=[f"Set aside from {days['since']} to {days['until']}."],
        file_name="rules-set-aside",
    )


@router.get("/rule-exceptions")
def show_exceptions(request: Request, reading: Reader) -> Response:
    require(reading.actor, "read-report")
    given, faults = _days(request), list[Fault]()
    try:
        wanted = exception_filter(given, reading.at.on)
    except Refused as refused:
        faults += refused.faults
        wanted = exception_filter({}, reading.at.on)
    shown = _listed(reading, wanted)
    boxes = [
        ShownFilter(name, label, "text", value=shown.query[name], hint=f"For example, {example}")
        for name, label, example in (("since", "From", "1/4/2026"), ("until", "To", "31/3/2027"))
    ]
    return list_page(
        reading,
        shown,
        "audits/exceptions.html",
        boxes=boxes,
        status=422 if faults else 200,
        errors=Errors([*reading.wrong.faults, *faults]),
        intro="Every rule that somebody set aside with a reason, in audits whose judgement is open "
        "to you. It counts in the quarter in which it was set aside, for the team of the audit.",
        kinds=KINDS,
        table=counted(one.row for one in shown.rows),
    )


def _file(request: Request, reading: Reader) -> RecordList[ToldException]:
    require(reading.actor, "read-report")
    return _listed(reading, exception_filter(_days(request), reading.at.on))


list_files(router, "/rule-exceptions", _file)
