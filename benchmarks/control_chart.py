"""How long the questions of a control chart page take, against reading its rows with one query.

    PYTHONPATH=src:. python benchmarks/control_chart.py [postgresql://…]

One monthly indicator of ten years among 40 others: 120 values with both their parts, a target a
year, a break, a rebase and twelve restatements. The page asks for the series with directions and
target statuses and for its control chart; the baseline fetches the same rows in one query, and
both are timed turn by turn in one run. Promised: no more than 4 times.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import cast, null, select, union_all
from sqlalchemy.engine import Connection

from api.indicators import reading
from api.web.moments import as_at
from projections.core.base import as_at as standing
from projections.indicators.tables import indicator_beside, indicator_value
from qa.core.clock import SetClock
from qa.core.periods import PeriodKind, periods_between
from tests.indicators.support import Keeper
from tests.support.council import Council

FIRST, LAST = date(2016, 4, 1), date(2026, 3, 31)
TURNS = 60


def load(keep: Keeper, id: str, *, whole: bool) -> None:
    keep.define(id, period="month", since=FIRST, polarity="higher")
    months = list(periods_between(FIRST, LAST, PeriodKind.MONTH))
    for n, month in enumerate(months if whole else months[:12]):
        above = 55 + (n * 7) % 11
        keep.observe(id, month.label, numerator=str(above), denominator="90")
        if whole and n % 10 == 0:
            keep.restate(id, month.label, "", "Late returns.", numerator=str(above + 1),
                         denominator="90")  # fmt: skip
    if whole:
        for year in range(2016, 2026):
            keep.target(id, "gte", str(60 + year - 2016), since=date(year, 4, 1))
        keep.do("break_series", id, period="April 2019", reason="New tool.")
        keep.do("rebase", id, period="April 2023", reason="New process.")


def rows(connection: Connection, id: str) -> int:
    """Every row that the page needs, by one query."""
    value, beside = indicator_value, indicator_beside
    shared = ("indicator", "by", "recorded_us")
    only = [c for c in value.columns if c.name not in shared]
    texts = [beside.c.kind, beside.c.which, beside.c.content, beside.c.reason]
    padded = [cast(null(), column.type) for column in only[len(texts) :]]
    query = union_all(
        select(*(value.c[name] for name in shared), *only).where(
            value.c.indicator == id, standing(value, None)
        ),
        select(*(beside.c[name] for name in shared), *texts, *padded).where(
            beside.c.indicator == id, standing(beside, None)
        ),
    )
    return len(connection.execute(query).all())


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.db"
        clock = SetClock(datetime(2026, 4, 20, 9, tzinfo=UTC))
        council = Council.open(url, clock, Path(folder))
        keep = Keeper(council)
        load(keep, "whole", whole=True)
        for n in range(40):
            load(keep, f"other-{n}", whole=False)
        store = council.services.store

        def page(connection: Connection) -> None:
            at = as_at(store, connection, None, None, None)
            shown = reading.one(connection, "whole", at, actor=None)
            reading.controlled(shown)
            assert all(point.target.code and point.movement.word for point in shown.points)

        def baseline(connection: Connection) -> None:
            rows(connection, "whole")

        times: dict[str, list[float]] = {"page": [], "rows": []}
        asked: tuple[tuple[str, Callable[[Connection], None]], ...] = (
            ("page", page),
            ("rows", baseline),
        )
        for _ in range(TURNS):
            for name, ask in asked:
                with store.reading() as connection:
                    start = perf_counter()
                    ask(connection)
                    times[name].append(perf_counter() - start)
        took, read = min(times["page"]), min(times["rows"])
        print(f"page {1000 * took:8.2f} ms   rows {1000 * read:8.2f} ms   {took / read:6.1f} times")
        store.close()


if __name__ == "__main__":
    main()
