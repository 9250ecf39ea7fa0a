"""The list of audits, and exactly that list as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.navigation import NavigationItem
from api.records.narrowing import require_known_in
from api.web import access_notes
from api.web.context import Reader, Reading
from api.web.forms import Errors
from api.web.listings import TYPES, audit_listing, render_listing
from api.web.moments import day_typed
from api.web.paging import Page, pagination
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.queries import AuditFilter
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import Fault, Refused
from qa.core.words import AuditStatus, Role

router = APIRouter()
NAVIGATION = NavigationItem("Audits", "/audits", 50, "read-report")

PAGE = 25
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


def asked(request: Request) -> AuditListRequest:
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
    faults: list[Fault] = []
    days: dict[str, date | None] = {}
    for name in ("audited_from", "audited_to"):
        try:
            days[name] = day_typed(given.get(name, ""), field=name)
        except Refused as refused:
            faults += refused.faults
    first, last = days.get("audited_from"), days.get("audited_to")
    if first and last and last < first:
        faults.append(Fault("audited_to", "dates-reversed", "The last day is before the first."))
    texts = {k: v for k, v in query.items() if k not in ("status", "audited_from", "audited_to")}
    wanted = AuditFilter(status=tuple(statuses), audited_from=first, audited_to=last, **texts)
    return AuditListRequest(wanted, query, Errors(faults))


def _cursor(request: Request, name: str) -> int | None:
    given = request.query_params.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else None


def _choices(reading: Reading) -> dict[str, list[dict[str, str]]]:
    """What the filters offer."""
    connection, position = reading.connection, reading.at.position
    teams = people_queries.teams(connection, with_closed=True, position=position)
    services = {team["service"]: team["service_name"] for team in teams}
    tools = [
        tool
        for tool in tool_queries.tools(connection, position=position)
        if tool["working"].kind != "supervision"
    ]
    grades = {
        point.code: point.label
        for definition in tool_queries.definitions(connection, position=position).values()
        for point in definition.overall_scale.points
        if point.rank is not None
    }
    # Whoever audited once can be asked for, in whatever role and place they are now.
    auditors = people_queries.holding(
        connection, Role.AUDITOR, None, with_departed=True, position=position
    )

    def items(pairs: Any) -> list[dict[str, str]]:
        return [{"value": "", "text": "Any"}, *({"value": v, "text": t} for v, t in pairs)]

    return {
        "service": items(services.items()),
        "team": items((team["team"], team["name"]) for team in teams),
        "auditor": items((one["person"], one["name"]) for one in auditors),
        "tool": items((tool["tool"], tool["title"]) for tool in tools),
        "grade": items(grades.items()),
    }


def _said(
    wanted: AuditListRequest, choices: dict[str, list[dict[str, str]]]
) -> list[tuple[str, str, str]]:
    """Each filter that is set: its name, its value in words, and its key."""
    said: list[tuple[str, str, str]] = []
    for name, value in wanted.query.items():
        if name == "status":
            said += [("Status", AuditStatus(one).label, f"status={one}") for one in value]
            continue
        words = {item["value"]: item["text"] for item in choices.get(name, [])}
        said.append((NAMES[name], words.get(value, value), name))
    return said


def _without(query: dict[str, Any], key: str) -> dict[str, Any]:
    name, _, value = key.partition("=")
    if name != "status":
        return {k: v for k, v in query.items() if k != name}
    return {**query, "status": [one for one in query["status"] if one != value]}


@router.get("/audits")
def list_audits(request: Request, reading: Reader) -> Response:
    require(reading.actor, "read-report")
    wanted = asked(request)
    connection, at, reach = reading.connection, reading.at, reading.reach
    require_known_in(connection, wanted.filter)
    before, after = _cursor(request, "before"), _cursor(request, "after")
    # The kit's cursors: "after" is the next page of a list that goes from newest to oldest.
    rows = audit_queries.audits(
        connection,
        reach,
        wanted.filter,
        position=at.position,
        before=after,
        after=before,
        limit=PAGE + 1,
    )
    more = len(rows) > PAGE
    if more:
        rows = rows[1:] if before is not None else rows[:PAGE]
    older = bool(rows) and (more or before is not None)
    newer = bool(rows) and ((more and before is not None) or after is not None)
    page = Page(
        rows,
        next=str(rows[-1].opened) if older else None,
        previous=str(rows[0].opened) if newer else None,
    )
    choices = _choices(reading)
    chosen = _said(wanted, choices)
    query = {**wanted.query, **reading.moment}
    mentioned = {row.auditor for row in rows if row.auditor}
    definitions = tool_queries.definitions(connection, position=at.position)
    return reading.page(
        "audits/list.html",
        status=422 if wanted.errors else 200,
        title="Audits",
        wide=True,
        errors=Errors([*reading.wrong.faults, *wanted.errors.faults]),
        rows=rows,
        names=people_queries.names(connection, mentioned, position=at.position),
        tools=definitions,
        scales={key: tool.overall_scale for key, tool in definitions.items()},
        statuses=AuditStatus,
        total=audit_queries.count(connection, reach, wanted.filter, position=at.position),
        query=wanted.query,
        choices=choices,
        chosen=[
            {"text": f"{name}: {value}", "href": reading.link("/audits", _without(wanted.query, k))}
            for name, value, k in chosen
        ],
        pages=pagination(page, "/audits", query),
        may_export=can(reading.actor, "export").allowed,
        may_allocate=can(reading.actor, "allocate-audit").allowed and not at.is_past,
    )


@router.get("/audits/export.{kind}")
def export_audits(request: Request, reading: Reader, kind: Literal["csv", "xlsx"]) -> Response:
    """Exactly the list that the page with the same query shows, all of its pages."""
    require(reading.actor, "export")
    wanted = asked(request)
    faults = [*reading.wrong.faults, *wanted.errors.faults]
    if faults:
        raise Refused(faults)
    actor, connection = reading.actor, reading.connection
    require_known_in(connection, wanted.filter)
    held = people_queries.names(connection, [actor.person], position=reading.at.position)
    name = held.get(actor.person, actor.person)
    said = [(one, value) for one, value, _ in _said(wanted, _choices(reading))]
    listing = audit_listing(
        reading.services, connection, reading.reach, reading.at, wanted.filter, by=name, said=said
    )
    written = render_listing(listing, kind)
    detail = ", ".join(sorted(wanted.query))
    access_notes.note(
        reading.services, actor, What.EXPORT, f"audits.{kind}", detail=detail, at=reading.at
    )
    return Response(
        written,
        media_type=TYPES[kind],
        headers={
            **reading.at.headers,
            "Content-Disposition": f'attachment; filename="audits-{reading.at.file_stamp}.{kind}"',
        },
    )
