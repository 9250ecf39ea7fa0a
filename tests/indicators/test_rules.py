"""What an indicator accepts and refuses: definitions, targets, values, and what is said of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from qa.core.errors import Conflict, Fault, NotNow, Refused
from qa.core.words import rounded
from qa.imports.changes import meet
from qa.indicators import decisions, events, import_decisions
from qa.indicators.commands import (
    BreakIndicatorSeries,
    DecideIndicatorPolarity,
    ObserveIndicatorComparator,
    RestateIndicator,
    RetireIndicator,
)
from qa.indicators.definition import DefinitionDraft, TargetDraft
from qa.indicators.state import Indicator, evolve
from qa.indicators.values import ValueDraft, of_parts, value
from tests.indicators.support import DRAFT, Q3, TODAY, after, asked, faults, observed, replace
from tests.support.given import codes_of, recorded


def test_a_definition_is_the_first_version_and_its_id_is_taken_from_then_on() -> None:
    [event] = decisions.define(Indicator(), DRAFT, id="moderated")
    assert isinstance(event, events.IndicatorDefined)
    assert (event.definition.version, event.definition.polarity) == (1, "higher")
    with pytest.raises(Conflict):
        decisions.define(after(), DRAFT, id="moderated")


def test_every_fault_of_a_definition_is_named_at_its_field() -> None:
    wrong = DefinitionDraft.model_construct(
        None,
        name="",
        unit="percents",
        period="year",
        rolling_months="1",
        polarity="up",
        measure="audits-counted",
        since=None,
    )
    assert faults(lambda: decisions.define(Indicator(), wrong, id="Not an id")) == [
        ("id", "id-malformed"),
        ("name", "name-missing"),
        ("since", "since-missing"),
        ("unit", "unit-unknown"),
        ("period", "period-unknown"),
        ("polarity", "polarity-unknown"),
        ("rolling_months", "rolling-window"),
        ("measure", "measure-unknown"),
        ("rolling_months", "rolling-measure"),
    ]


def test_a_definition_never_changes_in_the_middle_of_a_period() -> None:
    changed = replace(DRAFT, denominator="audits planned", since=date(2020, 11, 1))
    state = after()
    assert faults(lambda: decisions.redefine(state, changed, breaks=True)) == [
        ("since", "since-mid-period")
    ]
    on_the_first = replace(changed, since=date(2020, 10, 1))
    [event] = decisions.redefine(state, on_the_first, breaks=True)
    assert isinstance(event, events.IndicatorRedefined)
    assert (event.old.version, event.new.version, event.breaks) == (1, 2, True)
    earlier = replace(on_the_first, since=date(2020, 4, 1))
    assert faults(lambda: decisions.redefine(state, earlier, breaks=True)) == [
        ("since", "since-not-later")
    ]


@pytest.mark.parametrize("day", [date(1, 4, 1), date(9999, 10, 1)])
def test_a_day_that_cannot_be_meant_is_refused(day: date) -> None:
    far = replace(DRAFT, since=day)
    assert faults(lambda: decisions.define(Indicator(), far, id="far")) == [
        ("since", "day-implausible")
    ]
    assert faults(lambda: target("gte", day, of="70")(after())) == [("since", "day-implausible")]
    assert faults(
        lambda: decisions.retire(
            after(), asked(RetireIndicator, after=day, reason="Said with reason.")
        )
    ) == [("after", "day-implausible")]


def test_another_unit_breaks_the_series() -> None:
    changed = replace(DRAFT, unit="count", since=date(2020, 10, 1))
    state = after()
    assert faults(lambda: decisions.redefine(state, changed, breaks=False)) == [
        ("breaks", "break-needed")
    ]
    same = replace(DRAFT, since=date(2020, 10, 1))
    assert faults(lambda: decisions.redefine(state, same, breaks=True)) == [
        ("name", "nothing-changed")
    ]


def test_a_value_keeps_its_precision_and_its_note() -> None:
    [event] = decisions.observe(after(), Q3, today=TODAY)
    assert isinstance(event, events.IndicatorObserved)
    assert (str(event.value), event.note, event.state) == ("27", "exc Dec", "value")
    [precise] = decisions.observe(
        after(), ValueDraft(period="2020/21 Q3", value="17.70%"), today=TODAY
    )
    assert isinstance(precise, events.IndicatorObserved)
    assert str(precise.value) == "17.70"


def test_a_value_may_be_given_by_its_parts_alone() -> None:
    draft = ValueDraft(period="2020/21 Q3", numerator="22", denominator="214")
    [event] = decisions.observe(after(), draft, today=TODAY)
    assert isinstance(event, events.IndicatorObserved)
    assert (event.value, event.numerator, event.denominator) == (Decimal("10.3"), 22, 214)


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (replace(Q3, value="ninety"), [("value", "not-a-number")]),
        (replace(Q3, value="£27"), [("value", "not-a-number")]),
        (replace(Q3, value="101"), [("value", "percent-out-of-range")]),
        (replace(Q3, value="-1"), [("value", "percent-out-of-range")]),
        (replace(Q3, value=""), [("value", "value-missing")]),
        (replace(Q3, numerator="0", denominator="0"), [("denominator", "denominator-zero")]),
        (
            replace(Q3, numerator="5", denominator="4"),
            [("numerator", "numerator-over-denominator")],
        ),
        (
            replace(Q3, numerator="34", denominator="180"),
            [("value", "value-and-parts-differ")],
        ),
        (replace(Q3, numerator="1.5", denominator="4"), [("numerator", "not-a-count")]),
        (replace(Q3, state="maybe"), [("state", "state-unknown")]),
        (replace(Q3, state="no-value"), [("value", "value-not-asked")]),
        (replace(Q3, period="December 2020"), [("period", "period-of-the-wrong-kind")]),
        (replace(Q3, period="Q3"), [("period", "unknown-period")]),
        (replace(Q3, period="9999/00 Q4"), [("period", "unknown-period")]),
        (replace(Q3, period="2020/21 Q4"), [("period", "period-not-over")]),
        (replace(Q3, period="2021/22 Q1"), [("period", "period-in-the-future")]),
        (replace(Q3, period="2019/20 Q4"), [("period", "period-before-definition")]),
        (
            replace(Q3, period="2022/23 Q1", value="x"),
            [("period", "period-in-the-future"), ("value", "not-a-number")],
        ),
    ],
)
def test_nothing_about_a_value_is_guessed(draft: ValueDraft, found: list[Any]) -> None:
    state = after()
    assert faults(lambda: decisions.observe(state, draft, today=TODAY)) == found


def test_a_value_that_contradicts_its_parts_is_refused_with_both_named() -> None:
    draft = replace(Q3, numerator="34", denominator="180")
    with pytest.raises(Refused, match=r"34 of 180 gives 18\.9, not 27"):
        decisions.observe(after(), draft, today=TODAY)


def test_a_second_value_of_a_source_is_a_restatement_with_a_reason() -> None:
    state = after(observed())
    again = replace(Q3, value="19")
    assert faults(lambda: decisions.observe(state, again, today=TODAY)) == [
        ("period", "already-observed")
    ]

    def restated(draft: ValueDraft, reason: str = "Said with reason.") -> list[Any]:
        command = asked(RestateIndicator, **draft.model_dump(), reason=reason)
        return decisions.restate(state, command, today=TODAY)

    assert faults(lambda: restated(again, " ")) == [("reason", "reason-missing")]
    [event] = restated(again, "December is in.")
    assert isinstance(event, events.IndicatorRestated)
    assert (event.old_value, event.value) == (Decimal(27), Decimal(19))
    same = replace(Q3, note="without December")
    assert faults(lambda: restated(same)) == [("value", "nothing-changed")]
    never = replace(again, source="scrutiny pack")
    assert faults(lambda: restated(never)) == [("period", "never-observed")]


def test_another_source_may_say_otherwise_of_the_same_period() -> None:
    other = replace(Q3, value="34", source="scrutiny pack")
    state = after(observed(), observed(other))
    assert {source: held.value for (_, source), held in state.values.items()} == {
        "": Decimal(27),
        "scrutiny pack": Decimal(34),
    }


def test_what_caseloop_counts_itself_cannot_be_entered() -> None:
    derived = replace(DRAFT, measure="moderation-coverage")
    assert ("value", "derived-indicator") in faults(
        lambda: decisions.observe(after(draft=derived), Q3, today=TODAY)
    )


def target(comparator: str, since: date = date(2020, 9, 1), **values: str) -> Any:
    draft = TargetDraft(comparator=comparator, since=since, **values)
    return lambda state: decisions.set_target(state, draft)


def test_targets_follow_one_another_by_date_and_two_from_one_day_are_refused() -> None:
    state = after(target("gte", of="70"), target("gte", date(2021, 4, 1), of="80"))
    assert state.target_on(date(2020, 8, 31)) is None
    assert state.target_on(date(2021, 3, 31)) == state.targets[0]
    assert state.target_on(date(2021, 4, 1)) == state.targets[1]
    assert faults(lambda: target("gte", of="75")(state)) == [("since", "two-targets")]


@pytest.mark.parametrize(
    ("decide", "found"),
    [
        (target("better"), [("comparator", "comparator-unknown")]),
        (target("gte"), [("of", "number-missing")]),
        (target("gte", of="seventy"), [("of", "not-a-number")]),
        (target("gte", of="101"), [("of", "percent-out-of-range")]),
        (target("increase", of="5"), [("of", "number-not-asked")]),
        (target("between", of="70", upto="60"), [("upto", "range-order")]),
        (target("between", of="70"), [("upto", "range-ends")]),
        (target("gte", of="70", tolerance="-1"), [("tolerance", "negative")]),
        (target("gte", of="70", against="England"), [("against", "against-not-asked")]),
    ],
)
def test_every_fault_of_a_target_is_named(decide: Any, found: list[Any]) -> None:
    state = after()
    assert faults(lambda: decide(state)) == found


def test_which_way_is_better_is_decided_from_a_day_on() -> None:
    def lower(since: date, reason: str) -> Any:
        command = asked(DecideIndicatorPolarity, polarity="lower", since=since, reason=reason)
        return lambda held: decisions.decide_polarity(held, command)

    state = after(lower(date(2020, 10, 1), "The board decided."))
    assert state.polarity_on(date(2020, 9, 30)) == "higher"
    assert state.polarity_on(date(2020, 10, 1)) == "lower"
    assert faults(lambda: lower(TODAY, "")(state)) == [("reason", "reason-missing")]


def test_a_comparator_may_be_given_by_the_year_and_replaced_with_a_reason() -> None:
    def england(value: str, reason: str = "", **values: str) -> Any:
        given = {"comparator": "England", "period": "2019/20", "value": value, "reason": reason}
        command = asked(ObserveIndicatorComparator, **given | values)
        return lambda state: decisions.observe_comparator(state, command, today=TODAY)

    state = after(england("40%"))
    assert faults(lambda: england("41")(state)) == [("reason", "reason-missing")]
    [event] = england("41", "Revised by the department.")(state)
    assert (event.old, event.value) == (Decimal(40), Decimal(41))
    assert faults(lambda: england("1", comparator="", period="May 2020")(state)) == [
        ("comparator", "comparator-missing"),
        ("period", "period-of-the-wrong-kind"),
    ]


def test_breaks_and_rebases_are_decisions_with_a_period_and_a_reason() -> None:
    mark = asked(BreakIndicatorSeries, period="2020/21 Q3", reason="A new tool is used.")
    bare = replace(mark, reason="")
    for decide in (decisions.break_series, decisions.rebase):
        [event] = decide(after(), mark, today=TODAY)
        state = evolve(after(), recorded(event, 2, "indicator:moderated"))
        assert faults(lambda decide=decide, state=state: decide(state, bare, today=TODAY)) == [
            ("reason", "reason-missing"),
            ("period", "already-marked"),
        ]


def test_a_retired_indicator_takes_values_of_earlier_periods_only() -> None:
    state = after(
        lambda held: decisions.retire(
            held, asked(RetireIndicator, after=date(2020, 9, 30), reason="It was replaced.")
        )
    )
    q2 = replace(Q3, period="2020/21 Q2")
    assert decisions.observe(state, q2, today=TODAY)
    assert faults(lambda: decisions.observe(state, Q3, today=TODAY)) == [
        ("period", "indicator-retired")
    ]
    with pytest.raises(NotNow):
        decisions.set_target(state, TargetDraft(comparator="gte", since=TODAY))


def test_an_indicator_with_values_cannot_be_taken_back() -> None:
    state = after(observed())
    with pytest.raises(NotNow):
        decisions.withdraw(state)
    [gone] = decisions.withdraw_value(state, period="2020/21 Q3", source="")
    state = evolve(state, recorded(gone, 3, "indicator:moderated"))
    [event] = decisions.withdraw(state)
    assert evolve(state, recorded(event, 4, "indicator:moderated")) == Indicator()


@for_all(st.integers(0, 500), st.integers(1, 500), st.integers(0, 3))
def test_a_value_given_to_any_precision_agrees_with_the_parts_it_was_made_of(
    part: int, more: int, places: int
) -> None:
    whole = part + more
    made = rounded(Fraction(100 * part, whole), places)
    draft = ValueDraft(
        period="2020/21 Q3", value=str(made), numerator=str(part), denominator=str(whole)
    )
    found: list[Fault] = []
    checked = value(draft, "percent", found)
    assert found == []
    assert checked is not None
    assert checked.value == made
    assert of_parts(part, whole, "percent") == Fraction(100 * part, whole)


def test_a_batch_with_nothing_left_is_not_undone() -> None:
    assert codes_of(lambda: import_decisions.something_undone(0)) == ["nothing-left"]
    assert codes_of(lambda: import_decisions.something_undone(2)) == []


def test_what_a_file_states_is_on_record_the_same_or_refused() -> None:
    def met(held: dict[str, object] | None, **how: Any) -> str:
        return meet(held, {"name": "x", "unit": None}, row=2, column="id", value="x", **how)

    assert met(None) == "new"
    assert met({"name": "x", "unit": None}) == "there"
    assert codes_of(lambda: met({"name": "y"})) == ["already-imported-otherwise"]
    assert met({"name": "y"}, columns=("unit",)) == "there"
    assert met({"name": "y"}, corrects=True) == "changed"
