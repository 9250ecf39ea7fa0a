"""Which rows of a table of counts stay inside, so that nothing small can be worked out from a copy,
alone or together with copies that were given out before.

A row is shown whole or not at all, and so is a total: what stands in one row is bound together
(everything moderated was audited), and part of it would tell of the rest. What a reader outside can
then work out are the rows shown, what a total leaves for the rows that are not (the remainder), and
how each of these differs from an earlier copy. All of that is nothing, or not small.

Why it holds: where no total is shown, nothing binds a hidden row to what is shown. Where one is,
two rows or more are hidden, and any of them may hold the whole remainder or none of it: both are
tables that a reader cannot tell from the true one. So each hidden count can be anything from 0 to
the remainder, which is `least` or more. After Hundepool et al., Statistical Disclosure Control
(2012), chapter 4: primary suppression, secondary suppression, and the audit of both.

Figures that copies of a report do not tell can be told beside the others, where somebody's claim
rests on them. Nothing is known of how they hang together, so that whatever lies between two numbers
is looked at like a rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, permutations

RowKey = tuple[tuple[str, str], ...]
Counts = Mapping[str, tuple[int, int] | None]
"""Numerator and denominator of each figure; None where they are not known."""
Measures = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class CountedRow:
    """A row: what it is of, and what it counts. `scale` says which total it belongs to. Of the
    figures `beside`, which are not those that copies of the report tell, it is not known how they
    hang together with the others."""

    key: RowKey
    counts: Counts
    scale: str = ""
    beside: frozenset[str] = frozenset()

    @cached_property
    def measures(self) -> Measures | None:
        """Every number that the row tells: of each figure what is counted, among how many, and the
        rest; of a figure `beside` also what lies between these and those of every other. None
        where one of them is not known."""
        found: dict[tuple[str, str], int] = {}
        for name, pair in self.counts.items():
            if pair is None:
                return None
            counted, among = pair
            found |= {(name, "counted"): counted, (name, "among"): among}
            found[name, "rest"] = among - counted
        if self.beside:
            found |= _between(found, self.beside)
        return found

    @cached_property
    def left(self) -> Measures:
        """Of figures `beside`: what several of a number leave of it."""
        return _left(self.counts, self.beside) if self.beside else {}


@dataclass(frozen=True, slots=True)
class CountedTable:
    rows: Sequence[CountedRow]
    totals: Sequence[CountedRow] = ()


@dataclass(frozen=True, slots=True)
class EarlierCopy:
    """What a copy that was given out before told: this table as it was then, and the rows that the
    copy hid. `apart` are rows of now that it had no part in, for they are of other periods."""

    table: CountedTable
    hidden: frozenset[RowKey]
    apart: frozenset[RowKey] = frozenset()


@dataclass(frozen=True, slots=True)
class ShownRows:
    """The places of the rows that are hidden, and of the totals that are shown."""

    hidden: tuple[int, ...]
    totals: tuple[int, ...]


def _between(numbers: Measures, beside: frozenset[str]) -> Measures:
    """What lies between two numbers, if one of them is a part of the other."""
    return {
        (f"{one} {kind}, {other} {same}", "between"): number - less
        for ((one, kind), number), ((other, same), less) in combinations(numbers.items(), 2)
        if one != other and (kind == "rest") == (same == "rest") and beside & {one, other}
    }


def _left(counts: Counts, beside: frozenset[str]) -> Measures:
    """What two figures or more that are counted among the same number leave of it, or of another
    such figure, if they exclude each other; and what lies between one and the rest of another that
    is counted among another number."""
    known = sorted((name, pair) for name, pair in counts.items() if pair is not None)
    found: dict[tuple[str, str], int] = {}
    for (one, (counted, among)), (other, (part, whole)) in permutations(known, 2):
        if among != whole and beside & {one, other}:
            found[f"{one}, {other}", "rest"] = counted - (whole - part)
    for among in {pair[1] for _, pair in known}:
        same = [(name, pair[0]) for name, pair in known if pair[1] == among]
        for size in range(2, min(len(same), _MOST_OF_ONE) + 1):
            for parts in combinations(same, size):
                together = sum(number for _, number in parts)
                for of, whole in (*same, (_ALL, among)):
                    names = {of, *(name for name, _ in parts)}
                    if len(names) > size and names & beside and together <= whole:
                        found[" ".join(sorted(names)), f"left of {of}"] = whole - together
    return found


_ALL = ""
_MOST_OF_ONE = 5
"""Of so many figures it is asked what they leave together: grades and their like are four."""


def small(number: int, least: int) -> bool:
    """Whether a number, or a difference, is one that tells of few."""
    return 0 < abs(number) < least


def shown_rows(table: CountedTable, least: int, earlier: Iterable[EarlierCopy] = ()) -> ShownRows:
    """What of a table is shown, where counts under `least` must not be known."""
    earlier = tuple(earlier)
    hidden = {
        place
        for place, row in enumerate(table.rows)
        if _few(row, least) or any(_reveals(row, one, least) for one in earlier)
    }
    totals: list[int] = []
    for place, total in enumerate(table.totals):
        own = [at for at, row in enumerate(table.rows) if row.scale == total.scale]
        if not _may_stand(table, total, own, least):
            continue
        inside = [at for at in own if at in hidden]
        if len(inside) == 1:
            inside += _second(table, inside[0], own, least)
        if _remainder_tells_nothing(table, inside, least) and all(
            _same_remainder(table, one, own, inside, least) for one in earlier
        ):
            totals.append(place)
            hidden.update(inside)
    return ShownRows(tuple(sorted(hidden)), tuple(totals))


def _few(row: CountedRow, least: int) -> bool:
    if row.measures is None:
        return True
    return any(small(one, least) for one in (*row.measures.values(), *row.left.values()))


def _reveals(row: CountedRow, before: EarlierCopy, least: int) -> bool:
    """Whether an earlier copy hid the row, or its difference from then tells of few."""
    if row.key in before.apart:
        return False
    if row.key in before.hidden:
        return True
    then = next((one for one in before.table.rows if one.key == row.key), None)
    return then is None or _differ_by_few(row, then, least)


def _differ_by_few(now: CountedRow, then: CountedRow, least: int) -> bool:
    both = now.left.keys() & then.left.keys()
    return _differs_by_few(now.measures, then.measures, least) or any(
        small(now.left[one] - then.left[one], least) for one in both
    )


def _differs_by_few(now: Measures | None, then: Measures | None, least: int) -> bool:
    if now is None or then is None:
        return True
    names = now.keys() | then.keys()
    return any(small(now.get(name, 0) - then.get(name, 0), least) for name in names)


def _sum(rows: Iterable[CountedRow]) -> Measures | None:
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.measures is None:
            return None
        for name, number in row.measures.items():
            found[name] = found.get(name, 0) + number
    return found


def _may_stand(table: CountedTable, total: CountedRow, own: Sequence[int], least: int) -> bool:
    """Whether a total may be shown at all: it tells of no few, and is the sum of its rows. Where a
    record stands in several of them, the total would tell how many do."""
    if _few(total, least):
        return False
    return not own or _sum(table.rows[at] for at in own) == total.measures


def _second(table: CountedTable, first: int, own: Sequence[int], least: int) -> list[int]:
    """The row that is hidden beside an only one: the smallest that leaves nothing to work out, or
    none where no row does."""
    others = [at for at in own if at != first]
    safe = [at for at in others if _remainder_tells_nothing(table, [first, at], least)]
    return sorted(safe, key=lambda at: (_size(table.rows[at]), at))[:1]


def _size(row: CountedRow) -> int:
    return sum((row.measures or {}).values())


def _remainder_tells_nothing(table: CountedTable, hidden: Sequence[int], least: int) -> bool:
    """Whether what the total leaves for the hidden rows is wide: two rows or more, every count in
    it `least` or more, and no rest small."""
    if not hidden:
        return True
    left = _together([table.rows[at] for at in hidden])
    if left.measures is None or len(hidden) < 2:
        return False
    every = [*left.measures.items(), *left.left.items()]
    return all(
        abs(number) >= least or (kind not in _OWN_NUMBERS and number == 0)
        for (_, kind), number in every
    )


def _together(rows: Sequence[CountedRow]) -> CountedRow:
    """What rows hold together, as a row."""
    counts: dict[str, tuple[int, int] | None] = {}
    for row in rows:
        for name, pair in row.counts.items():
            one, among = counts.get(name, (0, 0)) or (0, 0)
            whole = pair is not None and counts.get(name, pair) is not None
            counts[name] = (one + pair[0], among + pair[1]) if whole and pair else None
    beside = frozenset[str]().union(*(row.beside for row in rows))
    return CountedRow((), counts, beside=beside)


_OWN_NUMBERS = ("counted", "among")


def _same_remainder(
    table: CountedTable,
    before: EarlierCopy,
    own: Sequence[int],
    inside: Sequence[int],
    least: int,
) -> bool:
    """Whether the remainder tells nothing beside that of an earlier copy: the copy was of the same
    rows and hid the same, and what they hold together is what it was, or differs by many."""
    if not inside:
        return True
    then = {row.key: row for row in before.table.rows}
    if then.keys() != {row.key for row in table.rows}:
        return False
    hidden = [table.rows[at].key for at in inside]
    if before.hidden & {table.rows[at].key for at in own} != set(hidden):
        return False
    left = _together([table.rows[at] for at in inside])
    return not _differ_by_few(left, _together([then[key] for key in hidden]), least)
