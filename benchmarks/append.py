"""How fast events are saved: a whole unit of work against a bare INSERT of the same bytes.

    PYTHONPATH=src:. python -m benchmarks.append [--saves N] [--rounds N] [--engine sqlite]

All save with the same durability (SQLite ``synchronous=FULL``, PostgreSQL
``synchronous_commit=on``), one event a transaction, with one writer and with eight. The event
library's own recorder for the same database is another contestant. A unit of work also makes the
envelope, encodes and validates, and keeps order, versions and time; an INSERT does none of it.
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from threading import get_ident
from typing import Any
from uuid import uuid4

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from sqlalchemy import Column, Table, Text, make_url

from api.main import settle
from benchmarks.common import Contestant, Result, on_each, paired, report
from projections.core.base import Put, RowChange, versioned_table
from projections.core.registry import Registry
from qa.core.clock import SystemClock
from qa.core.event import Event, RecordedEvent
from qa.store.store import Store
from qa.store.unit import Stamp

STAMP = Stamp(by="8f14e45fceea467f9d1c6b1c2f1c6f11", in_role="auditor", team="North")


class Judged(Event):
    """About as large as most events of an audit."""

    TYPE = "benchmark.judged"

    domain: str
    grade: str
    scale: str
    answers: tuple[str, ...]


EVENT = Judged(
    domain="assessment",
    grade="requires-improvement",
    scale="four-point",
    answers=("yes", "partly", "no", "yes", "not-applicable"),
)


judged = versioned_table(
    "bench_judged",
    Column("audit", Text),
    Column("domain", Text),
    Column("grade", Text, nullable=False),
    key=("audit", "domain"),
)


class Judgements:
    """One read row an event."""

    name = "benchmark-judgements"
    version = 1
    tables: Sequence[Table] = (judged,)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        yield Put(judged, {"audit": recorded.stream, "domain": event.domain, "grade": event.grade})


def shared(writers: int, saves: int, save: Callable[[int], None]) -> Contestant:
    """`saves` calls of `save`, divided over so many threads."""

    def one(count: int) -> None:
        for n in range(count):
            save(n)

    def run() -> int:
        if writers == 1:
            one(saves)
            return saves
        with ThreadPoolExecutor(writers) as pool:
            for future in [pool.submit(one, saves // writers) for _ in range(writers)]:
                future.result()
        return saves // writers * writers

    return run


def unit_of_work(store: Store) -> Callable[[int], None]:
    def save(_: int) -> None:
        with store.unit(STAMP) as unit:
            unit.append(f"case-audit:{store.new_id()}", EVENT)

    return save


def the_bytes(store: Store) -> bytes:
    """What the store keeps of one such event."""
    unit_of_work(store)(0)
    with store.reading() as connection:
        return bytes(store.rows(connection, limit=1)[0][5])


BARE = "(stream text, version int, type text, recorded_us bigint, state {binary})"


def bare_sqlite(url: str, state: bytes) -> Callable[[int], None]:
    path = make_url(url).database
    assert path
    pool: dict[int, sqlite3.Connection] = {}
    first = sqlite3.connect(path)
    first.execute("PRAGMA journal_mode=WAL")
    first.execute(f"CREATE TABLE bare {BARE.format(binary='blob')}")
    first.close()

    def save(_: int) -> None:
        connection = pool.get(get_ident())
        if connection is None:
            connection = sqlite3.connect(path, isolation_level=None, timeout=30)
            connection.execute("PRAGMA synchronous=FULL")
            pool[get_ident()] = connection
        row = (f"case-audit:{uuid4().hex}", 1, "benchmark.judged", 1, state)
        connection.execute("INSERT INTO bare VALUES (?, ?, ?, ?, ?)", row)

    return save


def bare_postgres(url: str, state: bytes) -> Callable[[int], None]:
    pool: dict[int, psycopg.Connection[Any]] = {}
    with psycopg.connect(url, autocommit=True) as first:
        first.execute(f"CREATE TABLE bare {BARE.format(binary='bytea')}")

    def save(_: int) -> None:
        connection = pool.get(get_ident())
        if connection is None:
            connection = pool[get_ident()] = psycopg.connect(url, autocommit=True)
        row = (f"case-audit:{uuid4().hex}", 1, "benchmark.judged", 1, state)
        connection.execute("INSERT INTO bare VALUES (%s, %s, %s, %s, %b)", row)

    return save


def library_sqlite(url: str, state: bytes) -> Callable[[int], None]:
    recorder = SQLiteApplicationRecorder(SQLiteDatastore(make_url(url).database or ""))
    recorder.create_table()
    return through(recorder.insert_events, state)


def library_postgres(url: str, state: bytes) -> Callable[[int], None]:
    parsed = make_url(url)
    datastore = PostgresDatastore(
        dbname=parsed.database or "",
        host=str(parsed.query["host"]),
        port="5432",
        user=parsed.username or "",
        password="",
        pool_size=16,
    )
    recorder = PostgresApplicationRecorder(datastore, events_table_name="stored_events")
    recorder.create_table()
    return through(recorder.insert_events, state)


def through(insert: Callable[..., Any], state: bytes) -> Callable[[int], None]:
    def save(_: int) -> None:
        insert([StoredEvent(uuid4(), 1, "benchmark.judged", state)])

    return save


def measure(engine: str, url: Callable[[str], str], saves: int, rounds: int) -> list[Result]:
    store = Store(url(engine), clock=SystemClock())
    store.initialise()
    state = the_bytes(store)
    if engine == "sqlite":
        bare, library = bare_sqlite(url(engine), state), library_sqlite(url(engine), state)
    else:
        bare, library = bare_postgres(url(engine), state), library_postgres(url(engine), state)
    projecting = Store(url(engine), clock=SystemClock(), projector=Registry([Judgements()]))
    projecting.initialise()
    savers = {
        "a bare INSERT of the same bytes": bare,
        "a unit of work": unit_of_work(store),
        "a unit of work with a read row": unit_of_work(projecting),
        "our recorder, given the finished bytes": through(store.recorder.insert_events, state),
        "the event library's own recorder, the same": library,
    }
    results = []
    settle()
    for writers in (1, 8):
        contestants = {name: shared(writers, saves, save) for name, save in savers.items()}
        title = f"{engine}, {writers} writer{'s' if writers > 1 else ''}, {len(state)} bytes"
        results += paired(title, contestants, rounds=rounds)
    store.close()
    projecting.close()
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--saves", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options, results = on_each(
        parser, lambda engine, fresh, given: measure(engine, fresh, given.saves, given.rounds)
    )
    report(list(chain(*results)), options.json)


if __name__ == "__main__":
    main()
