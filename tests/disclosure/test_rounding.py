"""Whoever has rounded copies and tries every number that fits them learns of no small one.

The attacker here shares no code with the rule: it knows to which multiples numbers go, and tries.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise, product

import pytest

from qa.disclosure.rounding import RATES_FROM, rounded, rounded_rate, rounded_rows
from qa.disclosure.suppression import CountedRow, CountedTable

STEPS = (3, 4, 5, 8, 50)
Row = tuple[int, int, int]
"""Audits, those moderated, those of them that agree."""


def told(number: int, step: int) -> int:
    """The multiple that is nearest to a number, the greater of two."""
    return min(range(0, number + step + 1, step), key=lambda one: (abs(one - number), -one))


def rows_behind(step: int) -> dict[tuple[int, ...], list[Row]]:
    """What each row that a copy shows may be: every row up to four steps that fits it."""
    found: dict[tuple[int, ...], list[Row]] = defaultdict(list)
    most = range(4 * step + 1) if step < 6 else range(0, 4 * step + 1, step // 6)
    for audits, moderated, agree in product(most, most, most):
        if audits >= moderated >= agree:
            row = audits, moderated, agree
            found[tuple(told(one, step) for one in row)].append(row)
    return found


def numbers(row: Row) -> tuple[int, ...]:
    """Every number and every rest of a row."""
    return *row, *(first - second for first, second in pairwise(row)), row[0] - row[2]


def is_few(values: set[int], step: int) -> bool:
    """Whether all of them are small: then the reader knows that it is of few."""
    return all(0 < abs(one) < step for one in values)


@pytest.mark.parametrize("step", STEPS)
def test_no_number_nor_rest_of_a_rounded_row_is_known_to_be_of_few(step: int) -> None:
    for shown, rows in rows_behind(step).items():
        for place in range(6):
            values = {numbers(row)[place] for row in rows}
            assert not is_few(values, step), (shown, place, sorted(values))


@pytest.mark.parametrize("step", STEPS)
def test_nor_is_how_it_differs_from_an_earlier_copy_or_from_any_other_number(step: int) -> None:
    held = [{numbers(row)[place] for row in rows}
            for rows in rows_behind(step).values() for place in range(6)]  # fmt: skip
    spans = sorted({(min(values), max(values)) for values in held})
    for (low, high), (other_low, other_high) in product(spans, spans):
        differences = low - other_high, high - other_low
        nothing = differences[0] <= 0 <= differences[1]
        assert nothing or max(map(abs, differences)) >= step


@pytest.mark.parametrize("step", STEPS[:4])
def test_nor_are_two_that_exclude_each_other_known_from_their_sum(step: int) -> None:
    """Good and inadequate of those graded: together they are never more."""
    most = range(4 * step + 1)
    shown: dict[tuple[int, ...], list[Row]] = defaultdict(list)
    for graded, good, inadequate in product(most, most, most):
        if good + inadequate > graded:
            continue
        counts = {"good": (good, graded), "inadequate": (inadequate, graded)}
        row = CountedRow((("row", "1"),), counts, "grades")
        if not rounded_rows(CountedTable([row], []), step).hidden:
            made = graded, good, inadequate
            shown[tuple(told(one, step) for one in made)].append(made)
    for seen, rows in shown.items():
        for of in (
            lambda row: row[1],
            lambda row: row[2],
            lambda row: row[0] - row[1],
            lambda row: row[0] - row[2],
            lambda row: row[0] - row[1] - row[2],
        ):
            values = {of(row) for row in rows}
            assert not is_few(values, step), (seen, sorted(values))
    seven = {"good": (4, 7), "inadequate": (3, 7)}
    row = CountedRow((("row", "1"),), seven, "grades")
    assert rounded_rows(CountedTable([row], []), 5).hidden == (0,)


@pytest.mark.parametrize("step", STEPS)
def test_a_number_goes_to_the_nearest_multiple(step: int) -> None:
    assert all(rounded(one, step) == told(one, step) for one in range(6 * step))


def test_a_rate_is_made_of_rounded_numbers_and_of_many() -> None:
    assert rounded_rate(25, 50, 5) == 50
    assert rounded_rate(15, 45, 5) is None
    assert rounded_rate(5, RATES_FROM * 5, 5) == 10
    assert rounded_rate(1, 200, 3) == 1  # 0.5 goes up
    assert rounded_rate(500, 500, 5) == 100


def test_a_row_is_left_out_for_parts_of_one_number_that_are_more_than_it() -> None:
    def hidden(*counts: tuple[int, int]) -> bool:
        named = {str(at): count for at, count in enumerate(counts)}
        row = CountedRow((("row", "1"),), named, "grades")
        return bool(rounded_rows(CountedTable([row], []), 5).hidden)

    assert hidden((4, 7), (3, 7))  # 5 and 5 of 5
    assert not hidden((8, 16), (4, 16))  # 10 and 5 of 15
    assert not hidden((4, 7), (3, 40))  # of two numbers


def test_no_total_stands_beside_rows_and_what_is_not_known_is_left_out() -> None:
    known = CountedRow((("row", "1"),), {"audits": (4, 4)}, "grades")
    unknown = CountedRow((("row", "2"),), {"audits": None}, "grades")
    total = CountedRow((("total", "all"),), {"audits": (9, 9)}, "grades")
    other = CountedRow((("total", "all"),), {"audits": (9, 9)}, "areas")
    shown = rounded_rows(CountedTable([known, unknown], [total, other]), 5)
    assert (shown.hidden, shown.totals) == ((1,), (1,))
