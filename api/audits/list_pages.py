"""The list of audits, and exactly that list as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.audits.listing import audit_list, audit_listing
from api.lists.declaration import ListRequest
from api.lists.files import ListFileKind, send_listing
from api.lists.page import ShownFilter, drawn_page, offered, page_of
from api.navigation import NavigationItem, NavigationSection
from api.records.narrowing import require_known_in
from api.web.context import Reader, Reading
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.moments import days_typed
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.queries import AuditFilter
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.errors import Fault, refuse_any
from qa.core.words import AuditStatus, Role

router = PageRouter()
NAVIGATION = NavigationItem(
    "Audits",
    "/audits",
    50,
    NavigationSection.AUDITS,
    "read-report",
    also=("/child-joinings", "/children"),
)

NAMES = {
    "team": "Team",
    "service": "Service",
    "status": "Status",
    "auditor": "Auditor",
    "child": "Child reference",
    "reference": "Audit reference",
    "tool": "Tool",
    "grade": "Auditor’s overall grade",
    "audited_from": "Audited from",
    "audited_to": "Audited to",
}


@dataclass(frozen=True, slots=True)
class AuditListRequest:
    """What a list is narrowed to: as a filter, and as the query that asks for it again."""

    filter: AuditFilter
    query: dict[str, Any]
    errors: Errors


def request_of(request: Request) -> AuditListRequest:
    """The filter of a request. A date that is none is left out of it and named."""
    given = request.query_params
    query: dict[str, Any] = {
        name: given[name].strip()
        for name in NAMES
        if name != "status" and given.get(name, "").strip()
    }
    statuses = list(filter(None, given.getlist("status")))
    if statuses:
        query["status"] = statuses
    days, faults = days_typed(given, "audited_from", "audited_to")
    first, last = days.get("audited_from"), days.get("audited_to")
    if first and last and last < first:
        faults.append(Fault("audited_to", "dates-reversed", "The last day is before the first."))
    texts = {k: v for k, v in query.items() if k not in ("status", "audited_from", "audited_to")}
    wanted = AuditFilter(status=tuple(statuses), audited_from=first, audited_to=last, **texts)
    return AuditListRequest(wanted, query, Errors(faults))


def _choices(reading: Reading) -> dict[str, dict[str, str]]:
    """What the filters offer."""
    connection, position = reading.connection, reading.at.position
    teams = people_queries.teams(connection, with_closed=True, position=position)
    services = {team.service: team.service_name for team in teams}
    tools = [
        tool
        for tool in tool_queries.tools(connection, position=position)
        if tool.working_copy.kind != "supervision"
    ]
    grades = {
        point.code: point.label
        for definition in tool_queries.definitions(connection, position=position).values()
        for scale in definition.graded_on
        for point in scale.points
        if point.rank is not None
    }
    # Whoever audited once can be asked for, in whatever role and place they are now.
    auditors = people_queries.holding(
        connection, Role.AUDITOR, None, with_departed=True, position=position
    )

    return {
        "service": services,
        "team": {team.team: team.name for team in teams},
        "auditor": {one.person: one.name for one in auditors},
        "tool": {tool.tool: tool.title for tool in tools},
        "grade": grades,
    }


def _filter_words(
    wanted: AuditListRequest, choices: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str, str]]:
    """Each filter that is set: its name, its value in words, and its key."""
    words: list[tuple[str, str, str]] = []
    for name, value in wanted.query.items():
        if name == "status":
            words += [("Status", AuditStatus(one).label, f"status={one}") for one in value]
            continue
        words.append((NAMES[name], choices.get(name, {}).get(value, value), name))
    return words


def _sorted(reading: Reading, wanted: AuditListRequest) -> ListRequest:
    shown = audit_list(reading.connection, (), reading.at)
    return shown.request(wanted.query, reading.request.query_params)


def _filters(
    wanted: AuditListRequest, choices: Mapping[str, Mapping[str, str]]
) -> list[ShownFilter]:
    chosen = wanted.query
    days = {"audited_from": "For example, 1/4/2026", "audited_to": "For example, 31/3/2027"}
    statuses = [
        {"value": one.value, "text": one.label, "checked": one.value in chosen.get("status", ())}
        for one in AuditStatus
    ]
    return [
        *(
            ShownFilter(name, NAMES[name], items=offered(known, chosen.get(name, "")))
            for name, known in choices.items()
        ),
        *(
            ShownFilter(
                name, NAMES[name], "text", value=chosen.get(name, ""), hint=days.get(name, "")
            )
            for name in ("child", "reference", *days)
        ),
        ShownFilter("status", NAMES["status"], "several", items=statuses),
    ]


@router.get("/audits")
def list_audits(request: Request, reading: Reader) -> Response:
    """The audits that the reader may see, narrowed and sorted as asked."""
    require(reading.actor, "read-report")
    wanted = request_of(request)
    connection, at, reach = reading.connection, reading.at, reading.reach
    require_known_in(connection, wanted.filter)
    sort = _sorted(reading, wanted)
    fetch = partial(audit_queries.audits, connection, reach, wanted.filter, position=at.position)
    page = page_of(lambda which: fetch(page=which), sort)
    choices = _choices(reading)
    shown = drawn_page(
        reading,
        audit_list(connection, page.rows, at),
        sort,
        page,
        audit_queries.count(connection, reach, wanted.filter, position=at.position),
        filters=_filters(wanted, choices),
        chosen=_filter_words(wanted, choices),
    )
    allocates = can(reading.actor, "allocate-audit").allowed and not at.is_past
    return reading.page(
        "lists/list.html",
        status=422 if wanted.errors else 200,
        title="Audits",
        wide=True,
        errors=Errors([*reading.wrong.faults, *wanted.errors.faults]),
        shown=shown,
        links=[
            ("Rules set aside", reading.link("/rule-exceptions")),
            *([("Allocate an audit", "/audits/new")] if allocates else []),
        ],
    )


@router.get("/audits/export.{kind}")
def export_audits(request: Request, reading: Reader, kind: ListFileKind) -> Response:
    """Exactly the list that the page with the same query shows, all of its pages."""
    require(reading.actor, "export")
    wanted = request_of(request)
    refuse_any([*reading.wrong.faults, *wanted.errors.faults])
    connection, at = reading.connection, reading.at
    require_known_in(connection, wanted.filter)
    sort = _sorted(reading, wanted)
    make = partial(
        audit_listing, reading.services, connection, reading.reach, at, wanted.filter,
        by=reading.actor.display_name, request=sort,
        filters=[(name, words) for name, words, _ in _filter_words(wanted, _choices(reading))],
    )  # fmt: skip
    return send_listing(reading, make, "audits", sort, kind)
