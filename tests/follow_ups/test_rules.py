"""The follow-up of an inadequate audit: escalated, planned, judged again, resolved or once more."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from qa.core import event as core_event
from qa.core.errors import NotFound, NotNow, Refused
from qa.follow_ups import decisions
from qa.follow_ups.clocks import DEFAULT_FOLLOW_UP_POLICY, clocks, set_follow_up_policy
from qa.follow_ups.commands import AgreeFollowUpPlan, EscalateFollowUp, SetFollowUpPolicy
from qa.follow_ups.events import FollowUpStage
from qa.follow_ups.state import FollowUp, evolve
from tests.support.given import codes_of, recorded

POLICY = DEFAULT_FOLLOW_UP_POLICY
DAY = date(2026, 3, 2)
OPENED = decisions.open_for(
    audit="a1",
    reference="CA-1",
    child="C-1",
    team="east",
    service="s",
    grade="inadequate",
    policy=POLICY,
    today=DAY,
)


def escalation(owner: str) -> EscalateFollowUp:
    return EscalateFollowUp(audit="a1", owner=owner)


def plan(text: str, *actions: str) -> AgreeFollowUpPlan:
    return AgreeFollowUpPlan(audit="a1", actions=actions, plan=text)


def next_policy(**change: int) -> SetFollowUpPolicy:
    return SetFollowUpPolicy.model_validate(
        {**POLICY.model_dump(exclude={"policy_version"}), **change}
    )


def test_the_clocks_know_weekends_bank_holidays_and_the_spring_change() -> None:
    # Thursday before Easter 2026: Good Friday and Easter Monday are no working days.
    found = clocks(POLICY, date(2026, 4, 2))
    assert found.escalate_by == date(2026, 4, 7)
    assert found.plan_by == date(2026, 4, 13)
    assert found.re_audit_by == date(2026, 6, 25)
    assert clocks(POLICY, date(2026, 3, 27)).escalate_by == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"escalate_within_working_days": 0}, "escalate_within_working_days"),
        ({"plan_within_working_days": 1, "escalate_within_working_days": 3},
         "plan_within_working_days"),
        ({"re_audit_within_days": 3}, "re_audit_within_days"),
    ],
)  # fmt: skip
def test_clocks_that_cannot_be_are_refused(change: dict[str, int], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        set_follow_up_policy(POLICY, next_policy(**change))
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_what_was_never_followed_up_is_not_found() -> None:
    with pytest.raises(NotFound):
        decisions.escalate(FollowUp(), escalation("p-head"), blind=())


def test_every_fault_of_a_plan_is_named() -> None:
    state = FollowUp("a1", "C-1", FollowUpStage.ESCALATED, 1, "p-head")
    with pytest.raises(Refused) as refusal:
        decisions.agree_plan(state, plan(" ", "x9"), of_audit=["x1"])
    assert [f.code for f in refusal.value.faults] == ["action-unknown", "plan-missing"]
    with pytest.raises(Refused) as refusal:
        decisions.agree_plan(state, plan("Visit."), of_audit=["x1"])
    assert [f.code for f in refusal.value.faults] == ["actions-missing"]


def test_a_blind_moderator_is_not_told_by_being_made_the_head() -> None:
    state = FollowUp("a1", "C-1", FollowUpStage.RECORDED, 1)
    with pytest.raises(Refused) as refusal:
        decisions.escalate(state, escalation("p-head"), blind={"p-head"})
    assert refusal.value.faults[0].code == "owner-blind"


def test_the_same_auditor_does_not_judge_again() -> None:
    state = FollowUp("a1", "C-1", FollowUpStage.PLANNED, 1, "p-head")
    decisions.another_auditor(state, first="p-1", second="p-2")
    with pytest.raises(Refused):
        decisions.another_auditor(state, first="p-1", second="p-1")
    decisions.another_auditor(FollowUp(), first="p-1", second="p-1")


class Following(RuleBasedStateMachine):
    """One follow-up, gone through in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.state = FollowUp()
        self.log: list[object] = []
        self.rounds = 0

    def keep(self, decided: list[core_event.Event]) -> None:
        for event in decided:
            self.log.append(event)
            self.state = evolve(self.state, recorded(event, len(self.log)))

    @rule(lowest=st.booleans(), followed=st.booleans())
    def judge(self, lowest: bool, followed: bool) -> None:
        was = self.state.open
        self.keep(decisions.judged(self.state, OPENED if lowest else None, followed=followed))
        assert self.state.open == (lowest and (was or not followed))
        self.rounds += self.state.open and not was

    @rule(owner=st.sampled_from(["p-1", "p-2"]))
    def escalate(self, owner: str) -> None:
        free, planned = self.state.open, self.state.stage is FollowUpStage.PLANNED
        try:
            decided = decisions.escalate(self.state, escalation(owner), blind=())
        except (NotFound, NotNow, Refused):
            assert not free or owner == self.state.owner
            return
        assert free
        self.keep(decided)
        assert planned == (self.state.stage is FollowUpStage.PLANNED)

    @rule()
    def agree(self) -> None:
        free = self.state.stage is FollowUpStage.ESCALATED
        try:
            decided = decisions.agree_plan(
                self.state, plan("A visit each week.", "x1"), of_audit=["x1", "x2"]
            )
        except (NotFound, NotNow):
            assert not free
            return
        assert free
        self.keep(decided)

    @rule(lowest=st.booleans())
    def audit_again(self, lowest: bool) -> None:
        was = self.state.open
        decided = decisions.re_audited(
            self.state,
            re_audit="a2",
            reference="CA-2",
            grade="inadequate" if lowest else "good",
            lowest=lowest,
            policy=POLICY,
            today=DAY,
        )
        assert bool(decided) == was
        self.keep(decided)
        assert self.state.open == (was and lowest)
        self.rounds += was and lowest

    @precondition(lambda self: self.state.open)
    @rule()
    def withdraw(self) -> None:
        self.keep(decisions.end(self.state, "audit-withdrawn"))
        assert self.state.stage is FollowUpStage.ENDED

    @invariant()
    def rounds_are_counted_and_nothing_is_planned_by_nobody(self) -> None:
        assert self.state.round == self.rounds
        if self.state.stage is FollowUpStage.PLANNED:
            assert self.state.owner


Following.TestCase.settings = settings(max_examples=30, stateful_step_count=20)
TestFollowing = Following.TestCase


def test_whoever_answers_for_a_follow_up_heads_a_service_there() -> None:
    assert codes_of(lambda: decisions.heads_here("Pat", heads=False)) == ["not-a-head"]
    assert codes_of(lambda: decisions.heads_here("Pat", heads=True)) == []
