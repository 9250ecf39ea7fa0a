"""Your work: what waits for the reader, by due date."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api import actions
from api.action_listing import places
from api.pages.kit.context import Reader, Reading
from projections import case_audits, learning, people
from projections.case_audits import Item
from qa.policy import can
from qa.words import Role

router = APIRouter()

_FOR_LEADS = frozenset({"assign-moderation", "assign-dispute", "finalise"})
_PLACES = {
    "audit": "/audits/{audit}/write",
    "returned": "/audits/{audit}/write",
    "finalise": "/audits/{audit}/finalise",
}


def _shown(item: Item, reading: Reading) -> dict[str, Any]:
    """What a line says. Of the audit only what is open to somebody who moderates it blind."""
    place = _PLACES.get(item.kind, "/audits/{audit}/moderation")
    row = item.row
    return {
        "title": item.title,
        "href": place.format(audit=row["audit"]),
        "reference": row["reference"],
        "child": row["child"],
        "team": row["team_name"],
        "due_on": item.due_on,
        "overdue": item.overdue(reading.at.on),
    }


def _of_actions(reading: Reading) -> list[dict[str, Any]]:
    """The lines of actions: one's own, evidence to check, impact to look for."""
    connection, at = reading.connection, reading.at
    items = actions.worklist(connection, reading.actor, at, at.on)
    references = case_audits.references(connection, {i.row["audit"] for i in items} - {""})
    named = places(connection, at)
    return [
        {
            "title": item.title,
            "href": f"/actions/{item.row['action']}",
            "reference": references.get(item.row["audit"], ""),
            "child": item.row["child"],
            "team": named.get(item.row["team"], (item.row["team"], ""))[0],
            "due_on": item.due_on,
            "overdue": item.overdue(at.on),
        }
        for item in items
    ]


@router.get("/")
def your_work(reading: Reader) -> Response:
    connection, actor = reading.connection, reading.actor
    items = case_audits.worklist(connection, reading.reach, position=reading.at.position)
    own = [_shown(item, reading) for item in items if item.kind not in _FOR_LEADS]
    own += _of_actions(reading)
    own.sort(key=lambda line: line["due_on"] or "9999")
    waiting = [_shown(item, reading) for item in items if item.kind in _FOR_LEADS]
    roles = list(dict.fromkeys(grant.role.label for grant in actor.grants))
    name = people.names(connection, [actor.person], position=reading.at.position).get(
        actor.person, ""
    )
    return reading.page(
        "work/yours.html",
        title="Your work",
        name=name,
        roles=roles,
        own=own,
        thanks=learning.thanks_to(connection, actor.person, position=reading.at.position),
        waiting=waiting,
        leads=actor.has(Role.QA_LEAD),
        reads=can(actor, "read-report").allowed,
        people=can(actor, "manage-people").allowed,
    )
