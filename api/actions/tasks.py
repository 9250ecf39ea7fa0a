"""What waits about actions: one's own, evidence to check, impact to look for."""

from __future__ import annotations

from collections.abc import Iterator

from api.actions import reading
from api.web.waiting import Ask, Task, iso_day
from projections.actions.worklist import holders
from projections.audits import queries
from projections.people import queries as people_queries

_OWNERS = frozenset({"accept-action", "action"})


def actions_waiting(ask: Ask) -> Iterator[Task]:
    """The actions that wait for this person; where its audit is not shown to them in passing, an
    action has no text here."""
    items = reading.worklist(ask.connection, ask.actor, ask.at, ask.day, limit=ask.limit)
    if not items:
        return
    references = queries.references(ask.connection, {i.row.audit for i in items} - {""})
    named = people_queries.places(ask.connection, position=ask.at.position)
    for item in items:
        row = item.row
        yield Task(
            kind=item.kind,
            title=item.title,
            thing=f"action:{row.action}",
            href=f"/actions/{row.action}",
            whose="own" if item.kind in _OWNERS else "shared",
            audit=row.audit,
            reference=references.get(row.audit, ""),
            child=row.child,
            team=row.team,
            team_name=named.get(row.team, (row.team, ""))[0],
            due_on=iso_day(item.due_on),
            opened=row.opened,
            deputised=item.kind in _OWNERS,
            in_bulk=item.kind in _OWNERS,
            hand_over=f"/actions/{row.action}/transfer",
            details={"action": row.action, "text": row.text or None},
        )


AREA = actions_waiting
HOLDERS = holders
