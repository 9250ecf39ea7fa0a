"""What of a comparison a board reads first: of each kind of record the changes that weigh most, and
of each report the figures that stand for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from operator import attrgetter

from api.history.two_moments import ADDED, CHANGED, GONE, RecordMoved
from api.records.compared_kinds import compared_kinds
from api.reports.declaration import report_called
from api.reports.moved import FigureMoved, MovedValue

MOST_RECORDS = 10
"""So many records of a kind stand in a document for a board; a workbook holds every one."""
MOST_FIGURES = 12
"""So many figures of a report."""
_ORDER = (GONE, CHANGED, ADDED)


def board_kinds(chosen: Collection[str]) -> frozenset[str]:
    """The kinds whose records a document tells one by one: those that were chosen, or else those
    that a board reads."""
    return frozenset(chosen or (name for name, kind in compared_kinds().items() if kind.weighs))


def weighty(one: RecordMoved) -> list[MovedValue]:
    """The fields that weigh, first those that weigh most; all of them where none does."""
    none = len(compared_kinds()[one.kind].weighs)
    ordered = sorted(one.fields, key=lambda field: _weight(one, field))
    return [field for field in ordered if _weight(one, field) < none] or ordered


def _weight(one: RecordMoved, field: MovedValue) -> int:
    weighs = compared_kinds()[one.kind].weighs
    return weighs.index(field.name) if field.name in weighs else len(weighs)


def _record_weight(one: RecordMoved) -> tuple[bool, int, int, str, str]:
    """What nothing weighty moved in comes last, and before it what was added."""
    least = min(_weight(one, field) for field in one.fields)
    light = least == len(compared_kinds()[one.kind].weighs)
    return light, _ORDER.index(one.how), least, one.name.casefold(), one.record


def first_records(
    moved: Sequence[RecordMoved], kinds: Collection[str], most: int = MOST_RECORDS
) -> list[RecordMoved]:
    """Of each of these kinds the records that weigh most, the kinds in their order."""
    found: list[RecordMoved] = []
    for kind in compared_kinds():
        own = [one for one in moved if one.kind == kind and kind in kinds]
        found += sorted(own, key=_record_weight)[:most]
    return found


def figure_weight(one: FigureMoved) -> tuple[int, bool]:
    """Figures that stand for their report come first, and the whole before its rows."""
    main, name = report_called(one.report).main, one.figure.name
    return (main.index(name) if name in main else len(main)), "total" not in one.group


def first_figures(figures: Sequence[FigureMoved]) -> list[FigureMoved]:
    """Of each report the figures that stand for it."""
    found: list[FigureMoved] = []
    for _, own in groupby(figures, attrgetter("of")):
        found += sorted(own, key=figure_weight)[:MOST_FIGURES]
    return found
