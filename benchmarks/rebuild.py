"""How fast read tables are made again: a rebuild against merely reading and decoding the events.

    PYTHONPATH=src:. python -m benchmarks.rebuild [--events N] [--rounds N] [--engine sqlite]

The log holds cases of ten events each: opened, judged in six domains and in one again, moved to
another team, closed. They become a versioned table of judgements, one of cases, and a journal.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent
from sqlalchemy import Column, Date, Integer, Table, Text

from benchmarks.common import Result, on_each, paired, report
from projections.core.base import (
    Amend,
    JournalRow,
    Put,
    RowChange,
    journal_table,
    versioned_table,
)
from projections.core.rebuild import rebuild, replay
from projections.core.registry import Registry
from qa.core.clock import SystemClock
from qa.core.event import Event, Meta, RecordedEvent
from qa.store.codec import encode
from qa.store.store import Store

judgement = versioned_table(
    "bench_judgement",
    Column("case", Text),
    Column("domain", Text),
    Column("grade", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("by", Text, nullable=False),
    key=("case", "domain"),
    indexes=[("domain", "grade")],
)
case_ = versioned_table(
    "bench_case",
    Column("case", Text),
    Column("team", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("judged", Integer, nullable=False),
    key=("case",),
)
moves = journal_table("bench_moves", Column("case", Text), Column("team", Text))

DOMAINS = ("assessment", "planning", "voice", "supervision", "recording", "outcomes")
GRADES = ("outstanding", "good", "requires-improvement", "inadequate")


class CaseOpened(Event):
    TYPE = "benchmark.case-opened"

    case: str
    team: str


class DomainJudged(Event):
    TYPE = "benchmark.domain-judged"

    case: str
    domain: str
    grade: str


class TeamChanged(Event):
    TYPE = "benchmark.team-changed"

    case: str
    team: str


class CaseClosed(Event):
    TYPE = "benchmark.case-closed"

    case: str


class Cases:
    name = "benchmark-cases"
    version = 1
    tables: Sequence[Table] = (judgement, case_, moves)
    handles = (CaseOpened, DomainJudged, TeamChanged, CaseClosed)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        match recorded.event:
            case DomainJudged() as event:
                row = {
                    "case": event.case,
                    "domain": event.domain,
                    "grade": event.grade,
                    "on": recorded.meta.effective_on,
                    "by": recorded.meta.by,
                }
                return (Put(judgement, row),)
            case CaseOpened() as event:
                row = {"case": event.case, "team": event.team, "status": "open", "judged": 0}
                return (Put(case_, row),)
            case TeamChanged() as event:
                return (
                    Amend(case_, (event.case,), {"team": event.team}),
                    JournalRow(moves, {"case": event.case, "team": event.team}),
                )
            case CaseClosed() as event:
                return (Amend(case_, (event.case,), {"status": "closed"}),)
        return ()


def life_of(case: str, dice: random.Random) -> Iterable[Event]:
    """Ten events: six domains, one of them judged again."""
    yield CaseOpened(case=case, team=f"team-{dice.randrange(20)}")
    for domain in (*DOMAINS, dice.choice(DOMAINS)):
        yield DomainJudged(case=case, domain=domain, grade=dice.choice(GRADES))
    yield TeamChanged(case=case, team=f"team-{dice.randrange(20)}")
    yield CaseClosed(case=case)


def fill(store: Store, count: int) -> None:
    """Record about `count` events, a thousand cases under way at a time."""
    dice = random.Random(7)
    made = 0
    while made < count:
        cases = [f"{dice.getrandbits(128):032x}" for _ in range(1000)]
        lives = [list(life_of(case, dice)) for case in cases]
        batch = []
        for version, events in enumerate(zip(*lives, strict=True), start=1):
            for case, event in zip(cases, events, strict=True):
                meta = Meta(
                    fact_id=f"{dice.getrandbits(128):032x}",
                    effective_on=date(2026, 1 + dice.randrange(12), 1 + dice.randrange(28)),
                    by=f"person-{dice.randrange(80)}",
                    in_role="auditor",
                    team_then="North",
                    correlation_id=f"{dice.getrandbits(128):032x}",
                )
                stream = f"case:{case}"
                state = encode(event, meta, stream=stream, version=version, seal=None)
                batch.append(StoredEvent(stream, version, event.TYPE, state))
        batch = batch[: count - made]
        with store.writing() as connection:
            store.recorder.append(connection, batch)
        made += len(batch)


def measure(engine: str, url: Callable[[str], str], events: int, rounds: int) -> list[Result]:
    registry = Registry([Cases()])
    store = Store(url(engine), clock=SystemClock(), projector=registry)
    store.initialise()
    fill(store, events)

    def read() -> int:
        return sum(len(batch) for _, batch in replay(store, 0, events))

    def make_again() -> int:
        rebuild(store, registry)
        return events

    gc.collect()
    results = paired(
        f"{engine}, {events:,} facts",
        {"reading and decoding them": read, "a rebuild of three tables": make_again},
        rounds=rounds,
    )
    store.close()
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options, results = on_each(
        parser, lambda engine, fresh, given: measure(engine, fresh, given.events, given.rounds)
    )
    report(list(chain(*results)), options.json)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nlargest memory of this process: {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
