"""What the ledger costs: writers beside a sealer, a whole verification, checkpoints and proofs.

    PYTHONPATH=src:. python -m benchmarks.ledger [--saves N] [--events N] [--entries N …]

Four questions. How fast are events saved with the sealer at work, against without it (a sealer in
the same process, as served)? How many events does the sealer take in a second against how many
eight writers can save? What does verifying a log cost against reading its rows and hashing them in
a bare loop? And what do a checkpoint and a proof cost as the log grows? Trees beyond the events
made for the third question are of invented leaves: a proof never looks at an event.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import make_url, text

from benchmarks.append import shared, the_bytes, unit_of_work
from benchmarks.common import Contestant, Result, databases, paired, report
from qa.core.clock import SystemClock
from qa.ledger import checkpoints, merkle, tree
from qa.ledger.entry import MARK
from qa.ledger.following import Follower
from qa.ledger.keys import KeyFile
from qa.ledger.ledger import Ledger
from qa.ledger.verify import verify
from qa.store.store import Store

BATCH = 2000


def ledger_at(url: str, folder: Path) -> Ledger:
    store = Store(url, clock=SystemClock())
    store.initialise()
    number = len(list(folder.glob("*.key")))
    ledger = Ledger(
        store, KeyFile(folder / f"{number}.key"), origin="bench.example", every=timedelta(hours=1)
    )
    ledger.make_key()
    return ledger


@contextmanager
def following(ledger: Ledger) -> Iterator[None]:
    follower = Follower(ledger)
    follower.start()
    try:
        yield
    finally:
        follower.stop()


def beside(ledger: Ledger, run: Contestant) -> Contestant:
    def both() -> int:
        with following(ledger):
            return run()

    return both


def appending(
    engine: str, url: Callable[[str], str], folder: Path, saves: int, rounds: int
) -> list[Result]:
    """Saving with and without the sealer, each on a database of its own."""
    found = []
    for writers in (1, 8):
        bare = Store(url(engine), clock=SystemClock())
        bare.initialise()
        ledger = ledger_at(url(engine), folder)
        found += paired(
            f"{engine}, {writers} writer{'s' if writers > 1 else ''}",
            {
                "saving without a sealer": shared(writers, saves, unit_of_work(bare)),
                "saving with the sealer at work": beside(
                    ledger, shared(writers, saves, unit_of_work(ledger.store))
                ),
            },
            rounds=rounds,
        )
        ledger.seal()
        bare.close()
        ledger.store.close()
    return found


def keeping_up(
    engine: str, url: Callable[[str], str], folder: Path, saves: int, rounds: int
) -> list[Result]:
    """Events sealed a second against events saved a second by eight writers."""
    ledger = ledger_at(url(engine), folder)
    write = shared(8, saves, unit_of_work(ledger.store))
    found = paired(
        f"{engine}, the sealer against its writers",
        {"eight writers save": write, "the sealer seals what they saved": ledger.seal},
        rounds=rounds,
    )
    ledger.store.close()
    return found


def fill(store: Store, events: int) -> None:
    """So many events put straight into the table: what is measured is reading them."""
    state = the_bytes(store)
    head = store.head()
    numbers = range(head + 1, head + events + 1)
    rows = ((n, f"case-audit:{n:032x}", 1, "benchmark.judged", n * 1000, state) for n in numbers)
    if store.engines.is_postgres:
        address = make_url(store.url).set(drivername="postgresql")
        with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
            copying = "COPY fact (position, stream, version, type, recorded_us, state) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(copying) as copy:
                for row in rows:
                    copy.write_row(row)
            connection.execute("UPDATE head SET position = %s", (head + events,))
        return
    path = make_url(store.url).database
    with sqlite3.connect(path or "") as connection:
        connection.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.execute("UPDATE head SET position = ?", (head + events,))


def bare_loop(store: Store) -> int:
    """Read every row and hash what its leaf is made of: the least that any check must do."""
    after = 0
    with store.reading() as connection:
        while rows := store.rows(connection, after=after, limit=BATCH):
            for position, stream, version, kind, recorded_us, state in rows:
                numbers = b"%d %d %d" % (position, version, recorded_us)
                whole = MARK + numbers + stream.encode() + kind.encode()
                sha256(whole + sha256(state).digest()).digest()
            after = rows[-1][0]
    return after


def verifying(
    engine: str, url: Callable[[str], str], folder: Path, events: int, rounds: int
) -> list[Result]:
    ledger = ledger_at(url(engine), folder)
    fill(ledger.store, events)
    ledger.checkpoint(by="benchmark")
    with ledger.store.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()

    def whole() -> int:
        done = verify(ledger.store, ledger.keys.ring())
        assert not done.findings, done.findings
        return done.sealed

    found = paired(
        f"{engine}, {events} facts",
        {
            "reading and hashing in a bare loop": lambda: bare_loop(ledger.store),
            "verifying tree and checkpoints": whole,
        },
        rounds=rounds,
    )
    ledger.store.close()
    return found


def proving(ledger: Ledger, entries: Sequence[int]) -> Iterator[tuple[int, str, float]]:
    """Milliseconds for a checkpoint, an inclusion proof and a consistency proof at each size."""
    store, chance, ring = ledger.store, Random(1), ledger.keys.ring()
    for size in sorted(entries):
        grow(store, size)

        def timed(do: Callable[[], Any], times: int) -> float:
            took = []
            for _ in range(times):
                before = perf_counter()
                do()
                took.append(perf_counter() - before)
            return median(took) * 1000

        def inclusion(size: int = size) -> None:
            with store.reading() as connection:
                nodes = tree.nodes_in(connection)
                merkle.inclusion_proof(chance.randrange(size), size, nodes)

        def consistency(size: int = size) -> None:
            with store.reading() as connection:
                nodes = tree.nodes_in(connection)
                merkle.consistency_proof(chance.randrange(1, size), size, nodes)

        yield size, "checkpoint", timed(lambda: checkpoints.make(store, ring, by="b"), 1)
        yield size, "inclusion proof", timed(inclusion, 200)
        yield size, "consistency proof", timed(consistency, 200)


def grow(store: Store, size: int) -> None:
    """Invented leaves up to `size`, sealed in the batches that a sealer makes."""
    with store.reading() as connection:
        sealed = tree.size(connection)
        edge = tree.frontier(connection, sealed)
    while edge.size < size:
        with store.writing() as connection:
            for _ in range(25):
                count = min(4096, size - edge.size)
                if not count:
                    break
                leaves = [sha256(b"%d" % (edge.size + n)).digest() for n in range(count)]
                tree.add(connection, edge, leaves, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--saves", type=int, default=4000)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--entries", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    which = options.engine or ["sqlite", "postgres"]
    results: list[Result] = []
    with databases(which) as url, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for engine in which:
            results += appending(engine, url, folder, options.saves, options.rounds)
            results += keeping_up(engine, url, folder, options.saves, options.rounds)
            results += verifying(engine, url, folder, options.events, options.rounds)
            ledger = ledger_at(url(engine), folder)
            for size, what, took in proving(ledger, options.entries):
                print(f"{engine}, {size:>10} entries: {what} {took:.2f} ms")
            ledger.store.close()
    report(results, options.json)


if __name__ == "__main__":
    main()
