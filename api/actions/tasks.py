"""What waits about actions: one's own, evidence to check, impact to look for."""

from __future__ import annotations

from collections.abc import Iterator

from api.actions import reading
from api.web.waiting import Ask, HomeNumber, Task, iso_day
from projections.actions.queries import ActionFilter
from projections.actions.worklist import holders
from projections.audits import queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can
from qa.core.words import Resource, Role

_OWNERS = frozenset({"accept-action", "action"})


def actions_waiting(ask: Ask) -> Iterator[Task]:
    """The actions that wait for this person; where its audit is not shown to them in passing, an
    action has no text here."""
    items = reading.worklist(ask, ask.day, limit=ask.limit)
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
            hand_over_needs=("run-action", Resource(service=row.service, team=row.team)),
            details={"action": row.action, "text": row.text or None},
        )


def action_numbers(ask: Ask) -> Iterator[HomeNumber]:
    """Overdue actions for everybody who sees actions; effects for those who see them checked."""
    own = Resource(person=ask.actor.person, somewhere=True)
    if not can(ask.actor, "read-action", own).allowed:
        return

    def count(wanted: ActionFilter) -> int:
        return reading.counted(ask, wanted)

    yield HomeNumber(
        60,
        "Overdue actions",
        "Open actions that you may see, past the date they are due.",
        count(ActionFilter(late_on=ask.day)),
        "/actions?view=overdue",
        alert=True,
    )
    if ask.actor.has(Role.QA_LEAD) or ask.actor.has(Role.MODERATOR):
        yield HomeNumber(
            70,
            "Effects not yet checked",
            "Actions that are done, where it can now be seen whether they made a difference.",
            count(ActionFilter(verifiable_on=ask.day)),
            "/actions?view=impact",
        )


AREA = actions_waiting
HOLDERS = holders
HOME = action_numbers
