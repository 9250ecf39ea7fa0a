"""Moderations and disputes of the parts of the council that a QA lead runs, by state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import SomeoneSignedIn
from api.pages.changes import Served
from api.pages.kit.paging import Page, pagination
from api.pages.kit.templates import render
from api.pages.moderation_view import due_words
from api.services import Services
from projections import case_audits, people
from projections.case_audits import DISPUTE_STATES, STATES
from qa.policy import reach, require
from qa.words import Actor

router = APIRouter(include_in_schema=False)
PAGE = 50


def _cursor(text: str) -> tuple[str, int] | None:
    """The cursor in an address; anything else begins at the start."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.(\d{1,18})", text)
    return (found[1], int(found[2])) if found else None


def _page(
    request: Request,
    services: Services,
    actor: Actor,
    *,
    template: str,
    title: str,
    path: str,
    states: Mapping[str, str],
    state: str,
    after: str,
) -> Response:
    today = services.desk.today()
    within = reach(actor)
    with services.store.reading() as connection:
        counts = case_audits.moderation_counts(connection, within, today)
        found = case_audits.moderations(
            connection, within, state, today, after=_cursor(after), limit=PAGE
        )
        mentioned = [
            person
            for row in found.rows
            for person in (row["moderator"], row["decider"], row["auditor"])
            if person
        ]
        names = people.names(connection, mentioned)
    rows: list[Mapping[str, Any]] = [
        {
            **row,
            "due": due_words(row["waits_until"], today),
            "overdue": bool(row["waits_until"]) and row["waits_until"] < today.isoformat(),
        }
        for row in found.rows
    ]
    cursor = None if found.next is None else f"{found.next[0]}.{found.next[1]}"
    return render(
        request,
        template,
        title=title,
        tabs=[
            {
                "text": f"{words} ({counts[code]})",
                "href": f"{path}?{urlencode({'state': code})}",
                "active": code == state,
            }
            for code, words in states.items()
        ],
        state=state,
        heading=states[state],
        rows=rows,
        names=names,
        pages=pagination(Page(rows, cursor), path, {"state": state}),
        wide=True,
    )


@router.get("/moderations")
def moderations(
    request: Request,
    services: Served,
    signed: SomeoneSignedIn,
    state: str = "to-assign",
    after: str = "",
) -> Response:
    """Moderations to assign, assigned, overdue and differing, with their counts."""
    require(signed.actor, "assign-moderation")
    return _page(
        request,
        services,
        signed.actor,
        template="moderation/list.html",
        title="Moderations",
        path="/moderations",
        states=STATES,
        state=state if state in STATES else "to-assign",
        after=after,
    )


@router.get("/disputes")
def disputes(
    request: Request,
    services: Served,
    signed: SomeoneSignedIn,
    state: str = "open",
    after: str = "",
) -> Response:
    """Disputes that are open, the most overdue first, and those that are settled."""
    require(signed.actor, "assign-dispute")
    return _page(
        request,
        services,
        signed.actor,
        template="moderation/disputes.html",
        title="Disputes",
        path="/disputes",
        states=DISPUTE_STATES,
        state=state if state in DISPUTE_STATES else "open",
        after=after,
    )
