"""What another moment costs: pages as at a past date, and as true on one, against the page as now.

    PYTHONPATH=src:. python -m benchmarks.as_at [--events N] [--late PERCENT] [--engine sqlite]

Makes N events over 700 days; of the audits, a share is told up to 60 days late. The list of audits
and a page of history are asked for as now, as at half-way and as at a month ago, in paired rounds.
A true-on read folds what was learnt later and puts it before the read tables; its cost is that of
what was learnt, so it is given for three days with the number of events that were folded.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from api.services import Services, build
from api.settings import Settings
from api.web.moments import as_at, looking
from benchmarks.common import on_each, paired, report, timed
from benchmarks.scale import A_LIFE, life
from projections.audits import queries as audit_queries
from projections.core.rebuild import rebuild
from projections.core.true_on import told_otherwise
from projections.history import queries as history_queries
from qa.core.clock import SetClock
from qa.core.words import Reach
from qa.store.unit import Stamp

BEGUN = datetime(2024, 4, 2, 9, tzinfo=UTC)
DAYS = 700
LIVES_AT_ONCE = 100
SUBMITTED = 2
"""The place of the submission in the life of an audit."""
EVERYTHING = Reach("lead", everything=True)


def fill(services: Services, clock: SetClock, count: int, late: int) -> None:
    """Append about `count` events without read rows, `late` percent of the audits told late."""
    store, projector = services.store, services.store.projector
    store.projector = None
    number = made = 0
    while made < count:
        clock.set(BEGUN + timedelta(seconds=DAYS * 86_400 * made // count))
        today = clock.now().date()
        with store.unit(Stamp("benchmark", "qa-lead")) as unit:
            for _ in range(LIVES_AT_ONCE):
                past = life(number, done=True)
                stream, child = f"case-audit:{number:032x}", f"child:C-{number % 5000}"
                day = today - timedelta(days=number // 100 % 60) if number % 100 < late else today
                for at, event in enumerate(past):
                    so = day if at == SUBMITTED else None
                    unit.append(stream, event, about=child, effective_on=so)
                number += 1
                made += len(past)
    store.projector = projector


def pages(engine: str, services: Services) -> None:
    """Recorded time: the past against now, in paired rounds."""
    store = services.store
    with store.reading() as connection:
        head = store.head(connection)
        month = store.position_at(store.clock.now().date() - timedelta(days=30), connection)
        stream = f"case-audit:{head // A_LIFE // 4:032x}"
        moments = {"now": None, "a month ago": month, "half-way back": head // 2}

        def listed(position: int | None) -> Callable[[], int]:
            return lambda: len(
                [audit_queries.audits(connection, EVERYTHING, position=position) for _ in range(20)]
            )

        def told(position: int | None) -> Callable[[], int]:
            return lambda: len(
                [
                    history_queries.entries(connection, streams=[stream], position=position)
                    for _ in range(20)
                ]
            )

        for what, ask in (("list of audits", listed), ("history of an audit", told)):
            contestants = {name: ask(position) for name, position in moments.items()}
            report(paired(f"{engine}: {what}, {head:,} facts", contestants, rounds=15), None)


def true_on(engine: str, services: Services) -> None:
    """Effective time: seconds until the list of audits as true on a day is there."""
    store = services.store
    today: date = store.clock.now().date()
    print(f"\n{engine}: list of audits as true on a day, as known now")
    for name, back in (("a week ago", 7), ("a quarter ago", 91), ("half-way back", DAYS // 2)):
        day = today - timedelta(days=back)

        def ask(day: date = day) -> None:
            with store.reading() as connection:
                at = as_at(store, connection, true_on=day)
                with looking(services, connection, at) as shown:
                    audit_queries.audits(shown, EVERYTHING, position=at.position)

        with store.reading() as connection:
            _, events, _ = told_otherwise(
                store, services.registry, connection, day, store.head(connection)
            )
        ask()
        took = median(timed(ask) for _ in range(5))
        print(f"  {name:<20}{took * 1000:10.1f} ms, {len(events):>8,} facts folded")


def measure(engine: str, url: str, count: int, late: int) -> None:
    clock = SetClock(BEGUN)
    services = build(
        Settings(store=url, key_file=Path(tempfile.mkdtemp()) / "key"), clock=clock, make_key=True
    )
    try:
        services.initialise()
        print(f"\n{engine}: making {count:,} facts ({late}% late) …")
        fill(services, clock, count, late)
        rebuild(services.store, services.registry)
        pages(engine, services)
        true_on(engine, services)
    finally:
        services.store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--late", type=int, default=5, help="percent of audits told late")
    on_each(
        parser,
        lambda engine, fresh, given: measure(engine, fresh(engine), given.events, given.late),
    )


if __name__ == "__main__":
    main()
