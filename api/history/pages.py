"""Histories: of one audit, of a child's file, and of any other record, to read and to take out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from api.audits.listing import audit_list
from api.audits.pages import tabs
from api.history import reading as history_reading
from api.history import telling
from api.history.listing import history_listing
from api.history.reading import HistoryRequest
from api.lists.files import download, render_listing
from api.lists.page import whole_table
from api.navigation import NavigationItem, NavigationSection
from api.records.kinds import EVERYTHING, KindOfRecord, Record, kinds_of_record
from api.web.context import Reader, Reading
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.moments import days_typed
from api.web.paging import Page, pagination
from projections.audit_tools import queries as tool_queries
from projections.audits import child_queries, visible_queries
from projections.audits import queries as audit_queries
from projections.history.queries import Found
from projections.history.question import HistoryFilter
from qa.audit_tools.definition import ToolDefinition
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import NotFound, Refused
from qa.core.event import events_registered
from qa.core.event_words import code_in_words, label, type_in_words
from qa.core.words import SOMEWHERE

router = PageRouter()
NAVIGATION = NavigationItem("History", "/history", 155, NavigationSection.REPORTS, "read-log")

PAGE = 25
_TEXTS = ("by", "kind", "field", "text", "reference")
_DAYS = ("recorded_from", "recorded_to", "effective_from", "effective_to", "on")
_FIELDS = (
    "overall", "rationale", "judgements", "auditor", "due_on", "audit_date", "practice_from",
    "practice_to", "moderated_overall", "moderated", "moderator", "final_grade", "strengths",
    "actions", "feedback", "involvement",
)  # fmt: skip
_GROUPS = {
    "judgements": "Any domain",
    "moderated": "Any domain, by the moderator",
    "strengths": "Strengths",
    "actions": "Actions",
    "feedback": "Views of the child or family",
    "involvement": "The practitioner’s part",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """The filters and the place in the history that an address asks for."""

    query: Mapping[str, str]
    filters: HistoryRequest
    on: date | None = None
    after: int = 0
    before: int | None = None
    placed: bool = False
    errors: Errors = field(default_factory=Errors)


def typed(request: Request) -> Typed:
    """What the address asks; a day that is none is named beside its field."""
    given = request.query_params
    query: dict[str, Any] = {
        n: given[n].strip() for n in (*_TEXTS, *_DAYS) if given.get(n, "").strip()
    }
    days, faults = days_typed(query, *_DAYS)
    on = days.pop("on")
    values: dict[str, Any] = {n: query.get(n, "") for n in _TEXTS} | days
    start = _place(given.get("from", ""))
    return Typed(
        query=query,
        filters=HistoryRequest(**values),
        on=on,
        after=max(_place(given.get("after", "")) or 0, (start or 1) - 1),
        before=_place(given.get("before", "")),
        placed=any(given.get(name) for name in ("from", "after", "before", "on")),
        errors=Errors(faults),
    )


def _place(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


@dataclass(frozen=True, slots=True)
class Opened:
    """What the page of a record's history shows, and the status it is answered with."""

    context: Mapping[str, Any]
    status: int


def opened(
    reading: Reading, request: Request, record: Record, path: str, query: Mapping[str, str]
) -> Opened:
    """The page of a record's history that the address asks for; `query` names the record."""
    given = typed(request)
    services, connection, at = reading.services, reading.connection, reading.at
    errors, narrowed = given.errors, HistoryFilter(parts=record.parts)
    if not errors:
        try:
            narrowed = history_reading.wanted(reading, record, given.filters)
        except Refused as refused:
            errors = Errors(refused.faults)
    after, before = given.after, given.before
    if given.on and not after and before is None:
        after = history_reading.before_day(services, connection, given.on)
    elif record.scope.everything and not given.placed:
        before = at.shown + 1  # of everything, what was recorded last is shown first
    found = Found((), next=None, previous=None)
    if not errors:  # what was not asked for is no answer to what cannot be
        found = history_reading.page(
            reading, record, narrowed, after=after, before=before, limit=PAGE
        )
    history_reading.note_judgements(reading, record, What.VIEW, found.entries)
    kind = kinds_of_record()[record.kind]
    kept = {**query, **given.query}
    context = {
        "errors": reading.wrong or errors,
        "unanswered": bool(errors),
        "record": record,
        "entries": telling.entries_in_words(
            services, connection, found.entries, several=kind.several
        ),
        "stopped": found.stopped,
        "length": history_reading.length(connection, record, at),
        "whole": record.scope.everything,
        "inside": given.placed if record.scope.everything else after or given.before is not None,
        "query": given.query,
        "names_record": query,
        "chosen": _chosen(reading, path, kept, query),
        "path": path,
        "here": reading.link(path, kept),
        "start": reading.link(path, {k: v for k, v in kept.items() if k != "on"}),
        "download": reading.link("/history.csv", {"record": record.name, **given.query})
        if can(reading.actor, "export").allowed
        else None,
        "pack": reading.link("/packs", {record.kind: record.key})
        if kind.packed and can(reading.actor, "make-pack").allowed
        else None,
        "proofs": can(reading.actor, "read-ledger").allowed,
        "kinds": kinds(kind),
        "fields": fields(reading, record),
        "pages": pagination(
            Page(found.entries, next=_text(found.next), previous=_text(found.previous)),
            path,
            {**{k: v for k, v in kept.items() if k != "on"}, **reading.moment},
            what="entries",
        ),
    }
    return Opened(context, 422 if errors else 200)


def _text(cursor: int | None) -> str | None:
    return None if cursor is None else str(cursor)


_SAID = {
    "reference": "Record",
    "by": "By",
    "kind": "Kind",
    "field": "Field",
    "text": "Text",
    "recorded_from": "Recorded from",
    "recorded_to": "Recorded until",
    "effective_from": "Effective from",
    "effective_to": "Effective until",
    "on": "From the day",
}


def _chosen(
    reading: Reading, path: str, kept: Mapping[str, str], record: Mapping[str, str]
) -> list[dict[str, str]]:
    """The filters that are on, each with the address without it."""
    return [
        {
            "text": f"{_SAID[name]}: {_in_words(name, value)}",
            "href": reading.link(path, {k: v for k, v in kept.items() if k != name}),
        }
        for name, value in kept.items()
        if name not in record
    ]


def _in_words(name: str, value: str) -> str:
    if name in ("text", "reference"):
        return value
    return type_in_words(value) if name == "kind" else _GROUPS.get(value, code_in_words(value))


def kinds(kind: KindOfRecord) -> list[dict[str, str]]:
    """The kinds of event that such a record's history can hold."""
    modules = kind.events
    return [
        {"value": event.TYPE, "text": type_in_words(event.TYPE)}
        for event in events_registered()
        if event.__module__.startswith("qa.")
        and (not modules or event.__module__.removeprefix("qa.") in modules)
    ]


def fields(reading: Reading, record: Record) -> list[dict[str, str]]:
    """The fields of an audit by which its history can be narrowed."""
    if not kinds_of_record()[record.kind].judged:
        return []
    tool = _tool(reading, record)
    shown = [{"value": f, "text": _GROUPS.get(f, label(f, tool))} for f in _FIELDS]
    domains = () if tool is None else tool.domains
    return shown + [{"value": f"judgements.{d.id}", "text": d.title} for d in domains]


def _tool(reading: Reading, record: Record) -> ToolDefinition | None:
    if record.kind != "audit":
        return None
    row = audit_queries.headings(reading.connection, [record.key])[record.key]
    return tool_queries.definition(reading.connection, row.tool, row.tool_version)


@router.get("/audits/{audit}/history")
def read_history(audit: str, request: Request, reading: Reader) -> Response:
    record = _open(reading, f"audit:{audit}")
    history_reading.note(reading, record, What.VIEW)
    shown = opened(reading, request, record, f"/audits/{audit}/history", {})
    return reading.page(
        "history/record.html",
        title=f"History of {record.title[0].lower()}{record.title[1:]}",
        tabs=tabs(reading, audit, "History"),
        status=shown.status,
        **shown.context,
    )


@router.get("/history")
def read_any_history(request: Request, reading: Reader, record: str = EVERYTHING) -> Response:
    """The history of whatever ``?record=kind:key`` names, or of everything."""
    named = _open(reading, record)
    history_reading.note(reading, named, What.VIEW)
    shown = opened(reading, request, named, "/history", {"record": named.name})
    return reading.page(
        "history/record.html",
        title="History" if shown.context["whole"] else f"History: {named.title}",
        tabs=(),
        status=shown.status,
        **shown.context,
    )


@router.get("/history.csv")
def take_out_history(request: Request, reading: Reader, record: str = EVERYTHING) -> Response:
    """The whole history of a record as filtered, one row for each field that an entry changed."""
    require(reading.actor, "export")
    if reading.wrong:
        raise Refused(reading.wrong.summary[0]["text"], field="as_at", code="date-impossible")
    named = _open(reading, record)
    given = typed(request)
    if given.errors:
        raise Refused("Enter real dates, like 31/3/2026.", code="date-impossible")
    history_reading.note(reading, named, What.EXPORT)
    listing = history_listing(reading, named, given.filters)
    return download(render_listing(listing, "csv"), "history.csv")


def _open(reading: Reading, name: str) -> Record:
    return history_reading.open_record(reading, name)


OF_CHILD = (
    "reference",
    "tool",
    "team_name",
    "audit_date",
    "status_label",
    "overall_label",
    "final_label",
)
"""The columns of an audit beside others of the same child."""


@router.get("/children/{child:path}")
def read_child(child: str, request: Request, reading: Reader) -> Response:
    """All audits of one child's file that the reader may see, with their history in one line."""
    record = _open(reading, f"child:{child}")
    connection, at = reading.connection, reading.at
    rows = child_queries.of_child(connection, reading.reach, child, position=at.position)
    if not rows:
        raise NotFound("There is no audit of this child’s file that you may see.")
    reading.note(f"child:{child}")
    for row in rows:
        if row.overall is not None and not row.judgement_sealed:
            subject = f"judgement:{row.audit}"
            reading.note(subject)
    shown = opened(reading, request, record, f"/children/{quote(child)}", {})
    audits = audit_list(connection, rows, at)
    return reading.page(
        "history/child.html",
        title=f"Child {child}",
        child=child,
        audits=whole_table(reading, replace(audits, title="Audits", page_order=OF_CHILD)),
        joinings=visible_queries.joinings_open_to(
            connection, reading.reach, of=child, position=at.position
        ),
        may_join=not at.is_past and can(reading.actor, "join-children", SOMEWHERE).allowed,
        status=shown.status,
        **shown.context,
    )
