"""The page of the search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from fastapi import Request
from markupsafe import Markup, escape
from starlette.responses import Response

from api.navigation import NavigationItem, NavigationSection
from api.records.search_kinds import FoundHeading, searched_kinds
from api.search.endpoints import LONGEST_PLACE
from api.search.reading import FoundText, SearchAnswer, search
from api.web.context import Reader, Reading
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.paging import Page, pagination
from projections.search.tables import NAME, TITLE
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import Fault

router = PageRouter()
NAVIGATION = NavigationItem("Search", "/search", 160, NavigationSection.HOME, "search")

AROUND = 160
"""Characters of a text shown on either side of the first word found."""


def excerpt(text: str, marks: Sequence[tuple[int, int]]) -> Markup:
    """The part of a text round the first word found, every word found marked."""
    first = marks[0][0] if marks else 0
    start, end = max(0, first - AROUND), min(len(text), first + AROUND)
    shown, at = Markup("… ") if start else Markup(""), start
    for begin, until in marks:
        if begin < at or until > end:
            continue
        shown += escape(text[at:begin])
        shown += Markup('<mark class="app-mark">{}</mark>').format(text[begin:until])
        at = until
    return shown + escape(text[at:end]) + (Markup(" …") if end < len(text) else Markup(""))


def _results(
    answer: SearchAnswer, found: Iterable[FoundText]
) -> list[tuple[FoundHeading, list[Any]]]:
    """The records in the order in which they were found, each with the texts found together; a name
    or a title is told by the heading where that holds it."""
    results = []
    for heading, texts in groupby(found, lambda one: one.heading):
        excerpts = [
            (one.field, excerpt(one.row.text, answer.question.marks(one.row.text)))
            for one in texts
            if one.row.part not in (NAME, TITLE) or one.row.text not in heading.title
        ]
        results.append((heading, excerpts))
    return results


@router.get("/search")
def show_search(request: Request, reading: Reader, q: str = "") -> Response:
    require(reading.actor, "search")
    typed = q.strip()
    kind = request.query_params.get("kind", "")
    kind = kind if kind in searched_kinds() else ""
    faults = list(reading.wrong.faults)
    if "q" in request.query_params and len(typed) < 2:
        faults.append(Fault("q", "query-short", "Enter two letters or more to search for."))
    elif len(typed) > 200:
        faults.append(Fault("q", "query-long", "Search for 200 characters or fewer."))
    shown: dict[str, Any] = {"answer": None}
    if typed and not faults:
        shown = _found(reading, typed, kind, request.query_params.get("after", ""))
    return reading.page(
        "search/search.html",
        status=422 if faults else 200,
        title=f"Search: {typed}" if typed else "Search",
        errors=Errors(faults),
        q=q,
        kind=kind,
        **shown,
    )


def _found(reading: Reading, typed: str, kind: str, after: str) -> dict[str, Any]:
    place = int(after) if after.isdecimal() and len(after) < 17 else None
    answer = search(
        reading.connection,
        reading.actor,
        reading.at,
        typed,
        kinds=[kind] if kind else (),
        before=None if place is None else min(place, LONGEST_PLACE),
    )
    reading.note("search", what=What.SEARCH)
    page = Page(answer.found, next=None if answer.next is None else str(answer.next))
    return {
        "answer": answer,
        "exact": _results(answer, answer.exact),
        "found": _results(answer, answer.found),
        "narrowed": [
            (
                one,
                reading.link("/search", {"q": typed, "kind": "" if one.kind == kind else one.kind}),
                one.kind == kind,
            )
            for one in answer.counts
        ],
        "everything": reading.link("/search", {"q": typed}),
        "pages": pagination(page, "/search", {"q": typed, "kind": kind, **reading.moment}),
    }
