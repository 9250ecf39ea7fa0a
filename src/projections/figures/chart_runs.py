"""Where the points of a control chart lie and how they run, on whole numbers alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class ChartLines(NamedTuple):
    """A point's lines as whole numbers: the centre; the limits, and the outer thirds' inner ends,
    where the chart has limits."""

    centre: int | None
    limits: tuple[int, int] | None = None
    inner: tuple[int, int] | None = None


def zone(value: int | None, lines: ChartLines) -> str:
    """Where a point lies: ``beyond`` a limit, ``near`` one (in the outer third), or neither."""
    if value is None or lines.limits is None or lines.inner is None:
        return ""
    (lower, upper), (low, high) = lines.limits, lines.inner
    if low <= value <= high:
        return ""
    return "near" if lower <= value <= upper else "beyond"


def above_centre(value: int | None, lines: ChartLines) -> bool | None:
    if value is None or lines.centre is None or value == lines.centre:
        return None
    return value > lines.centre


def sides(
    values: Sequence[int | None], above: Sequence[bool | None], *, skip_centre: bool
) -> list[list[int]]:
    """Runs of places on one side of the centre. A point on the centre ends a run, or is passed
    over where `skip_centre`; a missing value always ends it."""
    runs: list[list[int]] = [[]]
    side: bool | None = None
    for at, value in enumerate(values):
        if value is not None and above[at] is None and skip_centre:
            continue
        if above[at] is None or above[at] is not side:
            runs.append([])
        side = above[at]
        if side is not None:
            runs[-1].append(at)
    return runs


def trends(values: Sequence[int | None], *, skip_equal: bool) -> list[list[int]]:
    """Runs of places that only rise, or only fall. Equal neighbours end a run, or count once where
    `skip_equal`."""
    runs: list[list[int]] = []
    run: list[int] = []
    rising: bool | None = None
    for at, value in enumerate(values):
        if value is None:
            runs.append(run)
            run, rising = [], None
            continue
        last = values[run[-1]] if run else None
        if last is None:
            run = [at]
        elif value == last:
            if not skip_equal:
                runs.append(run)
                run, rising = [at], None
        elif rising in (None, value > last):
            rising = value > last
            run.append(at)
        else:
            runs.append(run)
            run, rising = [run[-1], at], value > last
    return [*runs, run]
