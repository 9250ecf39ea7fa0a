"""The access log and its weekly report, for those who answer for it; and everybody's own lines.

Reading any of it is noted too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from fastapi import Request
from starlette.responses import Response

from api.access.listing import (
    WORDS,
    access_list,
    access_listing,
    in_words,
    known_by,
    lines_found,
    of_child,
    sealed_from,
    within,
)
from api.access.unusual import unusual_access, unusual_listing, week_of
from api.documents.listing import Listing
from api.lists.declaration import ListRequest
from api.lists.files import ListFileKind, download, render_listing
from api.lists.page import ShownFilter, drawn_page, offered, whole_table
from api.navigation import NavigationItem, NavigationSection
from api.web import access_notes
from api.web.context import PresentReader, Reader, Reading
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.moments import day_typed, days_typed
from api.web.paging import Page
from projections.people import queries
from qa.access.unusual import RULES
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.clock import start_of_day
from qa.core.errors import Fault, Refused
from qa.core.words import Resource, Role
from qa.security.access_log import AccessLogFilter

router = PageRouter()
NAVIGATION = NavigationItem(
    "Access log", "/access-log", 200, NavigationSection.SET_UP, "read-access-log"
)

PAGE = 50
_NAMES = ("person", "subject", "child", "what", "role", "purpose", "first", "last")


def _filters_typed(
    reading: Reading, request: Request
) -> tuple[dict[str, str], AccessLogFilter, Errors]:
    """The filters as they were typed, as the log takes them, and what is wrong with them."""
    given = request.query_params
    query = {name: given[name].strip() for name in _NAMES if given.get(name, "").strip()}
    if query.get("what") not in {*What, None}:
        del query["what"]
    days, faults = days_typed(query, "first", "last")
    first, last = days.get("first"), days.get("last")
    if first and last and last < first:
        faults.append(Fault("last", "period-backwards", "The last day is before the first."))
    subjects: tuple[str, ...] = (query["subject"],) if "subject" in query else ()
    if "child" in query:
        of = of_child(reading.connection, query["child"])
        subjects = tuple(s for s in subjects if s in of) or of if subjects else of
    log_filter = AccessLogFilter(
        person=query.get("person", ""),
        subjects=subjects,
        without=sealed_from(reading.connection, reading.actor),
        within=within(reading.actor),
        what=What(query["what"]) if "what" in query else None,
        in_role=query.get("role", ""),
        purpose=query.get("purpose", ""),
        since=start_of_day(first) if first and not faults else None,
        upto=known_by(reading.at, reading.actor, None if faults else last),
    )
    return query, log_filter, Errors(faults)


@router.get("/access-log")
def read_access_log(request: Request, reading: Reader) -> Response:
    require(reading.actor, "read-access-log")
    query, log_filter, errors = _filters_typed(reading, request)
    return _lines(
        reading,
        "/access-log",
        query,
        log_filter,
        errors,
        title="Access log",
        intro="Who looked at what, the latest first. That you read this page is noted too.",
        links=[("Unusual access, week by week", "/access-log/unusual")],
    )


@router.get("/account/accesses")
def read_my_accesses(request: Request, reading: Reader) -> Response:
    """What the reader themselves looked at: open to everybody."""
    query, log_filter, errors = _filters_typed(reading, request)
    query.pop("person", None)
    own = AccessLogFilter(
        person=reading.actor.person,
        subjects=log_filter.subjects,
        without=log_filter.without,
        what=log_filter.what,
        purpose=log_filter.purpose,
        since=log_filter.since,
        upto=log_filter.upto,
    )
    return _lines(
        reading,
        "/account/accesses",
        query,
        own,
        errors,
        title="What I looked at",
        intro="What you looked at in Caseloop, the latest first.",
        links=[],
    )


def _lines(
    reading: Reading,
    path: str,
    query: Mapping[str, str],
    log_filter: AccessLogFilter,
    errors: Errors,
    *,
    title: str,
    intro: str,
    links: list[tuple[str, str]],
) -> Response:
    cursor = reading.request.query_params.get("after", "")
    before = int(cursor) if cursor.isdecimal() and len(cursor) < 19 else None
    found = lines_found(
        reading.connection, reading.actor, log_filter, before=before, limit=PAGE + 1
    )
    detail = " ".join(f"{name}={value}" for name, value in query.items())
    reading.note("access-log", detail)
    lines, more = found[:PAGE], len(found) > PAGE
    rows = in_words(reading.connection, reading.actor, lines, reading.at.position)
    shown = replace(access_list(path, rows), title=title)
    if path != "/access-log":
        shown = replace(shown, file_name="")
    boxes = _boxes(reading, query, everybody=path == "/access-log")
    return reading.page(
        "lists/list.html",
        status=422 if errors else 200,
        title=title,
        wide=True,
        errors=errors,
        intro=intro,
        links=[*links, *([("From the latest", reading.link(path, query))] if before else [])],
        shown=drawn_page(
            reading,
            shown,
            ListRequest(query),
            Page(rows, next=str(lines[-1].id) if more else None),
            None,
            filters=boxes,
            chosen=_filter_words(query, boxes),
        ),
    )


def _boxes(reading: Reading, query: Mapping[str, str], *, everybody: bool) -> list[ShownFilter]:
    """What the log is narrowed by; what tells people apart only where there are several."""
    choices = {"what": ("What was done", {what.value: words for what, words in WORDS.items()})}
    if everybody:
        people = queries.everybody(
            reading.connection, with_departed=True, position=reading.at.position
        )
        choices = {
            "person": ("Person", {one.person: one.name for one in people}),
            "role": ("In which role", {role.value: role.label for role in Role}),
            **choices,
        }
    texts = {
        "child": ("Child reference", "The file and all its audits"),
        "subject": ("Subject", "As the log writes it, for example report:agreement"),
        "purpose": ("Words of the purpose", ""),
        "first": ("From the day", "For example, 1/4/2026"),
        "last": ("Until the day", "For example, 31/3/2027"),
    }
    return [
        *(
            ShownFilter(name, label, items=offered(known, query.get(name, "")))
            for name, (label, known) in choices.items()
        ),
        *(
            ShownFilter(name, label, "text", value=query.get(name, ""), hint=hint)
            for name, (label, hint) in texts.items()
        ),
    ]


def _filter_words(
    query: Mapping[str, str], boxes: Iterable[ShownFilter]
) -> list[tuple[str, str, str]]:
    """Each filter that is set: its name, its value in words, and its key."""
    found = []
    for box in boxes:
        if box.key in query:
            words = {item["value"]: item["text"] for item in box.items}
            found.append((box.label, words.get(query[box.key], query[box.key]), box.key))
    return found


@router.get("/access-log/export.{kind}")
def take_out_access_log(request: Request, reading: Reader, kind: ListFileKind) -> Response:
    require(reading.actor, "read-access-log")
    query, log_filter, errors = _filters_typed(reading, request)
    if errors:
        raise Refused("Enter real dates, like 31/3/2026.", code="date-impossible")
    detail = " ".join(f"{name}={value}" for name, value in query.items())
    reading.note("access-log", detail, what=What.EXPORT)
    listing = access_listing(
        reading,
        log_filter,
        filters=[
            (name, words)
            for name, words, _ in _filter_words(query, _boxes(reading, query, everybody=True))
        ],
    )
    return _file(listing, f"access-log-{reading.at.file_stamp}", kind)


def _file(listing: Listing, name: str, kind: ListFileKind) -> Response:
    return download(render_listing(listing, kind), f"{name}.{kind}")


@router.get("/access-log/unusual")
def read_unusual_access(request: Request, reading: PresentReader) -> Response:
    """One week's findings by rule, and the lines beneath the one that was chosen."""
    require(reading.actor, "read-access-log", Resource())
    errors = Errors()
    given = request.query_params
    try:
        monday = week_of(reading.services, day_typed(given.get("week", ""), field="week"))
    except Refused as refused:
        monday, errors = week_of(reading.services, None), Errors(refused.faults)
    report = unusual_access(reading.services, reading.connection, monday)
    rule, person = given.get("rule", ""), given.get("person", "")
    hidden = set(sealed_from(reading.connection, reading.actor))
    chosen = next((f for f in report.of(rule) if f.person == person), None)
    lines = [
        report.lines[line]
        for line in (chosen.lines if chosen else ())
        if report.lines[line].subject not in hidden
    ]
    detail = f"unusual access, week of {monday.isoformat()}"
    access_notes.note(reading.services, reading.actor, What.VIEW, "access-log", detail=detail)
    return reading.page(
        "access/unusual.html",
        status=422 if errors else 200,
        title="Unusual access",
        wide=True,
        as_at=None,
        errors=errors,
        report=report,
        rules=RULES,
        monday=monday,
        earlier=monday - timedelta(days=7),
        later=monday + timedelta(days=7) if monday + timedelta(days=7) <= reading.today else None,
        week=given.get("week", ""),
        chosen=chosen,
        lines=whole_table(
            reading,
            access_list("/access-log", in_words(reading.connection, reading.actor, lines, None)),
        ),
        left_out=len(chosen.lines) - len(lines) if chosen else 0,
    )


@router.get("/access-log/unusual.csv")
def take_out_unusual_access(request: Request, reading: PresentReader) -> Response:
    require(reading.actor, "read-access-log", Resource())
    week = day_typed(request.query_params.get("week", ""), field="week")
    monday = week_of(reading.services, week)
    detail = f"unusual access, week of {monday.isoformat()}"
    access_notes.note(reading.services, reading.actor, What.EXPORT, "access-log", detail=detail)
    report = unusual_access(reading.services, reading.connection, monday)
    by = queries.names(reading.connection, [reading.actor.person])
    listing = unusual_listing(
        reading.services,
        report,
        by=by.get(reading.actor.person, reading.actor.person),
        head=reading.at.shown,
    )
    return _file(listing, f"unusual-access-{monday.isoformat()}", "csv")
