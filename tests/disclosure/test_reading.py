"""What copies told before is beside what a claim rests on now, whichever report told it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from api.disclosure import reading
from api.disclosure.sources import key_of
from api.reports.declaration import ReportPart, Sight
from projections.figures.figure import Figure
from qa.disclosure.events import NOTHING_SET, DisclosureRuleSet, ShownTable
from qa.publishing.events import ReportAsked

AGREED, OTHER = {"agree": (40, 60)}, {"good": (28, 60)}
NONE: Any = None


def part_of(report: str, figures: Mapping[str, tuple[int, int]]) -> ReportPart:
    """A table of one row; its first figure is the main one."""

    def figure(name: str) -> Figure:
        counted, among = figures[name]
        share = Fraction(100 * counted, among)
        return Figure(name=name, unit="percent", numerator=counted, denominator=among, exact=share)

    row = SimpleNamespace(group={"total": "All"}, figures={name: figure(name) for name in figures})
    made: Any = SimpleNamespace(totals=[row], rows=[])
    declared: Any = SimpleNamespace(
        title=report, source="audits", of_people=True, main=tuple(figures)[:1], outside=(),
        is_rounded_outside=False, source_of=lambda question: "audits",
        kept_inside=lambda made, before: (),
        frozen_at=lambda at, day: at, frozen=lambda sight, question: made,
    )  # fmt: skip
    asked = ReportAsked(report=report, start=date(2026, 1, 1), end=date(2026, 3, 31), by="quarter")
    at: Any = SimpleNamespace(day=date(2026, 3, 31))
    return ReportPart(declared, Sight(NONE, at), asked, made)


def told_of(
    monkeypatch: pytest.MonkeyPatch,
    part: ReportPart,
    *before: reading.CopyTable,
    rule: DisclosureRuleSet = NOTHING_SET,
) -> ShownTable:
    """What a copy shows whose claim rests on the last figure of a table."""
    monkeypatch.setattr(reading, "_told_before", lambda *_: before)
    (row,) = part.made.totals
    pieces = [{key_of(row): {[*row.figures][-1]: "Claim 1 (E1)"}}]
    source: Any = SimpleNamespace(parts=[part], pieces=pieces)
    (table,) = reading.shown_tables(NONE, NONE, source, rule)
    return table


@pytest.mark.parametrize(
    ("report", "before", "is_told"),
    [
        ("agreement", {}, True),
        ("agreement", {"next": (20, 60)}, True),
        ("agreement", {"next": (30, 60)}, False),  # Two more than the 28.
        ("grades", {"next": (20, 60)}, True),
        ("grades", {"next": (30, 60)}, False),
        ("grades", {"next": (26, 52)}, False),
    ],
)
def test_what_copies_told_beside_their_main_figures_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, report: str, before: dict[str, Any], is_told: bool
) -> None:
    earlier = part_of(report, {**AGREED, **before})
    copy = reading.CopyTable(earlier, ShownTable(totals=(0,), beside=tuple(before)))
    beside = before if report == "agreement" else {}
    table = told_of(monkeypatch, part_of("agreement", {**AGREED, **beside, **OTHER}), copy)
    assert table.beside == (("good",) if is_told else ())
    assert table.untold == (() if is_told else ("good",))
    assert table.totals == (0,)


def test_beside_rounded_numbers_no_other_figure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 12 audits each of four grades was given 3 times: 5, 5, 5 and 5 of 10 would say so."""
    rule = NOTHING_SET.model_copy(update={"method": "round"})
    table = told_of(monkeypatch, part_of("grades", {"agree": (3, 12), "good": (3, 12)}), rule=rule)
    assert (table.rounded, table.totals) == (5, (0,))
    assert (table.beside, table.untold) == ((), ("good",))


def test_what_a_claim_rested_on_binds_a_copy_of_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """The report tells 40 of 60; what was told beside it then is close to what it is now."""
    for now, totals in ((40, (0,)), (46, ())):
        earlier = part_of("agreement", {**AGREED, "next": (48, 60)})
        copy = reading.CopyTable(earlier, ShownTable(totals=(0,), beside=("next",)))
        part = part_of("agreement", {"agree": (now, 60), "next": (48, 60)})
        monkeypatch.setattr(reading, "_told_before", lambda *_, copy=copy: [copy])
        source: Any = SimpleNamespace(parts=[part], pieces=())
        (table,) = reading.shown_tables(NONE, NONE, source, NOTHING_SET)
        assert (table.totals, table.beside) == (totals, ())
