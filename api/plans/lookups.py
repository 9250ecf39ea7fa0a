"""What commands ask across streams about improvement plans, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from projections.plans import queries


def plan_action_with_reference(connection: Connection, plan: str, reference: str) -> str | None:
    return queries.action_with_reference(connection, plan, reference)


def plan_actions_open(connection: Connection, plan: str, part: str | None = None) -> int:
    return queries.actions_open(connection, plan, part)


LOOKUPS = (plan_action_with_reference, plan_actions_open)
