"""What waits about inadequate audits: escalating, planning, doing, and judging them again."""

from __future__ import annotations

from collections.abc import Iterator

from api.follow_ups import reading
from api.follow_ups.listing import without_plan
from api.web.waiting import Ask, HomeNumber, Task, iso_day
from projections.follow_ups.queries import holders
from projections.people import queries as people_queries
from qa.authorisation.policy import can
from qa.core.carry import carry
from qa.core.words import Resource, Role
from qa.follow_ups.words import OWED


def follow_ups_waiting(ask: Ask) -> Iterator[Task]:
    """What the head of service of a follow-up owes; unescalated ones wait for the QA leads."""
    if not (ask.actor.has(Role.QA_LEAD) or ask.actor.has(Role.MODERATOR)):
        return
    named = people_queries.places(ask.connection, position=ask.at.position)
    for one in reading.listed(ask, running=True)[: ask.limit]:
        if one.owed is None:
            continue
        row, (step, by) = one.row, one.owed
        own = row.owner == ask.actor.person
        where = Resource(service=row.service, team=row.team, submitted=True)
        leads = row.owner is None and ask.actor.has(Role.QA_LEAD)
        if not own and not (leads and can(ask.actor, "run-follow-up", where).allowed):
            continue
        yield carry(
            Task,
            row,
            kind=f"follow-up-{step}",
            title=f"Inadequate audit: {OWED[step].lower()}",
            thing=f"follow-up:{row.audit}",
            href=f"/audits/{row.audit}/follow-up",
            in_bulk=own,
            hand_over=f"/audits/{row.audit}/follow-up/escalate",
            hand_over_needs=("run-follow-up", where),
            whose="own" if own else "leads",
            team_name=named.get(row.team, (row.team, ""))[0],
            due_on=iso_day(by),
        )


def follow_up_numbers(ask: Ask) -> Iterator[HomeNumber]:
    """Inadequate audits without a plan, for those who escalate them and those who plan."""
    if not (ask.actor.has(Role.QA_LEAD) or ask.actor.has(Role.MODERATOR)):
        return
    if not can(ask.actor, "read-report").allowed:
        return
    rows = reading.listed(ask)
    yield HomeNumber(
        50,
        "Inadequate audits without a plan",
        "Nobody has agreed yet what is done about them.",
        sum(map(without_plan, rows)),
        "/follow-ups?plan=none",
        alert=True,
    )


AREA = follow_ups_waiting
HOLDERS = holders
HOME = follow_up_numbers
