"""Moderations and disputes of the parts of the council that a QA lead runs, by state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.moderation.reading import due_words
from api.navigation import NavigationItem
from api.web.context import Reader, Reading
from api.web.paging import Page, pagination
from projections.audits import moderation_lists
from projections.audits.moderation_lists import DISPUTE_STATES, STATES
from projections.people import queries
from qa.authorisation.policy import require

router = APIRouter(include_in_schema=False)
NAVIGATION = NavigationItem("Moderations", "/moderations", 100, "assign-moderation")
PAGE = 50


def _cursor(text: str) -> tuple[str, int] | None:
    """The cursor in an address; anything else begins at the start."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.(\d{1,18})", text)
    return (found[1], int(found[2])) if found else None


def _page(
    reading: Reading,
    *,
    template: str,
    title: str,
    path: str,
    states: Mapping[str, str],
    state: str,
    after: str,
) -> Response:
    connection, within, today = reading.connection, reading.reach, reading.at.on
    position = reading.at.position
    counts = moderation_lists.moderation_counts(connection, within, today, position=position)
    found = moderation_lists.moderations(
        connection, within, state, today, position=position, after=_cursor(after), limit=PAGE
    )
    mentioned = [
        person
        for one in found.rows
        for person in (one.row.moderator, one.row.decider, one.row.auditor)
        if person
    ]
    names = queries.names(connection, mentioned, position=position)
    rows: list[Mapping[str, Any]] = [
        {
            **one.row._asdict(),
            "judgement_sealed": one.row.judgement_sealed,
            "waits_until": one.waits_until,
            "blind": one.blind,
            "unblinded": one.unblinded,
            "due": due_words(one.waits_until, today),
            "overdue": one.waits_until is not None and one.waits_until < today.isoformat(),
        }
        for one in found.rows
    ]
    cursor = None if found.next is None else f"{found.next[0]}.{found.next[1]}"
    return reading.page(
        template,
        title=title,
        tabs=[
            {
                "text": f"{words} ({counts[code]})",
                "href": reading.link(path, {"state": code}),
                "active": code == state,
            }
            for code, words in states.items()
        ],
        state=state,
        heading=states[state],
        rows=rows,
        names=names,
        pages=pagination(Page(rows, cursor), path, {"state": state, **reading.moment}),
        wide=True,
    )


@router.get("/moderations")
def moderations(reading: Reader, state: str = "to-assign", after: str = "") -> Response:
    """Moderations to assign, assigned, overdue and differing, with their counts."""
    require(reading.actor, "assign-moderation")
    return _page(
        reading,
        template="moderation/list.html",
        title="Moderations",
        path="/moderations",
        states=STATES,
        state=state if state in STATES else "to-assign",
        after=after,
    )


@router.get("/disputes")
def disputes(reading: Reader, state: str = "open", after: str = "") -> Response:
    """Disputes that are open, the most overdue first, and those that are settled."""
    require(reading.actor, "assign-dispute")
    return _page(
        reading,
        template="moderation/disputes.html",
        title="Disputes",
        path="/disputes",
        states=DISPUTE_STATES,
        state=state if state in DISPUTE_STATES else "open",
        after=after,
    )
