"""What waits about supervision: sessions owed, checks to make and to moderate, feedback to give.

Neither of the two is named: what waits goes out in notices too. The page says who they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.supervision import reading
from api.web.waiting import Ask, Task, iso_day
from projections.people import queries as people_queries
from projections.supervision.tables import SupervisionCheckRow
from projections.supervision.worklist import holders
from qa.core.words import Resource

_HANDED_OVER = {
    "session": "/supervision/{}/end",
    "check": "/supervision-checks/{}/cancel",
    "check-moderation": "/supervision-checks/{}/moderator",
    "check-feedback": "/supervision-checks/{}/feedback",
}
"""The pair, or the check, begins anew with somebody else; a lead gives feedback too. All of it is
for leads: managers run no supervision but their own."""


def supervision_waits(ask: Ask) -> Iterator[Task]:
    """The sessions and checks that wait for this person by name; no deputy does them."""
    items = reading.worklist(ask, ask.day)
    named = people_queries.places(ask.connection, position=ask.at.position) if items else {}
    for item in items:
        row = item.row
        session = not isinstance(row, SupervisionCheckRow)
        key = row.check if isinstance(row, SupervisionCheckRow) else row.pair
        yield Task(
            kind=item.kind,
            title=item.title,
            thing=f"{'supervision' if session else 'supervision-check'}:{key}",
            href=f"/{'supervision' if session else 'supervision-checks'}/{key}",
            hand_over=_HANDED_OVER[item.kind].format(key),
            hand_over_needs=("run-checks", Resource(service=row.service, team=row.team)),
            team=row.team,
            team_name=named.get(row.team, (row.team, ""))[0],
            due_on=iso_day(item.due_on),
            opened=row.opened,
        )


AREA = supervision_waits
HOLDERS = holders
