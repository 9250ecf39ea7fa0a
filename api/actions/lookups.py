"""What commands ask across streams about actions, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.engine import Connection

from projections.actions import queries
from qa.actions.states import ActionState


def actions_of_audit(connection: Connection, audit: str) -> Sequence[str]:
    gone = ActionState.NO_LONGER_APPLICABLE.value
    found = queries.of_audit(connection, audit)
    return [row.action for row in found if row.state != gone]


def loop_last_closed(
    connection: Connection, *, team: str, domain: str, but_of: str, again: str, finding: str
) -> str | None:
    if again and len(queries.chain(connection, again)) > 1:
        return None
    if queries.reopened_by(connection, team, domain, finding):
        return None
    return queries.loop_last_closed(connection, team, domain, but_of=but_of)


LOOKUPS: Mapping[str, Callable[..., object]] = {
    "actions_of_audit": actions_of_audit,
    "open_actions_of": queries.open_of_team,
    "owns_open_action": queries.owns_open,
    "loop_last_closed": loop_last_closed,
}
