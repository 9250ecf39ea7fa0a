"""Search: references, children and everything written, within the reader's reach."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup, escape
from starlette.responses import Response

from api.navigation import NavigationItem
from api.web import access_notes
from api.web.context import Reader
from api.web.forms import Errors
from api.web.paging import Page, pagination
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.tables import AuditRow
from projections.search import queries as search_queries
from projections.search import tables
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import Fault
from qa.core.event_words import label

router = APIRouter()
NAVIGATION = NavigationItem("Search", "/search", 160, "search")

MOST = 50
AROUND = 160
"""Characters of a text shown on either side of the first word found."""


def excerpt(text: str, stems: Sequence[str]) -> Markup:
    """The part of a text round the first word found, every word found marked."""

    def hit(word: str) -> bool:
        folded = tables.fold(word)
        return any(stem in folded for stem in stems)

    words = [m for m in re.finditer(r"\w+", text) if hit(m[0])]
    first = words[0].start() if words else 0
    start, end = max(0, first - AROUND), min(len(text), first + AROUND)
    shown, at = Markup("… ") if start else Markup(""), start
    for word in words:
        if word.start() < at or word.end() > end:
            continue
        shown += escape(text[at : word.start()])
        shown += Markup('<mark class="app-mark">{}</mark>').format(word[0])
        at = word.end()
    return shown + escape(text[at:end]) + (Markup(" …") if end < len(text) else Markup(""))


@router.get("/search")
def search(request: Request, reading: Reader, q: str = "") -> Response:
    actor, connection, at = reading.actor, reading.connection, reading.at
    require(actor, "search")
    typed = q.strip()
    shown: Mapping[str, Any] = {"records": [], "texts": [], "pages": None}
    faults = list(reading.wrong.faults)
    if "q" in request.query_params and len(typed) < 2:
        faults.append(Fault("q", "query-short", "Enter two letters or more to search for."))
    elif len(typed) > 200:
        faults.append(Fault("q", "query-long", "Search for 200 characters or fewer."))
    elif typed:
        sealed = audit_queries.hidden_for(connection, reading.reach)
        after = request.query_params.get("after", "")
        before = int(after) if after.isdecimal() and len(after) < 19 else None
        found = search_queries.find(
            connection,
            reading.reach,
            typed,
            sealed=sealed,
            position=at.position,
            before=before,
            limit=MOST,
        )
        records = search_queries.find_record(
            connection, reading.reach, typed, sealed=sealed, position=at.position
        )
        access_notes.note(reading.services, actor, What.SEARCH, "search", at=at)
        tools = {
            audit: tool_queries.definition(
                connection, row.tool, row.tool_version, position=at.position
            )
            for audit, row in _rows(reading, {t["audit"] for t in found}).items()
        }
        stems = search_queries.stems(typed)
        page = Page(found, next=str(found[-1]["opened"]) if len(found) >= MOST else None)
        shown = {
            "records": [] if before else records,
            "texts": [
                {
                    "audit": one["audit"],
                    "reference": one["reference"],
                    "child": one["child"],
                    "field": label(one["field"], tools.get(one["audit"])),
                    "excerpt": excerpt(one["text"], stems),
                }
                for one in found
            ],
            "pages": pagination(page, "/search", {"q": typed, **reading.moment}),
        }
    return reading.page(
        "search/search.html",
        status=422 if faults else 200,
        title=f"Search: {typed}" if typed else "Search",
        errors=Errors(faults),
        q=q,
        searched=bool(typed) and not faults,
        **shown,
    )


def _rows(reading: Any, audits: set[str]) -> dict[str, AuditRow]:
    found: dict[str, AuditRow] = {}
    for audit in sorted(audits):
        view = audit_queries.audit(reading.connection, audit, position=reading.at.position)
        if view is not None:
            found[audit] = view.row
    return found
