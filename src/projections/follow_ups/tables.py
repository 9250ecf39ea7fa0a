"""The read rows of follow-ups, and the clocks in force."""

from __future__ import annotations

from typing import NamedTuple

from projections.core.policy_table import policy_table
from projections.core.typed_rows import JsonText, Position, ReadTable, texts


class FollowUpRow(NamedTuple):
    """One follow-up. Dates are ISO text; `since` is the day on which the round began."""

    audit: str
    stream_version: int
    opened: Position
    reference: str
    child: str
    team: str
    service: str
    grade: str
    stage: str
    round: int
    since: str
    escalate_by: str
    plan_by: str
    actions_by: str
    re_audit_by: str
    owner: str | None = None
    escalated_on: str | None = None
    planned_on: str | None = None
    plan: str | None = None
    actions: JsonText = JsonText("[]")
    re_audit: str | None = None
    re_audit_reference: str | None = None
    over_on: str | None = None
    cause: str | None = None

    @property
    def planned_actions(self) -> tuple[str, ...]:
        return texts(self.actions)


FOLLOW_UPS = ReadTable(
    FollowUpRow,
    "follow_up_row",
    key=("audit",),
    indexes=(("opened",),),
    open_indexes=(("stage", "owner"),),
)
follow_up_row = FOLLOW_UPS.table
follow_up_policy = policy_table("follow_up_policy")
