"""An action of a plan: its reviews, its dates, its measures, and what becomes of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from qa.core.due_dates import Due, Stage, last_due
from qa.core.errors import CaseloopError
from qa.core.event import Event
from qa.plans import action_commands as commands
from qa.plans import (
    action_decisions,
    action_events,
    assessments,
    events,
    rescheduling,
    success_measures,
)
from qa.plans.action_events import SuccessMeasureSet
from qa.plans.action_state import PlanAction, evolve
from qa.plans.events import LONGEST, LONGEST_NAME, plan_stream
from qa.plans.state import ImprovementPlan
from qa.plans.state import evolve as evolve_plan
from qa.plans.status_rules import StatusRules
from qa.plans.success_measures import measure_named
from tests.plans.support import FOUR, month, on
from tests.support.given import TODAY, Given, codes_of, given, recorded

SINCE = date(2025, 9, 1)
DUE = on(date(2026, 1, 31))
AGREED = action_events.PlanActionAgreed(
    action="a", plan="p", part="1", reference="1.1", title="Do it", since=SINCE, stages=(DUE,)
)
IMPACT = action_events.PlanActionEvidenceAdded(evidence="e", of="impact", what="Audit", on=SINCE)
RED = action_events.PlanActionAssessed(assessment="x", as_at=TODAY, scale=FOUR.key, level="red")
ENDS: tuple[Event, ...] = (
    action_events.PlanActionSplit(into=("b", "c")),
    action_events.PlanActionMerged(into="b"),
    action_events.PlanActionRouted(board="Partnership"),
    action_events.PlanActionRemoved(),
)


def action(*after: Event) -> Given[PlanAction]:
    return given(PlanAction(), evolve, AGREED, *after)


def assessing(state: PlanAction, **values: Any) -> list[Event]:
    day, key = values.pop("as_at", TODAY), values.pop("assessment", "y")
    asked = commands.AssessPlanAction(**{"action": "a", "level": "red", **values})
    return assessments.assess(state, asked, assessment=key, as_at=day, today=TODAY, scale=FOUR)


def test_a_review_speaks_of_a_level_a_share_a_difference_or_in_words() -> None:
    action().when(assessing).then(action_events.PlanActionAssessed)
    for values in ({"percent_complete": 40}, {"difference": "partly"}, {"commentary": "Begun."}):
        action().when(lambda a, v=values: assessing(a, level=None, **v)).then(
            action_events.PlanActionAssessed
        )


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"level": "pink"}, ["level-unknown"]),
        ({"as_at": SINCE - timedelta(1)}, ["date-before-action"]),
        ({"as_at": TODAY + timedelta(1)}, ["date-future"]),
        ({"percent_complete": 101}, ["percent-out-of-range"]),
        ({"percent_complete": -1, "level": "pink"}, ["level-unknown", "percent-out-of-range"]),
        ({"level": None}, ["assessment-empty"]),
        ({"level": "blue"}, ["evidence-owed"]),
        ({"evidence": ["f"]}, ["evidence-unknown"]),
        ({"replaces": "x"}, ["assessment-unknown"]),
    ],
)
def test_a_review_that_cannot_be_is_refused_by_name(
    values: dict[str, Any], codes: list[str]
) -> None:
    action().when(lambda a: assessing(a, **dict(values))).refused(*codes)


def test_a_level_that_owes_evidence_of_impact_is_given_with_it() -> None:
    rated = action(IMPACT).when(lambda a: assessing(a, level="blue", evidence=["e", "e"]))
    assert rated.then(action_events.PlanActionAssessed)[0].evidence == ("e",)
    done = action_events.PlanActionEvidenceAdded(evidence="d", of="delivery", what="Held", on=SINCE)
    action(done).when(lambda a: assessing(a, level="blue", evidence=["d"])).refused("evidence-owed")


def test_a_second_review_of_a_day_says_that_it_replaces_the_first() -> None:
    action(RED).when(assessing).refused("assessment-same-day")
    action(RED).when(lambda a: assessing(a, replaces="x")).refused("reason-missing")
    action(RED).when(lambda a: assessing(a, replaces="x", reason="It was mistyped.")).then(
        action_events.PlanActionAssessmentWithdrawn(assessment="x"),
        action_events.PlanActionAssessed,
    )
    action(RED, action_events.PlanActionAssessmentWithdrawn(assessment="x")).when(assessing).then(
        action_events.PlanActionAssessed
    )


def board(*meetings: Event) -> ImprovementPlan:
    state = ImprovementPlan()
    opened = events.ImprovementPlanOpened(
        plan="p", title="P", board="B", tiers=("T",), scale=FOUR.key, since=SINCE,
        rules=StatusRules(version=1),
    )  # fmt: skip
    for version, event in enumerate((opened, *meetings), 1):
        state = evolve_plan(state, recorded(event, version, plan_stream("p")))
    return state


def test_the_board_speaks_of_a_rating_once_at_a_meeting_and_by_another_person() -> None:
    met = events.BoardMeetingCalled(meeting="m", on=TODAY, title="Board")
    early = events.BoardMeetingCalled(meeting="early", on=SINCE, title="Board")
    gone = [
        events.BoardMeetingCalled(meeting="gone", on=TODAY, title="Board"),
        events.BoardMeetingCancelled(meeting="gone"),
    ]
    plan = board(early, *gone, met)

    def accepting(meeting: str = "m", by: str = "chair") -> Any:
        asked = commands.AcceptPlanAssessment(action="a", review="x", meeting=meeting)
        return lambda a: assessments.accept(a, plan, asked, by=by)

    accepted = action_events.PlanActionAssessmentAccepted(assessment="x", meeting="m")
    action(RED).when(accepting()).then(accepted)
    action(RED).when(accepting(by="p-auditor")).refused("forbidden")
    action(RED).when(accepting("gone")).refused("meeting-unknown")
    action(RED).when(accepting("other")).refused("meeting-unknown")
    action(RED).when(accepting("early")).refused("meeting-before-assessment")
    action(RED, accepted).when(accepting()).refused("board-spoke")
    action().when(accepting()).refused("not-found")
    unsaid = commands.ChallengePlanAssessment(action="a", review="x", meeting="m", reason="")
    action(RED).when(lambda a: assessments.challenge(a, plan, unsaid, by="chair")).refused(
        "reason-missing"
    )


def asking(*new: Stage, reason: str = "A partner is late.") -> Any:
    asked = commands.AskPlanDates(action="a", new=new, reason=reason)
    return lambda a: rescheduling.ask(a, asked, request="r")


LATER = on(date(2026, 6, 30))
ASKED = action_events.PlanActionRescheduleAsked(request="r", old=(DUE,), new=(LATER,))


def test_other_dates_are_asked_for_with_a_reason_and_answered_by_another() -> None:
    action().when(asking(LATER)).then(ASKED)
    action().when(asking(LATER, reason=" ")).refused("reason-missing")
    action(ASKED).when(asking(LATER)).refused("reschedule-pending")
    granted = action_events.PlanActionRescheduled(request="r", old=(DUE,), new=(LATER,))
    grant = commands.ApprovePlanDates(action="a", asked="r")
    approve = lambda by: lambda a: rescheduling.approve(a, grant, by=by)  # noqa: E731
    action(ASKED).when(approve("lead")).then(granted)
    action(ASKED).when(approve("p-auditor")).refused("forbidden")
    action(ASKED, granted).when(approve("lead")).refused("reschedule-answered")
    action().when(approve("lead")).refused("not-found")
    refusal = commands.RefusePlanDates(action="a", asked="r", reason="Not again.")
    action(ASKED).when(lambda a: rescheduling.refuse(a, refusal, by="lead")).then(
        action_events.PlanActionRescheduleRefused
    )


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ((on(date(2026, 1, 30)),), "reschedule-earlier"),
        ((month(date(2025, 12, 1)),), "reschedule-earlier"),
        ((DUE,), "reschedule-same"),
        ((), "reschedule-no-date"),
        ((Stage(due=Due(kind="unknown", said="soon")),), "reschedule-no-date"),
    ],
)
def test_dates_that_cannot_be_asked_for(new: tuple[Stage, ...], code: str) -> None:
    action().when(asking(*new)).refused(code)


def test_a_stage_that_keeps_its_name_does_not_come_earlier() -> None:
    first, last = on(date(2026, 3, 1), "Core"), on(date(2026, 9, 1), "All")
    staged = given(PlanAction(), evolve, AGREED.model_copy(update={"stages": (first, last)}))
    staged.when(asking(on(date(2026, 2, 1), "Core"), on(date(2026, 10, 1), "All"))).refused(
        "reschedule-earlier"
    )
    staged.when(asking(first, on(date(2026, 10, 1), "All"))).then(
        action_events.PlanActionRescheduleAsked
    )


def measuring(**values: Any) -> Any:
    asked = {
        "action": "a", "text": "Attend reviews", "comparator": "gte", "target": Decimal(70),
        "unit": "percent",
    }  # fmt: skip
    command = commands.SetSuccessMeasure(**{**asked, **values})
    return lambda a: success_measures.set_measure(a, command, measure="m2")


def test_a_measure_has_one_target() -> None:
    held = action(
        action_events.SuccessMeasureSet(
            measure="m",
            text="Attend  reviews",
            comparator="gte",
            target=Decimal(50),
            indicator="attendance",
        )
    )
    refused = held.when(measuring()).refused("measure-two-targets")
    assert "≥ 50" in refused.sentence
    assert "≥ 70" in refused.sentence
    held.when(measuring(target=Decimal(50))).refused("measure-known")
    held.when(measuring(text="Other words", indicator="attendance")).refused("measure-two-targets")
    held.when(measuring(text="Something else")).then(action_events.SuccessMeasureSet)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"comparator": "increase"}, "target-unfit"),
        ({"target": None}, "target-unfit"),
        ({"target": Decimal(170)}, "percent-out-of-range"),
        ({"text": ""}, "text-missing"),
    ],
)
def test_a_target_and_its_number_go_together(values: dict[str, Any], code: str) -> None:
    action().when(measuring(**values)).refused(code)


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"values": (Decimal(120),)}, ["percent-out-of-range"]),
        ({"values": (Decimal("NaN"),)}, ["number-malformed"]),
        ({"numerator": 3, "denominator": 0}, ["zero-denominator"]),
        ({"numerator": 3}, ["parts-unfit"]),
        ({"said": ""}, ["said-missing"]),
    ],
)
def test_a_report_that_cannot_be_is_refused_by_name(
    values: dict[str, Any], codes: list[str]
) -> None:
    given = {
        "action": "a", "said": "81%", "period": "2026-01", "values": (Decimal(81),),
        "unit": "percent",
    }  # fmt: skip
    asked = commands.ReportSuccessMeasure.model_construct(None, **{**given, **values})
    action().when(lambda a: success_measures.report(a, asked, report="r")).refused(*codes)
    unknown = commands.ReportSuccessMeasure(**{**given, "measure": "none"})
    action().when(lambda a: success_measures.report(a, unknown, report="r")).refused("not-found")


def removal(reason: str) -> commands.RemovePlanAction:
    return commands.RemovePlanAction(action="a", reason=reason)


@pytest.mark.parametrize("end", ENDS, ids=lambda event: event.TYPE)
def test_after_its_end_an_action_takes_nothing_more(end: Event) -> None:
    ended = action(ASKED, end)
    for decide in (
        assessing,
        asking(LATER),
        lambda a: rescheduling.approve(
            a, commands.ApprovePlanDates(action="a", asked="r"), by="lead"
        ),
        lambda a: action_decisions.remove(a, removal("Wrong once again.")),
        lambda a: action_decisions.reword(
            a, commands.RewordPlanAction(action="a", title="x", reason="Said with reason.")
        ),
        measuring(),
    ):
        ended.when(decide).refused("action-ended")


def test_how_an_action_ends_is_said_with_a_reason_and_where_it_goes_on() -> None:
    other = given(PlanAction(), evolve, AGREED.model_copy(update={"action": "b"})).state
    stranger = given(
        PlanAction(), evolve, AGREED.model_copy(update={"action": "b", "plan": "q"})
    ).state
    splitting = commands.SplitPlanAction(action="a", into=(), reason="Two things.")
    split = lambda *into: lambda a: action_decisions.split(a, splitting, into=into)  # noqa: E731
    merging = commands.MergePlanAction(action="a", into="b", reason="It is one thing.")
    merge = lambda into: lambda a: action_decisions.merge(a, merging, into=into)  # noqa: E731
    action().when(split("b", "c")).then(action_events.PlanActionSplit)
    action().when(split("b")).refused("split-too-few")
    action().when(merge(other)).then(action_events.PlanActionMerged(into="b"))
    action().when(merge(stranger)).refused("action-unknown")
    action().when(merge(action().state)).refused("action-unknown")
    nowhere = commands.RoutePlanAction(action="a", board="", reason="Said with reason.")
    action().when(lambda a: action_decisions.route(a, nowhere)).refused("board-missing")
    action().when(lambda a: action_decisions.remove(a, removal(""))).refused("reason-missing")


class LifeOfAnAction(RuleBasedStateMachine):
    """Whatever is asked of an action, in any order: what is refused changes nothing, and what is
    recorded keeps the promises."""

    def __init__(self) -> None:
        super().__init__()
        self.state = action().state
        self.version, self.today, self.count = 1, TODAY, 0
        self.plan = board(events.BoardMeetingCalled(meeting="m", on=TODAY, title="Board"))
        self.dues = [DUE.due]

    def do(self, decide: Any) -> None:
        before = self.state
        try:
            decided = decide(self.state)
        except CaseloopError:
            return
        for event in decided:
            self.version += 1
            self.state = evolve(self.state, recorded(event, self.version, "plan-action:a"))
        due = last_due(self.state.stages)
        assert due is not None
        if due != self.dues[-1]:
            self.dues.append(due)
        if before.ended:
            # Nothing more comes to it; a review that was a mistake may still be withdrawn.
            late = [type(event) for event in decided]
            assert late in ([], [action_events.PlanActionAssessmentWithdrawn])

    def name(self) -> str:
        self.count += 1
        return f"n{self.count}"

    @rule(days=st.integers(-300, 40), code=st.sampled_from(["red", "blue", "pink", None]))
    def rate(self, days: int, code: str | None) -> None:
        as_at, key = self.today + timedelta(days), self.name()
        self.do(lambda a: assessing(a, assessment=key, as_at=as_at, level=code, evidence=["e"]))

    @rule(of=st.sampled_from(["impact", "delivery"]))
    def prove(self, of: Any) -> None:
        self.do(
            lambda a: action_decisions.add_evidence(
                a,
                commands.AddPlanEvidence(action="a", of=of, what="Seen"),
                evidence="e",
                on=TODAY,
                today=TODAY,
            )
        )

    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from([*self.state.assessments, "none"]))
        asked = commands.WithdrawPlanAssessment(action="a", review=key, reason="It was a mistake.")
        self.do(lambda a: assessments.withdraw(a, asked))

    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from([*self.state.assessments, "none"]))
        asked = commands.AcceptPlanAssessment(action="a", review=key, meeting="m")
        self.do(lambda a: assessments.accept(a, self.plan, asked, by="chair"))

    @rule(days=st.integers(-60, 200))
    def ask(self, days: int) -> None:
        key, new = self.name(), on(date(2026, 1, 31) + timedelta(days))
        asked = commands.AskPlanDates(action="a", new=(new,), reason="The supplier is late.")
        self.do(lambda a: rescheduling.ask(a, asked, request=key))

    @rule(data=st.data(), by=st.sampled_from(["p-auditor", "lead"]), yes=st.booleans())
    def answer(self, data: st.DataObject, by: str, yes: bool) -> None:
        key = data.draw(st.sampled_from([*self.state.requests, "none"]))
        if yes:
            granted = commands.ApprovePlanDates(action="a", asked=key)
            self.do(lambda a: rescheduling.approve(a, granted, by=by))
        else:
            refused = commands.RefusePlanDates(action="a", asked=key, reason="It shows no change.")
            self.do(lambda a: rescheduling.refuse(a, refused, by=by))

    @rule(end=st.integers(0, 19))
    def end(self, end: int) -> None:
        if end == 0:
            self.do(lambda a: action_decisions.remove(a, removal("All of it is done.")))

    @invariant()
    def the_first_dates_are_kept_for_ever(self) -> None:
        assert self.state.first == (DUE,)

    @invariant()
    def dates_only_ever_move_later(self) -> None:
        ends = [due.last_day for due in self.dues if due.last_day is not None]
        assert ends == sorted(ends)

    @invariant()
    def a_day_has_one_standing_review(self) -> None:
        days = [one.as_at for one in self.state.assessments.values() if not one.withdrawn]
        assert len(days) == len(set(days))
        assert all(SINCE <= day <= TODAY for day in days)

    @invariant()
    def one_request_waits_at_most(self) -> None:
        assert sum(one.open for one in self.state.requests.values()) <= 1


TestLifeOfAnAction = LifeOfAnAction.TestCase
TestLifeOfAnAction.settings = settings(max_examples=40, stateful_step_count=25)


def test_an_action_is_found_by_its_reference_and_split_into_different_ones() -> None:
    assert action_decisions.of_plan("a1", "1.1") == "a1"
    assert codes_of(lambda: action_decisions.of_plan(None, "1.1")) == ["action-unknown"]
    assert action_decisions.twice_named(["1", "2"]) == []
    (fault,) = action_decisions.twice_named(["1", "2", "1"])
    assert (fault.field, fault.code) == ("into.2.reference", "reference-taken")


def test_a_measure_is_found_by_its_id_or_its_words() -> None:
    measure = SuccessMeasureSet(measure="m", text="Calls are answered.")
    state = PlanAction(measures={"m": measure})
    assert measure_named(state, "m", "A-1") == "m"
    assert measure_named(state, "x", "Calls are answered.") == "m"
    assert codes_of(lambda: measure_named(state, "x", "Other.")) == ["measure-unknown"]


def test_a_withdrawn_review_is_withdrawn_once() -> None:
    gone = action(RED, action_events.PlanActionAssessmentWithdrawn(assessment="x"))
    again = commands.WithdrawPlanAssessment(action="a", review="x", reason="Mistyped.")
    gone.when(lambda a: assessments.withdraw(a, again)).refused("assessment-withdrawn")


def test_a_review_in_words_is_words_of_some_length() -> None:
    def assessed(**values: Any) -> list[str]:
        return codes_of(lambda: assessing(action().state, **values))

    assert assessed(commentary=" ") == ["commentary-missing"]
    assert assessed(commentary="x" * 4 * LONGEST) == []
    assert assessed(commentary="x" * (4 * LONGEST + 1)) == ["commentary-long"]
    assert assessed(assessed_by=" ") == ["assessed_by-missing"]
    assert assessed(assessed_by="x" * LONGEST_NAME) == []
    assert assessed(assessed_by="x" * (LONGEST_NAME + 1)) == ["assessed_by-long"]
