"""Whoever has the copies and tries every table that fits them learns of no small number.

The attacker here shares no code with the rule: it tries tables, one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.disclosure.suppression import (
    CountedRow,
    CountedTable,
    EarlierCopy,
    ShownRows,
    shown_rows,
)

LEAST = 3
Row = tuple[int, int, int, int]
"""Audits, those moderated, those of them that agree, those graded low."""
MODERATION, GRADES = "moderation", "grades"


@st.composite
def row(draw: st.DrawFn, most: int = 6) -> Row:
    audits = draw(st.integers(0, most))
    moderated = draw(st.integers(0, audits))
    return audits, moderated, draw(st.integers(0, moderated)), draw(st.integers(0, audits))


def counts(one: Row, kind: str) -> dict[str, tuple[int, int]]:
    audits, moderated, agree, low = one
    if kind == GRADES:
        return {"audits": (audits, audits), "low": (low, audits)}
    return {"coverage": (moderated, audits), "agreement": (agree, moderated)}


def table(rows: Sequence[Row], kind: str = MODERATION) -> CountedTable:
    whole = tuple(map(sum, zip(*rows, strict=True)))
    of = [CountedRow((("row", str(at)),), counts(one, kind)) for at, one in enumerate(rows)]
    return CountedTable(of, [CountedRow((("total", "all"),), counts(whole, kind))])  # type: ignore[arg-type]


def key(at: int) -> tuple[tuple[str, str], ...]:
    return (("row", str(at)),)


PLACES = {MODERATION: (0, 1, 2), GRADES: (0, 3)}


class Attacker:
    """Knows of each row what some copy shows, and the totals that some copy shows; tries every
    table that fits, the outermost first."""

    def __init__(self, rows: Sequence[Row], copies: Sequence[tuple[str, ShownRows]]) -> None:
        self.places = sorted({place for kind, _ in copies for place in PLACES[kind]})
        self.known: list[dict[int, int]] = [{} for _ in rows]
        self.sums: dict[int, int] = {}
        for kind, shown in copies:
            for place in PLACES[kind]:
                for at, one in enumerate(rows):
                    if at not in shown.hidden:
                        self.known[at][place] = one[place]
                if shown.totals:
                    self.sums[place] = sum(one[place] for one in rows)
        self.most = max(self.sums.values(), default=max(one[0] for one in rows) + LEAST)
        self.tried = [list(self._rows(known)) for known in self.known]
        self.told = [{self._told(one) for one in tried} for tried in self.tried]
        self.fitted: dict[tuple[int, tuple[int, ...]], bool] = {}

    def _rows(self, known: dict[int, int]) -> Iterator[Row]:
        def among(place: int, most: int) -> Sequence[int]:
            if place in known:
                return [known[place]] if known[place] <= most else []
            return range(most + 1) if place in self.places else [0]

        for audits in among(0, self.most):
            for moderated, low in product(among(1, audits), among(3, audits)):
                for agree in among(2, moderated):
                    yield audits, moderated, agree, low

    def _told(self, one: Sequence[int]) -> tuple[int, ...]:
        return tuple(one[place] for place in self.sums)

    def _fits(self, others: Sequence[int], left: tuple[int, ...]) -> bool:
        """Whether some rows at these places add up to what is left."""
        if any(number < 0 for number in left) or not others:
            return not any(left)
        if len(others) == 1:
            return left in self.told[others[0]]
        asked = (sum(1 << one for one in others), left)
        if asked not in self.fitted:
            rest = (tuple(map(int.__sub__, left, one)) for one in self.told[others[0]])
            self.fitted[asked] = any(self._fits(others[1:], one) for one in rest)
        return self.fitted[asked]

    def narrow(self, at: int) -> list[int]:
        """The numbers of a row that no copy shows and that can be too few values to be safe."""
        hidden = [place for place in self.places if place not in self.known[at]]
        tried, whole = self.tried[at], tuple(self.sums.values())
        others = [n for n in range(len(self.known)) if n != at]
        values: dict[int, set[int]] = {place: set() for place in hidden}
        for one in (each for pair in zip(tried, reversed(tried), strict=True) for each in pair):
            if self._fits(others, tuple(map(int.__sub__, whole, self._told(one)))):
                for place in hidden:
                    values[place].add(one[place])
            if all(map(wide, values.values())):
                break
        return [place for place, found in values.items() if not wide(found)]


def wide(values: set[int]) -> bool:
    return bool(values) and max(values) - min(values) >= LEAST


def safe(rows: Sequence[Row], copies: Sequence[tuple[str, ShownRows]]) -> None:
    """No number that every copy hides is known to fewer values than it must be."""
    attacker = Attacker(rows, copies)
    for at in range(len(rows)):
        assert attacker.narrow(at) == [], (rows, copies, at)


def small(number: int) -> bool:
    return 0 < abs(number) < LEAST


@settings(max_examples=60, deadline=None)
@given(st.lists(row(), min_size=1, max_size=3))
def test_no_hidden_count_follows_from_one_copy(rows: list[Row]) -> None:
    shown = shown_rows(table(rows), LEAST)
    for at, one in enumerate(rows):
        if at not in shown.hidden:
            assert not any(map(small, (*one[:3], one[0] - one[1], one[1] - one[2])))
    safe(rows, [(MODERATION, shown)])


@settings(max_examples=30, deadline=None)
@given(st.lists(row(4), min_size=1, max_size=3))
def test_none_follows_from_copies_of_two_reports_on_the_same_records(rows: list[Row]) -> None:
    first = shown_rows(table(rows), LEAST)
    hidden = frozenset(map(key, first.hidden))
    second = shown_rows(table(rows, GRADES), LEAST, [EarlierCopy(table(rows, GRADES), hidden)])
    assert {*first.hidden} <= {*second.hidden}
    safe(rows, [(MODERATION, first), (GRADES, second)])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(row(5), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), row(5)), max_size=2),
    st.lists(st.tuples(st.integers(0, 2), row(5)), max_size=2),
)
def test_none_follows_from_how_copies_differ(
    rows: list[Row], later: list[tuple[int, Row]], last: list[tuple[int, Row]]
) -> None:
    """The same report of three moments: between them, records came and went."""
    states, copies = [rows], [shown_rows(table(rows), LEAST)]
    for changes in (later, last):
        now = list(states[-1])
        for at, one in changes:
            now[at % len(now)] = one
        earlier = [
            EarlierCopy(table(then), frozenset(map(key, copy.hidden)))
            for then, copy in zip(states, copies, strict=True)
        ]
        copies.append(shown_rows(table(now), LEAST, earlier))
        states.append(now)
    for after in (1, 2):
        safe(states[after], [(MODERATION, copies[after])])
        for before in range(after):
            told = _told(states[before], copies[before]), _told(states[after], copies[after])
            for of in told[0].keys() & told[1].keys():
                for one, other in zip(told[0][of], told[1][of], strict=True):
                    assert not small(other - one), (states, copies, of)
            assert {*copies[before].hidden} <= {*copies[after].hidden}


def _told(rows: Sequence[Row], shown: ShownRows) -> dict[object, tuple[int, ...]]:
    """What a copy tells: each row that it shows and, with a total, the rest of them together."""
    found: dict[object, tuple[int, ...]] = {
        at: _measures(one) for at, one in enumerate(rows) if at not in shown.hidden
    }
    if shown.totals and shown.hidden:
        rest = [rows[at] for at in shown.hidden]
        found[shown.hidden] = _measures(tuple(map(sum, zip(*rest, strict=True))))
    return found


def _measures(one: Sequence[int]) -> tuple[int, ...]:
    audits, moderated, agree, _ = one
    return audits, moderated, agree, audits - moderated, moderated - agree


@settings(max_examples=60, deadline=None)
@given(st.lists(row(6), min_size=3, max_size=3), row(6))
def test_none_follows_from_copies_of_other_days(rows: list[Row], next_: Row) -> None:
    """The first copy is of three periods, the second of the last two and the one after them."""
    first = shown_rows(table(rows), LEAST)
    four = [*rows, next_]
    later = CountedTable(table(four).rows[1:], table(four[1:]).totals)
    before = EarlierCopy(table(rows), frozenset(map(key, first.hidden)), apart=frozenset([key(3)]))
    second = shown_rows(later, LEAST, [before])
    hidden = {at + 1 for at in second.hidden}
    assert {at for at in first.hidden if at} <= hidden
    if second.totals:
        # What its total leaves is what it leaves alone: nothing is taken from the first with it.
        assert not hidden
    safe(four[1:], [(MODERATION, second)])


def test_a_total_is_shown_where_two_rows_hide_each_other() -> None:
    rows: list[Row] = [(20, 2, 2, 0), (30, 10, 5, 0), (60, 30, 20, 0)]
    shown = shown_rows(table(rows), LEAST)
    assert shown == ShownRows(hidden=(0, 1), totals=(0,))
    alone = shown_rows(table([(20, 2, 2, 0)]), LEAST)
    assert alone == ShownRows(hidden=(0,), totals=())


BESIDE = {
    "same": (40, 60), "next": (10, 60), "down": (7, 60), "blind": (31, 45), "upheld": (36, 48),
}  # fmt: skip
"""Figures that a claim may rest on, beside 42 of 60 that agree."""


@pytest.mark.parametrize(
    ("names", "is_shown"),
    [
        ([], True),
        (["same"], False),  # Two of 42 are not the same.
        (["next"], True),
        (["down"], True),
        (["next", "down"], False),  # With 42 that agree, 59 of 60 are told: one is left.
        (["blind"], False),  # 14 of 45 are not, and of 60 it is 18: four more.
        (["upheld"], True),
    ],
)
def test_what_lies_between_figures_that_claims_rest_on_is_not_small(
    names: list[str], is_shown: bool
) -> None:
    told = {name: BESIDE[name] for name in names}
    row = CountedRow(key(0), {"agree": (42, 60), **told}, beside=frozenset(names))
    assert (shown_rows(CountedTable([row]), 5).hidden == ()) is is_shown
    total = shown_rows(CountedTable([], [row]), 5).totals
    assert (total == (0,)) is is_shown


def test_what_rows_hold_together_tells_nothing_of_figures_that_claims_rest_on() -> None:
    def of(at: int, agree: int, down: int, audits: int) -> CountedRow:
        counts = {"agree": (agree, audits), "down": (down, audits)}
        return CountedRow(key(at), counts, beside=frozenset(["down"]))

    rows = [of(0, 2, 9, 20), of(1, 12, 7, 30)]
    assert shown_rows(CountedTable(rows, [of(9, 14, 16, 50)]), 5).totals == ()
    rows = [of(0, 2, 9, 20), of(1, 22, 7, 30)]
    assert shown_rows(CountedTable(rows, [of(9, 24, 16, 50)]), 5).totals == (0,)


def test_a_record_that_stands_in_two_rows_has_no_total() -> None:
    once = table([(20, 10, 5, 0), (30, 10, 5, 0)])
    total = CountedRow((("total", "all"),), counts((49, 19, 10, 0), MODERATION))
    assert shown_rows(CountedTable(once.rows, [total]), LEAST).totals == ()


def test_a_total_is_not_shown_again_where_what_it_leaves_would_tell() -> None:
    rows: list[Row] = [(20, 2, 2, 0), (30, 10, 5, 0), (60, 30, 20, 0)]
    before = EarlierCopy(table(rows), frozenset([key(0), key(1)]))
    same = shown_rows(table(rows), LEAST, [before])
    assert same == ShownRows(hidden=(0, 1), totals=(0,))
    by_one = shown_rows(table([(21, 2, 2, 0), *rows[1:]]), LEAST, [before])
    assert by_one == ShownRows(hidden=(0, 1), totals=())
    others = shown_rows(table([(22, 4, 4, 0), rows[1], (61, 31, 21, 0)]), LEAST, [before])
    assert others == ShownRows(hidden=(0, 1, 2), totals=())
