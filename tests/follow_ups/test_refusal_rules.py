"""What a follow-up refuses about its owner and its plan."""

from __future__ import annotations

from dataclasses import replace

from qa.follow_ups import decisions
from qa.follow_ups.commands import AgreeFollowUpPlan, EscalateFollowUp
from qa.follow_ups.events import FollowUpStage
from qa.follow_ups.state import FollowUp
from tests.support.given import codes_of

ESCALATED = FollowUp("a1", "C-1", FollowUpStage.ESCALATED, 1, "p-head")


def test_a_follow_up_is_handed_to_another() -> None:
    def escalate(state: FollowUp, owner: str) -> list[str]:
        command = EscalateFollowUp(audit="a1", owner=owner)
        return codes_of(lambda: decisions.escalate(state, command, blind=()))

    assert escalate(ESCALATED, "p-head") == ["owner-same"]
    assert escalate(ESCALATED, "p-other") == []
    planned = replace(ESCALATED, stage=FollowUpStage.PLANNED)
    assert escalate(planned, "p-other") == []


def test_a_plan_has_a_length() -> None:
    def agree(plan: str, state: FollowUp = ESCALATED) -> list[str]:
        command = AgreeFollowUpPlan(audit="a1", actions=("x1",), plan=plan)
        return codes_of(lambda: decisions.agree_plan(state, command, of_audit=["x1"]))

    for stage in (FollowUpStage.RECORDED, FollowUpStage.PLANNED):
        assert agree("Visit weekly.", replace(ESCALATED, stage=stage)) == ["not-now"]

    assert agree("x" * 5000) == []
    assert agree("x" * 5001) == ["plan-long"]
