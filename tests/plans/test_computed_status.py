"""The computed status beside the declared one, what changed since a meeting."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from projections.plans.changes import changed
from projections.plans.computed_status import gaps, in_words, status
from qa.plans import action_events, events
from qa.plans.events import plan_stream
from qa.plans.status_rules import StatusRules
from tests.plans.support import FOUR, Told, level, on

START = date(2025, 9, 1)
DUE = on(date(2026, 1, 31))
CLAIMING = FOUR.model_copy(
    update={
        "levels": (
            level("red", 1, stands_for="off-track"),
            level("amber", 2, stands_for="slipping"),
            level("green", 3, stands_for="on-track"),
            level("blue", 4, met=True, final=True),
            level("not-rated", None),
        )
    }
)


def told(**stages: Any) -> Told:
    return Told(START).scale(CLAIMING).plan(CLAIMING).action("1.1", DUE)


def evidence(of: str, day: date) -> action_events.PlanActionEvidenceAdded:
    return action_events.PlanActionEvidenceAdded(
        evidence=f"e-{of}",
        of=of,
        what="Seen on file",
        on=day,
    )


def measured(target: int, value: int, day: str) -> list[Any]:
    number = {"comparator": "gte", "target": Decimal(target), "unit": "percent"}
    return [
        action_events.SuccessMeasureSet(measure="m", text="Good", **number),
        action_events.SuccessMeasureReported(
            report="r", measure="m", state="value", said="x", values=(Decimal(value),), period=day
        ),
    ]


BLUE, GREEN = "blue", "green"


@pytest.mark.parametrize(
    ("rated", "beside", "day", "computed", "gap"),
    [
        (BLUE, [], date(2026, 1, 20), "off-track", "declared-better"),
        (BLUE, ["delivery"], date(2026, 1, 20), "delivered", "declared-better"),
        (BLUE, ["impact"], date(2026, 1, 20), "embedded", "same"),
        (BLUE, ["impact", 90], date(2026, 1, 20), "embedded", "same"),
        (BLUE, ["impact", 70], date(2026, 1, 20), "delivered", "declared-better"),
        (GREEN, [], date(2026, 1, 20), "on-track", "same"),
        (GREEN, [], date(2026, 1, 31), "on-track", "same"),
        (GREEN, [], date(2026, 2, 1), "off-track", "declared-better"),
        ("red", [], date(2026, 1, 20), "on-track", "declared-worse"),
        (GREEN, [], date(2026, 3, 20), "off-track", "declared-better"),
        ("amber", ["slip"], date(2026, 2, 1), "slipping", "same"),
        (GREEN, ["slip"], date(2026, 2, 1), "slipping", "declared-better"),
        (None, [], date(2026, 1, 20), "on-track", "no-gap-known"),
    ],
)
def test_the_table_of_rules(
    rated: str | None, beside: list[Any], day: date, computed: str, gap: str
) -> None:
    plan = told().rate("1.1", rated, date(2026, 1, 10), scale=CLAIMING, commentary="Reviewed.")
    for each in beside:
        if each == "slip":
            plan.redate("1.1", [DUE], [on(date(2026, 6, 30))])
        elif isinstance(each, str):
            plan.of("1.1", evidence(each, date(2026, 1, 5)))
        else:
            plan.of("1.1", *measured(80, each, "2026-01"))
    record = plan.record()
    found = status(record, record.actions["1.1"], day)
    assert (found.computed, found.gap) == (computed, gap)
    assert found.why


def test_an_action_not_reviewed_for_too_long_slips_and_one_without_a_date_is_not_guessed() -> None:
    plan = told().action("1.2").rate("1.1", GREEN, date(2025, 10, 1), scale=CLAIMING)
    record = plan.record()
    found = {
        (reference, days): status(record, record.actions[reference], START + timedelta(days))
        for reference, days in (("1.1", 75), ("1.1", 76), ("1.2", 45), ("1.2", 46))
    }
    assert {key: one.computed for key, one in found.items()} == {
        ("1.1", 75): "on-track",
        ("1.1", 76): "slipping",
        ("1.2", 45): "not-computable",
        ("1.2", 46): "slipping",
    }


def test_rules_hold_from_the_day_they_were_adopted_and_are_told_in_words() -> None:
    plan = told().rate("1.1", GREEN, date(2026, 1, 10), scale=CLAIMING)
    plan.day = date(2026, 2, 10)
    lenient = StatusRules(version=2, slip_tolerance_days=20)
    plan.say(plan_stream("p"), events.PlanRulesAdopted(rules=lenient))
    record = plan.record()
    day_of = {n: status(record, record.actions["1.1"], date(2026, 2, n)) for n in (9, 10)}
    assert {n: one.computed for n, one in day_of.items()} == {9: "off-track", 10: "on-track"}
    assert [one.rules.version for one in day_of.values()] == [1, 2]
    assert any("by more than 20 days" in sentence for sentence in in_words(lenient))


def test_the_gap_list_is_what_differs_with_what_is_declared_better_first() -> None:
    plan = told().action("1.2", DUE).action("1.3", DUE)
    for action, code in (("1.1", "red"), ("1.2", BLUE), ("1.3", GREEN)):
        plan.rate(action, code, date(2026, 1, 10), scale=CLAIMING)
    found = gaps(plan.record(), date(2026, 1, 20))
    assert [(one.action.id, one.gap) for one in found] == [
        ("1.2", "declared-better"), ("1.1", "declared-worse"),
    ]  # fmt: skip


def test_what_changed_since_a_meeting_includes_what_was_told_of_earlier_days_afterwards() -> None:
    plan = told().action("1.2", DUE).action("1.3", DUE).action("2.1")
    for action in ("1.1", "1.2", "1.3"):
        plan.rate(action, GREEN, date(2025, 10, 1), scale=CLAIMING)
    seen, then, now = len(plan.events), date(2025, 11, 18), date(2026, 1, 20)
    plan.day = date(2025, 11, 1)
    plan.of("1.1", evidence("impact", date(2025, 11, 1)))
    plan.rate("1.2", "red", date(2025, 12, 16), scale=CLAIMING)
    plan.day = date(2025, 12, 16)
    plan.redate("1.2", [DUE], [on(date(2026, 3, 31))])
    plan.of(
        "1.3",
        action_events.PlanActionReworded(old="Do 1.3", new="Do it"),
        reason="Clearer to readers.",
    )
    plan.of("2.1", action_events.PlanActionRemoved(), reason="Done elsewhere.")
    plan.action("1.4")
    asked = {"request": "q", "old": (DUE,), "new": (on(date(2026, 9, 30)),)}
    plan.of("1.1", action_events.PlanActionRescheduleAsked(**asked), reason="The supplier is late.")
    record, before = plan.record(), plan.record(seen)

    found = changed(record, now, then, before)
    assert [(one.action.id, one.direction) for one in found.moved] == [("1.2", "worse")]
    assert [one.action.id for one in found.newly_worst] == ["1.2"]
    assert [(one.action.id, one.days) for one in found.redated] == [("1.2", 59)]
    assert [action.id for action, _ in found.pending] == ["1.1"]
    assert [action.id for action, _ in found.evidence] == ["1.1"]
    assert [(action.id, one.new) for action, one in found.reworded] == [("1.3", "Do it")]
    assert [action.id for action in found.added] == ["1.4"]
    assert [action.id for action in found.ended] == ["2.1"]
    assert changed(record, now, then).evidence == ()


def test_an_action_at_one_level_for_three_meetings_is_stuck() -> None:
    plan = told().action("1.2").rate("1.1", "amber", START, scale=CLAIMING)
    plan.rate("1.2", "red", START, scale=CLAIMING)
    plan.rate("1.2", "amber", date(2025, 11, 1), scale=CLAIMING)
    for month in (10, 11, 12):
        day = date(2025, month, 16)
        called = events.BoardMeetingCalled(meeting=f"m{month}", on=day, title="Board")
        plan.say(plan_stream("p"), called)
    found = changed(plan.record(), date(2025, 12, 16), date(2025, 11, 16))
    assert [(one.action.id, one.meetings, one.first) for one in found.stuck] == [
        ("1.1", 3, date(2025, 10, 16))
    ]
