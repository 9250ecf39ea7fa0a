"""What a history costs: a record with ten events against one with ten thousand, and in a large log.

    PYTHONPATH=src:. python -m benchmarks.history [--events N] [--engine sqlite]

Makes N events of real audits, and among them one record with 10 events and one with 10,000. Then
times, for each of the two in turn, the first page of its history, the last page, a page behind a
jump to the middle, a filter that fits every hundredth entry, and the words and fingerprints that
its page shows, always ten entries. The short record is the baseline: 1.00 means that length costs
nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from pathlib import Path

from api.history import telling
from api.services import Services
from benchmarks.common import Result, on_each, paired, report
from benchmarks.scale import DAY, fill, life, opened
from projections.core.rebuild import rebuild
from projections.history import queries
from projections.history.question import HistoryFilter, HistoryScope
from qa.audits import events
from qa.store.unit import Stamp

SHORT, LONG = f"case-audit:{'a' * 32}", f"case-audit:{'b' * 32}"
LENGTHS = {SHORT: 10, LONG: 10_000}


def lengthen(services: Services) -> None:
    """Add the two records, entry by entry in turn, so that the long one lies all over the log."""
    store, projector = services.store, services.store.projector
    store.projector = None
    stamp = Stamp("benchmark", "qa-lead")
    for stream, length in LENGTHS.items():
        first, *_ = life(1, done=False)
        made = 0
        while made < length:
            with store.unit(stamp, reason="Asked for.") as unit:
                size = min(500, length - made)
                unit.version(stream)
                past = [] if made else [first]
                moved = [
                    events.CaseAuditExtended(
                        old=DAY + timedelta(days=n), new=DAY + timedelta(days=n + 1)
                    )
                    for n in range(made, made + size - len(past))
                ]
                unit.append(stream, *past, *moved, about="child:C-1")
                made += size
    store.projector = projector


def asked(services: Services, stream: str, middle: int) -> dict[str, Callable[[], int]]:
    """The questions of one record's history; each returns 1, for one page."""
    store, scope = services.store, HistoryScope((stream,))

    def page(**values: object) -> int:
        with store.reading() as connection:
            queries.page(connection, scope, limit=10, **values)  # type: ignore[arg-type]
        return 1

    def told() -> int:
        with store.reading() as connection:
            found = queries.page(connection, scope, limit=10)
            telling.entries_in_words(services, connection, found.entries, several=False)
            queries.length(connection, [stream])
        return 1

    return {
        "first page": page,
        "last page": lambda: page(before=2**62),
        "jump to the middle": lambda: page(after=middle),
        "a filter that seldom fits": lambda: page(wanted=HistoryFilter(text="2027-01-01")),
        "first page in words, with fingerprints": told,
    }


def measure(engine: str, url: str, count: int, rounds: int) -> list[Result]:
    services = opened(url)
    try:
        fill(services, count // 2)
        lengthen(services)
        fill_rest(services, count - count // 2)
        rebuild(services.store, services.registry)
        middle = services.store.head() // 2
        short, long = (asked(services, stream, middle) for stream in LENGTHS)
        found: list[Result] = []
        for question in short:
            found += paired(
                f"{engine}, {services.store.head():,} facts: {question}",
                {"10 facts on the record": short[question], "10,000": long[question]},
                rounds=rounds,
            )
        return found
    finally:
        services.store.close()


def fill_rest(services: Services, count: int) -> None:
    """More audits behind the two records, on streams of their own."""
    store, projector = services.store, services.store.projector
    store.projector = None
    number = made = 0
    while made < count:
        with store.unit(Stamp("benchmark", "qa-lead")) as unit:
            for _ in range(150):
                past = life(number, done=True)
                unit.append(f"case-audit:f{number:031x}", *past, about=f"child:C-{number % 5000}")
                number += 1
                made += len(past)
    store.projector = projector


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--out", type=Path)
    given, results = on_each(
        parser,
        lambda engine, fresh, given: measure(engine, fresh(engine), given.events, given.rounds),
    )
    report(list(chain(*results)), given.out)


if __name__ == "__main__":
    main()
