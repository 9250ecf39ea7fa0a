"""Restatements of published reports between two instants, as a board asks for them."""

from __future__ import annotations

from datetime import date, timedelta

from projections.core.registry import Registry
from projections.publishing import projector, queries
from qa.core.clock import SetClock, microseconds
from qa.publishing.events import ReportAsked, ReportPublished, ReportRestated
from qa.security.vault import SqlVault
from qa.store.store import Store
from qa.store.unit import Stamp


def test_restatements_are_those_told_between_two_instants(store_url: str, clock: SetClock) -> None:
    store = Store(
        store_url,
        clock=clock,
        vault=SqlVault(b"m" * 32, clock=clock),
        projector=Registry([projector.Published()]),
    )
    store.initialise()
    asked = ReportAsked(
        report="agreement", start=date(2026, 1, 1), end=date(2026, 3, 31), by="quarter"
    )
    first = clock.now()
    with store.unit(Stamp("p", "qa-lead")) as unit:
        unit.append(
            "published-report:r",
            ReportPublished(
                published="r", title="Quarter 4", asked=asked, position=1, as_at=date(2026, 3, 2),
                sha256="0" * 64,
            ),
        )  # fmt: skip
    told = []
    for note in ("One figure is another.", "Two more are."):
        clock.advance(timedelta(days=30))
        told.append(clock.now())
        with store.unit(Stamp("p", "qa-lead")) as unit:
            unit.version("published-report:r")
            unit.append("published-report:r", ReportRestated(upto=1, figures=1, note=note))

    def between(start: int, end: int, position: int | None = None) -> list[tuple[str, str]]:
        with store.reading() as connection:
            found = queries.restatements(connection, start, end, position=position)
        return [(title, row.said) for row, title in found]

    start, second, third = (microseconds(at) for at in (first, *told))
    assert between(start, third) == [("Quarter 4", "One figure is another.")]
    assert between(second, third + 1) == [
        ("Quarter 4", "One figure is another."),
        ("Quarter 4", "Two more are."),
    ]
    assert between(start, third + 1, position=2) == [("Quarter 4", "One figure is another.")]
    store.close()
