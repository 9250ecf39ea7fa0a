"""What waits about practitioners' responses: facts that they dispute."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy.engine import Connection

from api.web.waiting import Ask, HomeNumber, Task
from projections.audits import part_queries
from projections.audits import queries as audit_queries
from projections.practitioners import queries as practitioner_queries
from qa.authorisation.policy import can, reach
from qa.core.clock import civil_day, from_microseconds
from qa.core.words import Role


def responses_waiting(ask: Ask) -> Iterator[Task]:
    """Disputed facts, for the auditor and for the QA leads of the part of the council."""
    if not (ask.actor.has(Role.AUDITOR) or ask.actor.has(Role.QA_LEAD)):
        return
    position = ask.at.position
    rows = practitioner_queries.waiting(ask.connection, position=position)[: ask.limit]
    views = audit_queries.outlines(ask.connection, [row.audit for row in rows], position=position)
    for row in rows:
        view = views.get(row.audit)
        if view is None or not can(ask.actor, "answer-fact-dispute", view.resource).allowed:
            continue
        own = view.row.auditor == ask.actor.person
        yield Task(
            kind="answer-fact-dispute",
            title="Disputed statement to answer",
            thing=f"response:{row.audit}",
            href=f"/audits/{row.audit}",
            hand_over=f"/audits/{row.audit}",
            whose="own" if own else "shared",
            audit=row.audit,
            reference=view.row.reference,
            child=view.row.child,
            team=view.row.team,
            team_name=view.row.team_name,
            due_on=civil_day(from_microseconds(row.said_us)),
            opened=view.row.opened,
        )


def holders(connection: Connection, people: Collection[str], position: int | None) -> set[str]:
    """Those of the people whose audits have a disputed fact that nobody answered."""
    waiting = practitioner_queries.waiting(connection, position=position)
    audits = {row.audit for row in waiting}
    parts = part_queries.whose(connection, audits).values()
    return {row.auditor for row in parts} & set(people)


def practitioner_numbers(ask: Ask) -> Iterator[HomeNumber]:
    """How many audits of their own cases a practitioner can read."""
    if not can(ask.actor, "read-own-cases").allowed:
        return
    rows = audit_queries.released_to(ask.connection, reach(ask.actor), position=ask.at.position)
    yield HomeNumber(
        80,
        "Audits of your cases",
        "Finished audits of your present and past cases.",
        len(rows),
        "/own-audits",
    )


AREA = responses_waiting
HOLDERS = holders
HOME = practitioner_numbers
