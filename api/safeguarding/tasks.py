"""What waits about safeguarding concerns: telling a manager, and acknowledging."""

from __future__ import annotations

from collections.abc import Iterator

from api.safeguarding import reading
from api.web.waiting import Ask, Task
from projections.people import queries as people_queries
from projections.safeguarding.queries import holders
from qa.core.clock import civil_day, from_microseconds


def concerns_waiting(ask: Ask) -> Iterator[Task]:
    """Concerns that this person raised and told nobody of, or was told of and has not acknowledged.

    They say nothing of the child but the reference.
    """
    rows = [
        row
        for row in reading.listed(ask, waiting=True)
        if ask.actor.person in row.told_people
        or (not row.told_people and ask.actor.person == row.raised_by)
    ][: ask.limit]
    if not rows:
        return
    named = people_queries.places(ask.connection, position=ask.at.position)
    for row in rows:
        untold = not row.told_people
        by = row.acknowledge_by_us or row.raised_us
        yield Task(
            kind="tell-manager" if untold else "acknowledge-concern",
            title="Manager to tell of a concern" if untold else "Concern to acknowledge",
            thing=f"safeguarding:{row.audit}",
            href=f"/audits/{row.audit}/concerns/{row.concern}",
            hand_over=f"/audits/{row.audit}/concerns/{row.concern}/tell",
            known_with=row.audit,
            reference=row.reference,
            child=row.child,
            team=row.team,
            team_name=named.get(row.team, (row.team, ""))[0],
            due_on=civil_day(from_microseconds(by)),
            opened=row.opened,
            details={"concern": row.concern},
        )


AREA = concerns_waiting
HOLDERS = holders
