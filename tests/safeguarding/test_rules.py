"""Immediate safeguarding concerns: no audit goes in before a manager knows, and the clock runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from qa.audits.state import CaseAudit
from qa.core.errors import Conflict, Forbidden, NotNow, Refused
from qa.core.event import Event
from qa.core.words import AuditStatus
from qa.safeguarding import decisions
from qa.safeguarding.clocks import (
    DEFAULT_SAFEGUARDING_POLICY,
    acknowledge_by,
    set_safeguarding_policy,
)
from qa.safeguarding.commands import SetSafeguardingPolicy
from qa.safeguarding.events import SafeguardingPolicySet
from qa.safeguarding.state import Concern, Concerns, evolve
from tests.safeguarding import support
from tests.safeguarding.support import NOW, TOLD, acknowledge
from tests.support.given import codes_of, recorded

POLICY = DEFAULT_SAFEGUARDING_POLICY


def tell(concern: Concern, manager: str = "p-manager", how: str = "telephone") -> object:
    return support.tell(concern, manager, how, POLICY, NOW)


def escalate(
    concern: Concern, now: datetime, up: tuple[str, ...] = (), leads: tuple[str, ...] = ("p-lead",)
) -> list[tuple[str, ...]]:
    found = decisions.escalate(concern, up=up, leads=leads, policy=POLICY, now=now)
    return [event.to for event in found]  # type: ignore[attr-defined]


def test_nothing_goes_in_while_a_concern_has_reached_nobody() -> None:
    decisions.nothing_untold(Concerns())
    decisions.nothing_untold(Concerns({"c1": TOLD}))
    with pytest.raises(Conflict) as refusal:
        decisions.nothing_untold(Concerns({"c1": TOLD, "c2": Concern("c2", "p-auditor")}))
    assert refusal.value.code == "concern-untold"


@pytest.mark.parametrize(
    ("manager", "how", "code"),
    [
        ("p-auditor", "telephone", "told-oneself"),
        ("p-manager", "telephone", "told-already"),
        ("p-other", "", "how-missing"),
    ],
)
def test_telling_names_a_manager_and_a_way(manager: str, how: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        tell(TOLD, manager, how)
    assert [fault.code for fault in refusal.value.faults] == [code]


def test_only_somebody_who_was_told_acknowledges_and_says_what_is_done() -> None:
    for by in ("p-auditor", "p-stranger"):
        with pytest.raises(Forbidden):
            acknowledge(TOLD, "A visit.", by)
    with pytest.raises(Refused):
        acknowledge(TOLD, " ", "p-manager")
    assert acknowledge(TOLD, "A visit.", "p-manager")
    over = Concern("c1", "p-auditor", told=("p-manager",), acknowledged_by="p-manager")
    with pytest.raises(NotNow):
        acknowledge(over, "A visit.", "p-manager")
    with pytest.raises(NotNow):
        tell(over, "p-other")


def test_the_clock_goes_up_the_line_then_to_the_leads_then_to_all_again() -> None:
    late = NOW + timedelta(hours=2)
    assert escalate(TOLD, late - timedelta(minutes=1)) == []
    assert escalate(TOLD, late, up=("p-head", "p-director")) == [("p-head",)]
    assert escalate(TOLD, late, up=("p-auditor",)) == [("p-lead",)], "not to who raised it"
    assert escalate(TOLD, late, up=("p-manager",), leads=("p-auditor",)) == [("p-manager",)]
    worn = Concern("c1", "p-auditor", told=("p-manager",), next_by=NOW, rungs=8)
    assert escalate(worn, late) == [], "the policy names a last rung"


def test_a_change_of_the_clocks_makes_the_time_no_longer() -> None:
    # At 1:00 UTC on 29 March 2026 London goes an hour forward.
    told = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert acknowledge_by(POLICY, told) - told == timedelta(hours=2)
    assert acknowledge_by(POLICY, told) == datetime(2026, 3, 29, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize("field", ["acknowledge_within_minutes", "escalations_at_most"])
def test_a_clock_has_to_be_possible(field: str) -> None:
    proposed = {**POLICY.model_dump(exclude={"policy_version"}), field: 0}
    with pytest.raises(Refused) as refusal:
        set_safeguarding_policy(POLICY, SetSafeguardingPolicy(**proposed))
    assert [fault.field for fault in refusal.value.faults] == [field]


PEOPLE = st.sampled_from(["p-auditor", "p-manager", "p-head", "p-lead", "p-stranger"])


class Raising(RuleBasedStateMachine):
    """Two concerns of one draft, gone through in any order at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.state = Concerns()
        self.version = 0
        self.now = NOW
        self.submitted = False
        self.policy = SafeguardingPolicySet(
            policy_version=1,
            acknowledge_within_minutes=60,
            escalate_every_minutes=30,
            escalations_at_most=3,
        )

    def keep(self, events: Sequence[Event], by: str = "p-auditor") -> None:
        for event in events:
            self.version += 1
            said = recorded(event, self.version)
            said = replace(said, meta=said.meta.model_copy(update={"by": by}))
            self.state = evolve(self.state, said)

    @precondition(lambda self: len(self.state.by_id) < 2)
    @rule()
    def raise_one(self) -> None:
        concern = f"c{len(self.state.by_id)}"
        self.keep(support.raise_concern(concern=concern))

    @precondition(lambda self: self.state.by_id)
    @rule(manager=PEOPLE, how=st.sampled_from(["telephone", "shouting"]), data=st.data())
    def tell(self, manager: str, how: str, data: st.DataObject) -> None:
        concern = data.draw(st.sampled_from(list(self.state.by_id.values())))
        right = how == "telephone" and manager not in (concern.raised_by, *concern.told)
        try:
            events = support.tell(concern, manager, how, self.policy, self.now)
        except (Refused, NotNow):
            assert not right or concern.acknowledged_by
            return
        assert right
        self.keep(events)

    @precondition(lambda self: self.state.by_id)
    @rule(by=PEOPLE, data=st.data())
    def acknowledge(self, by: str, data: st.DataObject) -> None:
        concern = data.draw(st.sampled_from(list(self.state.by_id.values())))
        right = by in concern.told and concern.acknowledged_by is None
        try:
            events = acknowledge(concern, "A visit.", by)
        except (Forbidden, NotNow):
            assert not right
            return
        assert right
        self.keep(events, by)

    @rule(minutes=st.integers(min_value=1, max_value=90))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        for concern in list(self.state.by_id.values()):
            due = concern.waits and concern.next_by is not None and concern.next_by <= self.now
            events = decisions.escalate(
                concern, up=["p-head"], leads=["p-lead"], policy=self.policy, now=self.now
            )
            assert bool(events) == (due and concern.rungs < 3)
            self.keep(events)
            again = self.state.by_id[concern.id]
            same = decisions.escalate(
                again, up=["p-head"], leads=["p-lead"], policy=self.policy, now=self.now
            )
            assert not same, "the same moment tells nobody twice"

    @rule()
    def submit(self) -> None:
        reached = all(concern.told for concern in self.state.by_id.values())
        try:
            decisions.nothing_untold(self.state)
        except Conflict:
            assert not reached
            return
        assert reached

    @invariant()
    def who_raised_it_was_never_told_and_never_answers(self) -> None:
        for concern in self.state.by_id.values():
            assert concern.raised_by not in concern.told
            assert concern.acknowledged_by != concern.raised_by or concern.acknowledged_by is None
            assert concern.rungs <= 3


Raising.TestCase.settings = settings(max_examples=30, stateful_step_count=20)
TestRaising = Raising.TestCase


def test_a_concern_is_of_an_audit_that_stands_and_told_to_a_manager_of_that_part() -> None:
    def stands(status: AuditStatus) -> None:
        decisions.audit_stands(CaseAudit(status=status))

    assert codes_of(lambda: stands(AuditStatus.VOIDED)) == ["audit-not-standing"]
    assert codes_of(lambda: stands(AuditStatus.WITHDRAWN)) == ["audit-not-standing"]
    assert codes_of(lambda: stands(AuditStatus.IN_PROGRESS)) == []
    assert codes_of(lambda: decisions.manages_here("Pat", manages=False)) == ["not-a-manager"]
    assert codes_of(lambda: decisions.manages_here("Pat", manages=True)) == []
