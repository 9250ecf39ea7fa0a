"""Lists hold what the policy table lets be read: the SQL of a reach, held against the decision."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select

from projections.audits.queries import AuditView, visible
from projections.audits.tables import audit_row
from projections.core.base import OPEN
from qa.authorisation.policy import can, reach
from qa.core.words import Actor, AuditStatus, Grant, ModerationStatus, Role, Scope

SINCE = date(2020, 1, 1)
PEOPLE = ["p1", "p2", None]
scopes = st.sampled_from(
    [Scope(), *(Scope(kind="team", code=one) for one in ("east", "west")),
     *(Scope(kind="service", code=one) for one in ("safeguarding", "care"))]
)  # fmt: skip
grants = st.builds(lambda role, scope: Grant(role=role, scope=scope, since=SINCE),
                   st.sampled_from(list(Role)), scopes)  # fmt: skip
rows = st.fixed_dictionaries(
    {
        "team": st.sampled_from(["east", "west", "north"]),
        "service": st.sampled_from(["safeguarding", "care"]),
        "auditor": st.sampled_from(["p1", "p2"]),
        "moderator": st.sampled_from(PEOPLE),
        "decider": st.sampled_from(PEOPLE),
        "status": st.sampled_from([one.value for one in AuditStatus]),
        "overall": st.sampled_from([None, "good"]),
    }
)


def _row(number: int, drawn: dict[str, Any]) -> dict[str, Any]:
    empty: dict[str, Any] = {
        column.name: None if column.nullable else 0 if column.type.python_type is int else ""
        for column in audit_row.columns
    }
    known = {"audit": f"a{number}", "valid_from": 1, "began_by": json.dumps([drawn["auditor"]])}
    return {**empty, **known, **drawn, "valid_to": OPEN}


@for_all(st.lists(grants, max_size=4), st.lists(rows, min_size=1, max_size=6))
def test_a_list_holds_exactly_what_the_table_lets_be_read(
    held: list[Grant], drawn: list[dict[str, Any]]
) -> None:
    actor = Actor("p1", tuple(held))
    made = [_row(number, one) for number, one in enumerate(drawn)]
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        audit_row.create(connection)
        connection.execute(insert(audit_row), made)
        listed = connection.execute(select(audit_row.c.audit).where(visible(reach(actor))))
        found = set(listed.scalars())
    engine.dispose()
    for one in made:
        moderation = {
            "moderator": one["moderator"],
            "decider": one["decider"],
            "status": ModerationStatus.AGREED.value,
            "blind": 0,
            "unblinded": 1,
        }
        resource = AuditView(one, None, None, frozenset(), [moderation]).resource
        assert (one["audit"] in found) == can(actor, "read-audit", resource).allowed, one
