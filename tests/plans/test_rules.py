"""A plan, its parts, its groups and the meetings of its board."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qa.core.event import Event
from qa.core.reasons import LONGEST as LONGEST_REASON
from qa.plans import action_decisions, board_meetings, commands, decisions, events, success_measures
from qa.plans.action_commands import (
    AddPlanEvidence,
    Agreed,
    LinkPlanAction,
    RemovePlanAction,
    ReportSuccessMeasure,
)
from qa.plans.action_events import PlanActionAgreed
from qa.plans.action_state import PlanAction
from qa.plans.action_state import evolve as evolve_action
from qa.plans.events import LONGEST, LONGEST_NAME, TaskGroupFormed
from qa.plans.state import ImprovementPlan, evolve
from qa.plans.status_rules import StatusRules
from tests.support.given import TODAY, Given, codes_of, given

RULES = StatusRules(version=1)
OPENED = events.ImprovementPlanOpened(
    plan="p",
    title="Plan",
    board="Board",
    tiers=("Ambition", "Priority"),
    scale="s@1",
    since=date(2025, 4, 1),
    rules=RULES,
)
ONE = events.PlanPartAdded(part="a1", tier="Ambition", reference="1", title="Practice")


def plan(*after: Event) -> Given[ImprovementPlan]:
    return given(ImprovementPlan(), evolve, OPENED, *after)


def opening(**values: Any) -> list[Event]:
    asked = {
        "title": "Plan", "board": "Board", "tiers": ["Ambition", "Priority"],
        "scale": "s@1", "since": date(2025, 4, 1),
    }  # fmt: skip
    command = commands.OpenPlan.model_validate({**asked, **values})
    return decisions.open_plan(command, plan="p", today=TODAY)


def part(state: ImprovementPlan, **values: Any) -> list[Event]:
    asked = {"plan": "p", "tier": "Ambition", "reference": "2", "title": "Voice"}
    return decisions.add_part(state, commands.AddPlanPart(**{**asked, **values}), part="n")


def test_a_plan_names_its_tiers_its_board_and_its_scale() -> None:
    assert opening() == [OPENED]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": " "}, "title-missing"),
        ({"board": ""}, "board-missing"),
        ({"tiers": []}, "tiers-missing"),
        ({"tiers": ["Theme", "theme"]}, "tiers-same"),
        ({"since": date(2026, 4, 1)}, "date-future"),
    ],
)
def test_a_plan_that_says_too_little_is_not_opened(values: dict[str, Any], code: str) -> None:
    given(ImprovementPlan(), evolve).when(lambda _: opening(**values)).refused(code)


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"tier": "Theme"}, ["tier-unknown"]),
        ({"tier": "Ambition", "reference": "1"}, ["reference-taken"]),
        ({"tier": "Priority", "under": "nobody"}, ["part-unknown"]),
        ({"tier": "Ambition", "under": "a1"}, ["tier-order"]),
        ({"title": "", "reference": ""}, ["reference-missing", "title-missing"]),
    ],
)
def test_a_part_stands_on_its_tier_under_one_above(
    values: dict[str, Any], codes: list[str]
) -> None:
    plan(ONE).when(lambda p: part(p, **values)).refused(*codes)
    plan(ONE).when(lambda p: part(p, tier="Priority", under="a1")).then(events.PlanPartAdded)


def test_words_and_leads_of_a_part_change_and_keep_what_they_were() -> None:
    def reword(title: str, reason: str) -> Any:
        command = commands.RewordPlanPart(plan="p", part="a1", title=title, reason=reason)
        return lambda p: decisions.reword_part(p, command)

    reworded = events.PlanPartReworded(part="a1", old="Practice", new="Good practice")
    plan(ONE).when(reword("Good practice", "Clearer words.")).then(reworded)
    plan(ONE).when(reword("Practice", "Clearer words.")).nothing()
    plan(ONE).when(reword("Good practice", "")).refused("reason-missing")
    led = events.PlanPartLedBy(part="a1", old=(), new=("Director",))
    lead = commands.LeadPlanPart(plan="p", part="a1", leads=(" Director ", "Director"))
    plan(ONE).when(lambda p: decisions.lead_part(p, lead)).then(led)


def test_a_part_leaves_the_plan_when_nothing_under_it_is_open() -> None:
    def remove(open_actions: int) -> Any:
        command = commands.RemovePlanPart(plan="p", part="a1", reason="All of it is done.")
        return lambda p: decisions.remove_part(p, command, actions_open=open_actions)

    below = events.PlanPartAdded(part="b", tier="Priority", reference="1", title="x", under="a1")
    plan(ONE).when(remove(1)).refused("part-not-empty")
    plan(ONE, below).when(remove(0)).refused("part-not-empty")
    gone = events.PlanPartRemoved(part="a1")
    plan(ONE).when(remove(0)).then(gone)
    plan(ONE, gone).when(remove(0)).refused("part-ended")
    plan(ONE, gone).when(lambda p: part(p, tier="Priority", under="a1")).refused("part-unknown")
    routed = events.PlanPartRouted(part="a1", board="Partnership")
    route = commands.RoutePlanPart(
        plan="p", part="a1", board="Partnership", reason="It is their work."
    )
    plan(ONE).when(lambda p: decisions.route_part(p, route)).then(routed)


def test_another_scale_is_adopted_from_a_later_day_on() -> None:
    def adopt(scale: str, since: date) -> Any:
        command = commands.AdoptPlanScale(plan="p", scale=scale, since=since)
        return lambda p: decisions.adopt_scale(p, command)

    adopted = events.PlanScaleAdopted(old="s@1", new="s@2", since=date(2026, 1, 1))
    plan().when(adopt("s@2", date(2026, 1, 1))).then(adopted)
    plan().when(adopt("s@1", date(2026, 1, 1))).refused("scale-same")
    plan().when(adopt("s@2", date(2025, 4, 1))).refused("date-before-scale")
    state = plan(adopted).state
    assert [state.scale_on(date(2025, 3, 31)), state.scale_on(date(2025, 12, 31))] == [None, "s@1"]
    assert state.scale_on(date(2026, 1, 1)) == "s@2"


def test_rules_have_versions_in_turn() -> None:
    def adopt(**values: int) -> Any:
        return lambda p: decisions.adopt_rules(p, commands.AdoptPlanRules(plan="p", **values))

    plan().when(adopt(version=2, review_every_days=60)).then(events.PlanRulesAdopted)
    plan().when(adopt(version=2)).refused("rules-same")
    plan().when(adopt(version=3, review_every_days=60)).refused("rules-version")
    plan().when(adopt(version=2, review_every_days=500)).refused("number-out-of-range")


def test_a_closed_plan_takes_nothing_more() -> None:
    def close(reason: str) -> commands.ClosePlan:
        return commands.ClosePlan(plan="p", reason=reason)

    closed = plan(ONE, events.ImprovementPlanClosed())
    closed.when(part).refused("plan-closed")
    lead = commands.LeadPlanPart(plan="p", part="a1", leads=("x",))
    closed.when(lambda p: decisions.close(p, close("All of it is done."))).refused("plan-closed")
    closed.when(lambda p: decisions.lead_part(p, lead)).refused("plan-closed")
    plan().when(lambda p: decisions.close(p, close(""))).refused("reason-missing")


def test_a_group_is_formed_and_dissolved_once() -> None:
    def form(name: str, lead: str) -> Any:
        command = commands.FormTaskGroup(plan="p", name=name, lead=lead)
        return lambda p: decisions.form_group(p, command, group="g")

    formed = events.TaskGroupFormed(group="g", name="Neglect", lead="Head of service")
    plan().when(form("Neglect", "Head of service")).then(formed)
    plan().when(form("", "")).refused("name-missing", "lead-missing")
    ending = commands.DissolveTaskGroup(plan="p", group="g")
    dissolve = lambda p: decisions.dissolve_group(p, ending)  # noqa: E731
    plan(formed).when(dissolve).then(events.TaskGroupDissolved)
    plan(formed, events.TaskGroupDissolved(group="g")).when(dissolve).refused("group-ended")
    plan().when(dissolve).refused("not-found")


CALLED = events.BoardMeetingCalled(meeting="m", on=date(2026, 2, 24), title="February")


def test_meetings_are_called_for_a_day_and_held_or_cancelled_once() -> None:
    def call(day: date, title: str = "Board") -> Any:
        command = commands.CallBoardMeeting(plan="p", on=day, title=title)
        return lambda p: board_meetings.call(p, command, meeting="n")

    def hold(position: int = 9, today: date = TODAY) -> Any:
        command = commands.HoldBoardMeeting(plan="p", meeting="m", position=position)
        return lambda p: board_meetings.hold(p, command, head=9, today=today)

    def cancel(p: ImprovementPlan) -> list[Event]:
        command = commands.CancelBoardMeeting(plan="p", meeting="m", reason="Not quorate.")
        return board_meetings.cancel(p, command)

    plan().when(call(TODAY)).then(events.BoardMeetingCalled)
    plan(CALLED).when(call(CALLED.on)).refused("meeting-same-day")
    plan().when(call(date(2025, 3, 1), "")).refused("date-before-plan", "title-missing")
    held = events.BoardMeetingHeld(meeting="m", position=9)
    plan(CALLED).when(hold()).then(held)
    plan(CALLED).when(hold(position=10)).refused("position-beyond-head")
    plan(CALLED).when(hold(today=date(2026, 2, 23))).refused("meeting-to-come")
    plan(CALLED, held).when(hold()).refused("meeting-ended")
    plan(CALLED, held).when(cancel).refused("meeting-ended")
    gone = events.BoardMeetingCancelled(meeting="m")
    plan(CALLED).when(cancel).then(gone)
    plan(CALLED, gone).when(call(CALLED.on)).then(events.BoardMeetingCalled)
    plan().when(hold()).refused("not-found")


def test_a_batch_with_nothing_left_is_not_undone() -> None:
    assert codes_of(lambda: decisions.something_undone(0)) == ["nothing-left"]
    assert codes_of(lambda: decisions.something_undone(1)) == []


def test_an_action_is_rated_from_the_day_of_the_first_scale() -> None:
    plan = ImprovementPlan(scales=((TODAY, "rag@1"),))
    assert decisions.scale_on(plan, TODAY) == "rag@1"
    before = TODAY - timedelta(days=1)
    assert codes_of(lambda: decisions.scale_on(plan, before)) == ["date-before-plan"]


ACTION = given(
    PlanAction(),
    evolve_action,
    PlanActionAgreed(
        action="a", plan="p", part="1", reference="1.1", title="Do it", since=date(2025, 9, 1)
    ),
).state


def agreed(*past: Any, **values: Any) -> list[str]:
    asked = Agreed(**{"reference": "1.1", "title": "Do it", **values})
    return codes_of(
        lambda: action_decisions.agree(
            plan(ONE, *past).state, asked, action="a", part="a1", since=TODAY, today=TODAY,
            taken=False,
        )
    )  # fmt: skip


def test_an_action_is_given_to_a_group_that_works() -> None:
    formed = TaskGroupFormed(group="g", name="Group", lead="Head", purpose="")
    assert agreed(group="g") == ["group-unknown"]
    assert agreed(formed, group="g") == []


@pytest.mark.parametrize(("over", "codes"), [(0, []), (1, ["reference-long"])])
def test_a_reference_has_a_length(over: int, codes: list[str]) -> None:
    reference = "x" * (60 + over)
    assert agreed(reference=reference) == codes
    assert codes_of(lambda: part(plan().state, reference=reference)) == codes


def test_the_decisions_of_a_meeting_have_a_length() -> None:
    def held(text: str) -> list[str]:
        return codes_of(
            lambda: board_meetings.hold(
                plan(CALLED).state,
                commands.HoldBoardMeeting(plan="p", meeting="m", decisions=text),
                head=9,
                today=TODAY,
            )
        )

    assert held("x" * 4 * LONGEST) == []
    assert held("x" * (4 * LONGEST + 1)) == ["decisions-long"]


@pytest.mark.parametrize("over", [0, 1])
def test_names_and_reasons_have_a_length(over: int) -> None:
    def only(code: str) -> list[str]:
        return [code] if over else []

    name, text = "x" * (LONGEST_NAME + over), "x" * (LONGEST + over)
    assert codes_of(lambda: opening(board=name)) == only("board-long")

    def group(**values: Any) -> list[str]:
        asked = commands.FormTaskGroup(**{"plan": "p", "name": "Group", "lead": "Head", **values})
        return codes_of(lambda: decisions.form_group(plan().state, asked, group="g"))

    assert group(name=name) == only("name-long")
    assert group(lead=name) == only("lead-long")
    assert group(purpose=text) == only("purpose-long")

    def evidence(**values: Any) -> list[str]:
        asked = AddPlanEvidence(**{"action": "a", "of": "impact", "what": "Audit", **values})
        return codes_of(
            lambda: action_decisions.add_evidence(
                ACTION, asked, evidence="e", on=TODAY, today=TODAY
            )
        )

    assert evidence(where=name) == only("where-long")
    assert evidence(what=text) == only("what-long")

    def link(to: str) -> list[str]:
        asked = LinkPlanAction(action="a", kind="indicator", to=to)
        return codes_of(lambda: action_decisions.link(ACTION, asked))

    assert link(name) == only("to-long")
    assert link(" ") == ["to-missing"]
    why = ("A reason of substance. " * 200)[: LONGEST_REASON + over]
    removal = RemovePlanAction(action="a", reason=why)
    assert codes_of(lambda: action_decisions.remove(ACTION, removal)) == only("reason-long")

    def said(text: str) -> list[str]:
        asked = ReportSuccessMeasure(action="a", said=text, reading="none")
        return codes_of(lambda: success_measures.report(ACTION, asked, report="r"))

    assert said(text) == only("said-long")
