"""The forms that ask what their command holds: what each changes, and what it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from qa.plans.handlers import reviews
from tests.plans.support import Kept
from tests.support.council import Council, words_of
from tests.support.forms import send

pytestmark = pytest.mark.one_database

WHY = "It was agreed with everybody."


@pytest.fixture
def kept(council: Council) -> Kept:
    return Kept.opened(council)


def sent(kept: Kept, path: str, **fields: str) -> str:
    """What the page of the plan or action says after a form that was in order."""
    browser = kept.council.browser("lead")
    answer = send(browser, path, fields)
    assert answer.status_code == 303, words_of(answer.text)
    return words_of(browser.get(path.rpartition("/")[0]).text)


def refused(kept: Kept, path: str, **fields: str) -> tuple[int, str]:
    answer = send(kept.council.browser("lead"), path, fields)
    return answer.status_code, words_of(answer.text)


def test_a_part_is_chosen_and_then_reworded_led_routed_or_removed(kept: Kept) -> None:
    plan, part = f"/plans/{kept.plan}", kept.parts["1"]
    assert "Say it better" in sent(
        kept, f"{plan}/reword-part", part=part, title="Say it better", reason=WHY
    )
    assert "Head of voice, Director" in sent(
        kept, f"{plan}/lead-part", part=part, leads="Head of voice\nDirector"
    )
    assert f"Routed to Partnership: {WHY}" in sent(
        kept, f"{plan}/route-part", part=part, board="Partnership", reason=WHY
    )
    assert f"Removed: {WHY}" in sent(kept, f"{plan}/remove-part", part=kept.parts["2"], reason=WHY)
    status, told = refused(kept, f"{plan}/reword-part", part=part, title="Again", reason=WHY)
    assert (status, "removed or routed elsewhere" in told) == (409, True)
    status, told = refused(kept, f"{plan}/remove-part", part="none", reason=WHY)
    assert (status, "no such part" in told) == (404, True)


def test_a_group_works_until_it_is_dissolved(kept: Kept) -> None:
    plan = f"/plans/{kept.plan}"
    status, told = refused(kept, f"{plan}/form-group", name="", lead="")
    assert (status, "Give the group a name." in told, "Say who leads" in told) == (422, True, True)
    assert "Voice, led by Head" in sent(kept, f"{plan}/form-group", name="Voice", lead="Head")
    (group,) = kept.record().groups
    assert "Voice, led by Head (ended" in sent(kept, f"{plan}/dissolve-group", group=group)


def test_a_meeting_that_was_called_is_cancelled_and_a_plan_is_closed(kept: Kept) -> None:
    plan, meeting = f"/plans/{kept.plan}", kept.meet(date(2026, 9, 1), hold=False)
    assert "Cancelled" in sent(kept, f"{plan}/cancel-meeting", meeting=meeting, reason=WHY)
    assert kept.record().meetings[0].cancelled_because == WHY
    status, told = refused(kept, f"{plan}/close", reason="n/a")
    assert (status, "Say why the plan is closed" in told) == (422, True)
    sent(kept, f"{plan}/close", reason=WHY)
    assert kept.record().plan.closed_because == WHY


def test_the_rules_of_a_plan_are_numbers_within_their_ranges(kept: Kept) -> None:
    path = f"/plans/{kept.plan}/adopt-rules"
    numbers = {
        "review_every_days": "500", "slip_tolerance_days": "x", "complete_percent": "",
        "impact_needs_measures": "no",
    }  # fmt: skip
    status, told = refused(kept, path, **numbers)
    assert status == 422
    assert "Enter a whole number from 1 to 400." in told
    assert "Enter a whole number, for example 25." in told
    assert "Enter a whole number from 1 to 100." in told
    numbers |= {"review_every_days": "60", "slip_tolerance_days": "5", "complete_percent": "90"}
    sent(kept, path, **numbers)
    rules = kept.record().plan.rules[-1][1]
    assert (rules.version, rules.review_every_days, rules.impact_needs_measures) == (2, 60, False)


@pytest.mark.parametrize(
    ("step", "fields", "ended"),
    [
        ("reword", {"title": "Do it well", "reason": WHY}, None),
        ("lead", {"leads": "Director\nHead", "responsible": "Manager"}, None),
        ("link", {"kind": "indicator", "to": "seen-in-time"}, None),
        ("merge", {"into": "OTHER", "reason": WHY}, "merged"),
        ("route", {"board": "Partnership", "reason": WHY}, "routed"),
        ("remove", {"reason": WHY}, "removed"),
    ],
)
def test_an_action_is_changed_or_ended(
    kept: Kept, step: str, fields: dict[str, str], ended: str | None
) -> None:
    action, other = kept.action("1.1"), kept.action("1.2")
    asked = {name: other if value == "OTHER" else value for name, value in fields.items()}
    sent(kept, f"/plan-actions/{action}/{step}", **asked)
    own = kept.record().actions[action]
    assert own.ended == ended
    assert (own.title, own.leads) == (
        "Do it well" if step == "reword" else "Do 1.1",
        ("Director", "Head") if step == "lead" else ("Head of quality",),
    )
    assert bool(kept.record().links.get(action)) == (step == "link")
    if ended is not None:
        status, told = refused(kept, f"/plan-actions/{action}/reword", title="", reason="")
        assert (status, "This action has ended." in told) == (409, True)


def test_what_is_chosen_is_one_of_what_was_offered(kept: Kept) -> None:
    action = kept.action("1.1")
    for step, fields, sentence in (
        ("link", {"kind": "a-wish", "to": "x"}, "Choose what it is."),
        ("merge", {"into": action, "reason": WHY}, "Choose another action of this plan"),
    ):
        status, told = refused(kept, f"/plan-actions/{action}/{step}", **fields)
        assert (status, sentence in told) == (422, True)


def test_a_measure_and_a_review_are_chosen_to_be_withdrawn(kept: Kept) -> None:
    action = kept.action("1.1")
    measure = kept.do(reviews.set_measure, action=action, text="Fewer repeats")
    review = kept.rate(action, "red")
    path = f"/plan-actions/{action}"
    sent(kept, f"{path}/withdraw-measure", measure=measure, reason=WHY)
    sent(kept, f"{path}/withdraw-review", assessment=review, reason=WHY)
    record = kept.record()
    assert [one.withdrawn_because for one in record.measures[action]] == [WHY]
    assert [one.withdrawn_because for one in record.reviews[action]] == [WHY]
