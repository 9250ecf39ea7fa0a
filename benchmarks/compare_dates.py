"""What comparing two dates costs: what a quarter moved in a log, against the list of what it moved.

    PYTHONPATH=src:. python -m benchmarks.compare_dates [--events N] [--engine sqlite]

Makes N events of real audits by the shipped tools, a twentieth of which stands for a quarter of
five years. A million take two gigabytes and half an hour to make: `--events 100000` is a tenth of
both. The baseline is the list of what moved: the entries of that quarter, each in words with its
fingerprint. Against it stand the comparison of the records of every kind, and that with the figures
of every report, both as the page shows them. The goal is no more than twice the list: 0.50 or
better.
"""

from __future__ import annotations

import argparse
from itertools import chain
from pathlib import Path

from api.history import comparison, telling
from api.history.comparison import ComparisonFilter, ComparisonPart, ShownPart
from api.web.moments import as_at
from benchmarks.common import Result, on_each, paired, report
from benchmarks.scale import LEAD, filled
from projections.history import queries

QUARTERS = 20
PAGE = ComparisonPart(
    records=ShownPart(most=25), figures=ShownPart(most=40), others=100, together=True
)


def measure(engine: str, url: str, count: int, rounds: int) -> list[Result]:
    with filled(url, count) as services:
        store = services.store
        head = store.head()
        earlier = head - head // QUARTERS

        def listed() -> int:
            with store.reading() as connection:
                streams = queries.touched(connection, earlier, head)
                _, entries = queries.between(connection, streams, earlier, head)
                telling.entries_in_words(services, connection, entries, several=True)
            return 1

        def compared(wanted: ComparisonFilter) -> int:
            with store.reading() as connection:
                before = as_at(store, connection, position=earlier)
                after = as_at(store, connection)
                comparison.compare(services, connection, LEAD, before, after, wanted, PAGE)
            return 1

        return paired(
            f"{engine}, {head:,} events, {head // QUARTERS:,} of them between the dates",
            {
                "the list of what moved": listed,
                "records compared": lambda: compared(ComparisonFilter(show="records")),
                "records and figures": lambda: compared(ComparisonFilter()),
            },
            rounds=rounds,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--out", type=Path)
    given, results = on_each(
        parser,
        lambda engine, fresh, given: measure(engine, fresh(engine), given.events, given.rounds),
    )
    report(list(chain(*results)), given.out)


if __name__ == "__main__":
    main()
