"""Ratings over time: strips, tables, spells, counts and means, on one scale and across two."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from projections.plans.counting import on_the_board
from projections.plans.meetings import compared
from projections.plans.ratings import rating, remarks, spells, strip, table, time_in_states
from qa.plans import action_events, events
from qa.plans.events import plan_stream, scale_stream
from qa.plans.rag_scale import MappedLevel, RagScale
from tests.plans.support import FOUR, THREE, Told, level

START = date(2020, 9, 1)
JANUARY, FEBRUARY, MARCH = date(2021, 1, 19), date(2021, 2, 16), date(2021, 3, 16)


def told() -> Told:
    return Told(START).scale(FOUR).plan()


def test_a_rating_holds_until_the_next_and_a_review_without_one_leaves_it() -> None:
    plan = told().action("1.1").rate("1.1", "amber", JANUARY, percent_complete=25)
    plan.rate("1.1", None, FEBRUARY, commentary="No change.", difference="too-early")
    plan.rate("1.1", "green", MARCH)
    record = plan.record()
    codes = {
        day: held.level.code
        for day in (JANUARY - timedelta(1), JANUARY, FEBRUARY, MARCH)
        if (held := rating(record, "1.1", day)) is not None
    }
    assert codes == {JANUARY: "amber", FEBRUARY: "amber", MARCH: "green"}
    then = remarks(record, "1.1", FEBRUARY)
    assert (then.percent_complete, then.difference) == (25, "too-early")
    assert (then.commentary, then.reviewed_on) == ("No change.", FEBRUARY)


def test_not_yet_rated_is_no_rating_and_takes_one_away() -> None:
    plan = told().action("1.1").rate("1.1", "red", JANUARY).rate("1.1", "not-rated", FEBRUARY)
    record = plan.record()
    assert rating(record, "1.1", FEBRUARY) is None
    assert on_the_board(record, FEBRUARY).whole.unrated == ("1.1",)


def test_a_withdrawn_review_stays_in_the_strip_and_counts_no_more() -> None:
    plan = told().action("1.1").rate("1.1", "red", JANUARY).rate("1.1", "blue", FEBRUARY)
    wrong = plan.events[-1].event.assessment
    withdrawn = action_events.PlanActionAssessmentWithdrawn(assessment=wrong)
    plan.of("1.1", withdrawn, reason="Another action’s.")
    record = plan.record()
    assert [(one.level, one.stands) for one in strip(record, "1.1")] == [
        ("red", True), ("blue", False),
    ]  # fmt: skip
    held = rating(record, "1.1", MARCH)
    assert held is not None
    assert held.level.code == "red"


def test_time_in_each_state_counts_days_and_leaves_unrated_time_apart() -> None:
    plan = told().action("1.1", since=date(2021, 1, 1))
    for code, day in (("red", 11), ("red", 15), ("amber", 21), ("red", 26)):
        plan.rate("1.1", code, date(2021, 1, day))
    record = plan.record()
    action = record.actions["1.1"]
    day = date(2021, 1, 31)
    assert [(spell.days, spell.end is None) for spell in spells(record, action, day)] == [
        (10, False), (10, False), (5, False), (5, True),
    ]  # fmt: skip
    found = {
        None if one.level is None else one.level.code: (one.closed_days, one.open_days, one.spells)
        for one in time_in_states(record, action, day)
    }
    assert found == {None: (10, None, 1), "red": (10, 5, 2), "amber": (5, None, 1)}


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(["red", "amber", "not-rated", None])),
        max_size=12,
    ),
    st.integers(0, 45),
)
def test_the_spells_of_an_action_fill_its_days_without_gap_or_overlap(
    reviews: list[tuple[int, str | None]], upto: int
) -> None:
    plan = told().action("1.1", since=JANUARY)
    for after, code in reviews:
        plan.rate("1.1", code, JANUARY + timedelta(after))
    record = plan.record()
    day = JANUARY + timedelta(upto)
    held = spells(record, record.actions["1.1"], day)
    assert sum(spell.days for spell in held) == upto
    assert [spell.end for spell in held[:-1]] == [spell.start for spell in held[1:]]
    assert held[-1].end is None
    at_each_day = [rating(record, "1.1", JANUARY + timedelta(n)) for n in range(upto)]
    by_hand = sum(1 for one in at_each_day if one is not None and one.level.code == "red")
    assert by_hand == sum(spell.days for spell in held if spell.level and spell.level.code == "red")


def test_a_theme_by_the_dates_of_its_board_says_which_way_each_action_went() -> None:
    plan = told().action("1.1").action("1.2", since=FEBRUARY).action("2.1")
    plan.rate("1.1", "amber", JANUARY).rate("1.1", "green", FEBRUARY).rate("1.1", "red", MARCH)
    plan.rate("1.2", "red", MARCH)
    lines = table(plan.record(), "1", [JANUARY, FEBRUARY, MARCH])
    assert [(line.action.reference, [cell.direction for cell in line.cells]) for line in lines] == [
        ("1.1", [None, "better", "worse"]),
        ("1.2", [None, "unrated", "first"]),
    ]
    assert [cell.in_plan for cell in lines[1].cells] == [False, True, True]


def test_where_low_ranks_are_best_a_lower_one_is_better() -> None:
    upside = RagScale(
        id="order", version=1, name="Order", best="lowest",
        levels=(level("first", 1), level("second", 2)),
    )  # fmt: skip
    plan = Told(START).scale(upside).plan(upside).action("1.1")
    plan.rate("1.1", "second", JANUARY, scale=upside).rate("1.1", "first", MARCH, scale=upside)
    assert compared(plan.record(), MARCH, JANUARY).actions[0].direction == "better"


def test_every_level_is_counted_and_a_theme_without_ratings_has_no_data() -> None:
    plan = Told(START).scale(FOUR).plan(parts=("1", "2", "8")).action("1.1").action("2.1")
    plan.rate("1.1", "amber", JANUARY)
    board = on_the_board(plan.record(), MARCH)
    counted = {part.id: each for part, each in board.themes}
    found = {code: one.numerator for code, one in counted["1"].of_the_day.counts.items()}
    assert found == {"red": 0, "amber": 1, "green": 0, "blue": 0}
    assert counted["2"].of_the_day.mean.exact is None
    assert counted["2"].of_the_day.mean.display == "–"
    assert counted["2"].unrated == ("2.1",)
    assert counted["8"].no_data
    assert board.mean_of_themes.exact == 2


def test_the_overall_mean_is_of_unrounded_theme_means_and_the_weighted_one_stands_beside() -> None:
    """Theme means of 3.25, 2.25, 2.5 and 3: the first is shown 3.3, halves away from zero."""
    plan = Told(START).scale(FOUR).plan(parts=("1", "2", "3", "4"))
    ranks = {"1": (3, 3, 3, 4), "2": (2, 2, 2, 3), "3": (2, 3), "4": (3,)}
    codes = {1: "red", 2: "amber", 3: "green", 4: "blue"}
    for theme, given_to in ranks.items():
        for at, rank in enumerate(given_to, 1):
            plan.action(f"{theme}.{at}").rate(f"{theme}.{at}", codes[rank], JANUARY)
    board = on_the_board(plan.record(), JANUARY)
    means = [each.of_the_day.mean for _, each in board.themes]
    assert [mean.display for mean in means] == ["3.3", "2.3", "2.5", "3.0"]
    assert [str(mean.value) for mean in means] == ["3.25", "2.25", "2.50", "3.00"]
    assert board.mean_of_themes.exact == Fraction(11, 4)
    assert (board.mean_of_themes.value, board.mean_of_themes.display) == (Decimal("2.75"), "2.8")
    assert board.mean_of_actions.exact == Fraction(30, 11)
    assert any("mean-of-means" in text for text in board.mean_of_themes.caveats)


def test_levels_of_two_versions_are_split_until_a_mapping_in_force_covers_them() -> None:
    plan = told().scale(THREE).action("1.1").action("1.2").action("1.3")
    adopted = events.PlanScaleAdopted(old=FOUR.key, new=THREE.key, since=FEBRUARY)
    plan.say(plan_stream("p"), adopted)
    plan.rate("1.1", "green", JANUARY).rate("1.2", "blue", JANUARY)
    plan.rate("1.3", "amber", MARCH, scale=THREE)
    before = on_the_board(plan.record(), MARCH)
    assert [tally.scale.key for tally in before.whole.tallies] == [THREE.key, FOUR.key]
    assert [tally.rated for tally in before.whole.tallies] == [1, 2]
    assert before.mean_of_actions.exact == 2

    mapped = events.RagScaleMapped(
        old=FOUR.key, new=THREE.key, levels=(MappedLevel(old="green", new="amber"),), since=MARCH
    )
    plan.say(scale_stream(THREE.id), mapped)
    record = plan.record()
    after = on_the_board(record, MARCH).whole
    assert after.of_the_day.counts["amber"].numerator == 2
    assert after.of_the_day.mapped == ("1.1",)
    assert any("scale-mapped" in text for text in after.of_the_day.mean.caveats)
    assert [tally.rated for tally in after.tallies] == [2, 1]
    the_day_before = on_the_board(record, MARCH - timedelta(1)).whole
    assert [tally.rated for tally in the_day_before.tallies] == [0, 2]
    plan.rate("1.2", "green", date(2021, 3, 20), scale=THREE)
    plan.rate("1.1", "amber", date(2021, 3, 20), scale=THREE)
    later = compared(plan.record(), date(2021, 4, 1), MARCH)
    ways = {one.action.id: one.direction for one in later.actions}
    assert ways == {"1.1": "level", "1.2": "scales-differ", "1.3": "level"}


def test_what_was_known_at_a_meeting_is_another_record() -> None:
    plan = told().action("1.1").rate("1.1", "amber", JANUARY)
    seen = len(plan.events)
    plan.rate("1.1", "red", JANUARY + timedelta(1))
    then, now = plan.record(seen), plan.record()
    codes = [held.level.code for r in (then, now) if (held := rating(r, "1.1", FEBRUARY))]
    assert codes == ["amber", "red"]
    assert compared(now, FEBRUARY, FEBRUARY, then).actions[0].direction == "worse"


def test_sixty_three_actions_shaped_as_a_published_board_report() -> None:
    """Counts by ambition of a board report of January 2021: 42 amber and 21 green of 63, no red, no
    blue, and an eighth ambition without actions, of which nothing is known."""
    amber_of = {"1": (6, 9), "2": (5, 10), "3": (8, 10), "4": (11, 11), "5": (8, 8)}
    amber_of |= {"6": (2, 6), "7": (2, 9)}
    plan = Told(START).scale(FOUR).plan(parts=[str(n) for n in range(1, 9)])
    for ambition, (amber, of) in amber_of.items():
        for at in range(1, of + 1):
            reference = f"{ambition}.{at}"
            plan.action(reference).rate(reference, "amber" if at <= amber else "green", JANUARY)
    board = on_the_board(plan.record(), JANUARY)
    found = {code: one.numerator for code, one in board.whole.of_the_day.counts.items()}
    assert found == {"red": 0, "amber": 42, "green": 21, "blue": 0}
    for part, counted in board.themes:
        counts = counted.of_the_day.counts
        if part.id == "8":
            assert counted.no_data
        else:
            assert (counts["amber"].numerator, len(counted.actions)) == amber_of[part.id]
