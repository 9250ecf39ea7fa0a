"""What a follow-up refuses about its owner and its plan."""

from __future__ import annotations

from dataclasses import replace

from qa.follow_ups import decisions
from qa.follow_ups.decisions import LONGEST, FollowUp
from qa.follow_ups.events import FollowUpStage
from tests.support.given import codes_of

ESCALATED = FollowUp("a1", "C-1", FollowUpStage.ESCALATED, 1, "p-head")


def test_a_follow_up_is_handed_to_another() -> None:
    def escalate(state: FollowUp, owner: str) -> list[str]:
        return codes_of(lambda: decisions.escalate(state, owner=owner, blind=()))

    assert escalate(ESCALATED, "p-head") == ["owner-same"]
    assert escalate(ESCALATED, "p-other") == []
    planned = replace(ESCALATED, stage=FollowUpStage.PLANNED)
    assert escalate(planned, "p-other") == ["not-now"]


def test_a_plan_has_a_length() -> None:
    def agree(plan: str) -> list[str]:
        return codes_of(
            lambda: decisions.agree_plan(ESCALATED, actions=["x1"], of_audit=["x1"], plan=plan)
        )

    assert agree("x" * LONGEST) == []
    assert agree("x" * (LONGEST + 1)) == ["plan-long"]
