"""What waits about case audits and their moderations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from api.web.waiting import Ask, HomeNumber, Task, iso_day
from projections.audits import moderation_lists, queries, worklist
from qa.authorisation.policy import can, reach
from qa.core.carry import carry
from qa.core.words import Resource

_MODERATION = "/audits/{audit}/moderation"
_FOR_LEADS = frozenset({"assign-moderation", "assign-dispute", "finalise"})
_HANDED_OVER = {
    "audit": "/audits/{audit}/reassign",
    "returned": "/audits/{audit}",
    "moderation": "/audits/{audit}/moderation/assign",
    "dispute": "/audits/{audit}/moderation/decider",
}
"""A returned audit is withdrawn and allocated anew, because nobody else can answer for what was
found; a difference is settled by the other side, or becomes a dispute."""
_NEEDS = {
    "audit": "reassign-audit",
    "moderation": "assign-moderation",
    "dispute": "assign-dispute",
}
_IN_BULK = frozenset(_NEEDS)
_PLACES = {
    "audit": "/audits/{audit}/write",
    "returned": "/audits/{audit}/write",
    "finalise": "/audits/{audit}/finalise",
}
_READ = dict.fromkeys({*_PLACES, *_NEEDS}, "/audits/{audit}")


def _address(places: Mapping[str, str], kind: str, audit: str) -> str:
    return places.get(kind, _MODERATION).format(audit=audit)


def audits_waiting(ask: Ask) -> Iterator[Task]:
    """Audits to make, moderations, differences and disputes; of a sealed audit nothing more than
    is open to somebody who moderates it blind."""
    sealed = queries.sealed_for(ask.connection, ask.actor)
    # Of the past nothing is written: it leads to what was there to read.
    places, handed_over = (_READ, _READ) if ask.at.is_past else (_PLACES, _HANDED_OVER)
    items = worklist.worklist(
        ask.connection, reach(ask.actor), position=ask.at.position, limit=ask.limit
    )
    for item in items:
        row = item.row
        yield carry(
            Task,
            row,
            kind=item.kind,
            title=item.title,
            thing=f"case-audit:{row.audit}",
            href=_address(places, item.kind, row.audit),
            in_bulk=item.kind in _IN_BULK,
            hand_over=_address(handed_over, item.kind, row.audit),
            hand_over_needs=(needs, Resource(service=row.service, team=row.team))
            if (needs := _NEEDS.get(item.kind))
            else None,
            whose="leads" if item.kind in _FOR_LEADS else "own",
            due_on=iso_day(item.due_on),
            details={
                "moderation": row.moderation,
                "judgement_sealed": row.audit in sealed,
            },
        )


def moderation_numbers(ask: Ask) -> Iterator[HomeNumber]:
    """Moderations without a moderator, and audits whose two grades differ."""
    if not can(ask.actor, "assign-moderation").allowed:
        return
    waiting = moderation_lists.moderations(
        ask.connection, reach(ask.actor), ask.day, position=ask.at.position
    )
    counts = Counter(state for one in waiting for state in one.states)
    yield HomeNumber(
        30,
        "Moderations to assign",
        "Audits selected for moderation that have no moderator yet.",
        counts["to-assign"],
        "/moderations?state=to-assign",
    )
    yield HomeNumber(
        40,
        "Grades that differ",
        "Auditor and moderator gave different grades and have not settled it.",
        counts["differs"],
        "/moderations?state=differs",
    )


AREA = audits_waiting
HOLDERS = worklist.holders
HOME = moderation_numbers
