"""What waits about case audits and their moderations."""

from __future__ import annotations

from collections.abc import Iterator

from api.web.waiting import Ask, Task, iso_day
from projections.audits import queries, worklist
from qa.authorisation.policy import reach

_FOR_LEADS = frozenset({"assign-moderation", "assign-dispute", "finalise"})
_PLACES = {
    "audit": "/audits/{audit}/write",
    "returned": "/audits/{audit}/write",
    "finalise": "/audits/{audit}/finalise",
}


def audits_waiting(ask: Ask) -> Iterator[Task]:
    """Audits to make, moderations, differences and disputes; of a sealed audit nothing more than
    is open to somebody who moderates it blind."""
    sealed = queries.sealed_for(ask.connection, ask.actor)
    items = worklist.worklist(
        ask.connection, reach(ask.actor), position=ask.at.position, limit=ask.limit
    )
    for item in items:
        row = item.row
        yield Task(
            kind=item.kind,
            title=item.title,
            thing=f"case-audit:{row['audit']}",
            href=_PLACES.get(item.kind, "/audits/{audit}/moderation").format(audit=row["audit"]),
            whose="leads" if item.kind in _FOR_LEADS else "own",
            audit=row["audit"],
            reference=row["reference"],
            child=row["child"],
            team=row["team"],
            team_name=row["team_name"],
            due_on=iso_day(item.due_on),
            opened=row["opened"],
            details={
                "moderation": row["moderation"],
                "judgement_sealed": row["audit"] in sealed,
            },
        )


AREA = audits_waiting
