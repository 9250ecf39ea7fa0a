"""A supervision check as a machine: whatever is tried in whatever order, its rules hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from qa.core.errors import CaseloopError, Refused
from qa.core.event import Event, Meta, RecordedEvent
from qa.core.words import Role
from qa.supervision import check_decisions, check_events
from qa.supervision.commands import (
    AssignSupervisionModerator,
    CancelSupervisionCheck,
    CorrectSupervisionCheck,
    GiveSupervisionFeedback,
    ModerateSupervisionCheck,
    SubmitSupervisionCheck,
)
from qa.supervision.state import SupervisionCheck, evolve_check
from qa.supervision.states import CheckState
from tests.supervision.support import (
    ABOVE,
    ASKED,
    PAIR,
    QUALITY,
    RECORD,
    TODAY,
    judged,
    own_grades,
    scheduled,
)
from tests.support.given import START, codes_of

people = st.sampled_from(["checker", "moderator", "other", "boss", "worker", "director"])
grades = st.sampled_from(["good", "requires-improvement"])


class Check(RuleBasedStateMachine):
    """What the rules refuse is simply not done; what they let pass is checked from outside."""

    @initialize()
    def ask(self) -> None:
        self.state = SupervisionCheck()
        self.told: list[Event] = []
        self._save(scheduled())

    def _save(self, decided: list[Event]) -> None:
        for event in decided:
            self.told.append(event)
            meta = Meta(fact_id="f", effective_on=TODAY, by="x", in_role="auditor",
                        correlation_id="c")  # fmt: skip
            version = len(self.told)
            record = RecordedEvent(version, "supervision-check:c", version, START, meta, event)
            self.state = evolve_check(self.state, record)

    def _try(self, decide: Callable[[], list[Event]]) -> bool:
        try:
            decided = decide()
        except CaseloopError:
            return False
        self._save(decided)
        return True

    @rule()
    def start(self) -> None:
        self._try(lambda: check_decisions.start(self.state))

    @rule(grade=grades, late=st.integers(-1, 1))
    def submit(self, grade: str, late: int) -> None:
        content = judged(QUALITY, TODAY + timedelta(days=late), grade)
        command = SubmitSupervisionCheck(check="c", content=content)
        done = self._try(lambda: check_decisions.submit(self.state, command, QUALITY, today=TODAY))
        assert not (done and late > 0)

    @rule(grade=grades, reason=st.sampled_from(["", "The wrong month."]))
    def correct(self, grade: str, reason: str) -> None:
        content = judged(QUALITY, TODAY, grade)
        command = CorrectSupervisionCheck(check="c", content=content, reason=reason)
        done = self._try(lambda: check_decisions.correct(self.state, command, QUALITY, today=TODAY))
        assert not done or (reason and self.state.waiting == bool(self.state.moderator))

    @rule(moderator=people)
    def assign(self, moderator: str) -> None:
        command = AssignSupervisionModerator(check="c", moderator=moderator, due_on=TODAY)
        done = self._try(
            lambda: check_decisions.assign_moderator(self.state, command, line=ABOVE, today=TODAY)
        )
        assert not done or moderator in ("moderator", "other")

    @rule(by=people, grade=grades)
    def moderate(self, by: str, grade: str) -> None:
        asked, waiting = self.state.moderator, self.state.waiting
        command = ModerateSupervisionCheck(
            check="c", judgements=own_grades(QUALITY, grade), overall=grade, comment="Read again."
        )
        done = self._try(
            lambda: check_decisions.moderate(self.state, command, by=by, line=ABOVE, tool=QUALITY)
        )
        assert not done or (waiting and by == asked)

    @rule(days=st.integers(-40, 1), note=st.sampled_from(["", "Told both."]))
    def tell(self, days: int, note: str) -> None:
        waiting, content = self.state.waiting, self.state.content
        on = TODAY + timedelta(days=days)
        command = GiveSupervisionFeedback(check="c", given_on=on, note=note)
        done = self._try(lambda: check_decisions.give_feedback(self.state, command, today=TODAY))
        if done:
            assert note
            assert not waiting
            assert content is not None
            assert content.checked_on <= on <= TODAY

    @rule()
    def close(self) -> None:
        was = self.state.state
        assert not self._try(lambda: check_decisions.close(self.state)) or (
            was is CheckState.FEEDBACK_GIVEN
        )

    @rule(reason=st.sampled_from(["", "The worker has left."]))
    def cancel(self, reason: str) -> None:
        was = self.state.content
        command = CancelSupervisionCheck(check="c", reason=reason)
        done = self._try(lambda: check_decisions.cancel(self.state, command))
        assert not done or (reason and was is None)

    @invariant()
    def what_ended_stays_ended_and_what_counts_has_a_judgement(self) -> None:
        kinds = [type(event) for event in getattr(self, "told", [])]
        for last in (check_events.SupervisionCheckClosed, check_events.SupervisionCheckCancelled):
            assert last not in kinds[:-1]
        if kinds:
            assert self.state.state.counts == (self.state.content is not None)
            assert kinds.count(check_events.SupervisionCheckSubmitted) <= 1


TestCheck = Check.TestCase
TestCheck.settings = settings(max_examples=30, stateful_step_count=20)


def refusals(**values: Any) -> set[str]:
    with pytest.raises(Refused) as refused:
        scheduled(**values)
    return {fault.code for fault in refused.value.faults}


def test_who_may_not_check_and_when() -> None:
    assert refusals(checker="boss") == {"own-pair"}
    assert refusals(checker="worker") == {"own-pair"}
    assert refusals(checker="director") == {"own-line"}
    assert refusals(due_on=TODAY - timedelta(days=1)) == {"date-past"}
    assert refusals(due_on=TODAY + timedelta(days=400)) == {"date-far"}
    with pytest.raises(Refused) as refused:
        scheduled(replace(PAIR, ended_on=TODAY))
    assert refused.value.faults[0].code == "supervision-ended"


def test_the_record_tool_takes_yes_no_and_not_applicable_each_with_what_was_seen() -> None:
    state = SupervisionCheck(id="c", scheduled=ASKED)
    content = judged(RECORD, TODAY, "yes")
    registration = content.judgements[8].model_copy(
        update={"grade": None, "evidence": "", "not_applicable_reason": "An unqualified worker."}
    )
    whole = content.model_copy(
        update={"judgements": (*content.judgements[:8], registration, *content.judgements[9:])}
    )
    command = SubmitSupervisionCheck(check="c", content=whole)
    assert check_decisions.submit(state, command, RECORD, today=TODAY)
    silent = registration.model_copy(update={"not_applicable_reason": " "})
    agreement = content.judgements[0].model_copy(update={"evidence": ""})
    wrong = content.model_copy(
        update={"judgements": (agreement, *content.judgements[1:8], silent,
                               *content.judgements[9:]), "overall": "good"}
    )  # fmt: skip
    command = SubmitSupervisionCheck(check="c", content=wrong)
    with pytest.raises(Refused) as refused:
        check_decisions.submit(state, command, RECORD, today=TODAY)
    assert {fault.field for fault in refused.value.faults} == {
        "judgements.agreement.evidence", "judgements.registration.grade", "overall",
    }  # fmt: skip


def test_a_check_is_made_by_somebody_outside_the_pair_with_a_role_that_checks() -> None:
    state = SupervisionCheck(scheduled=ASKED)
    assert codes_of(lambda: check_decisions.outside_pair(state, by="other")) == []
    for one in ("boss", "worker"):
        assert codes_of(lambda one=one: check_decisions.outside_pair(state, by=one)) == [  # type: ignore[misc]
            "forbidden"
        ]
    checks = check_decisions.may_check
    assert codes_of(lambda: checks("Pat", {Role.READER}, field="checker")) == ["role-missing"]
    assert codes_of(lambda: checks("Pat", {Role.MODERATOR}, field="checker")) == []
