"""The queue of a QA lead, a moderator and an owner with 600 actions on record and with 200,000.

    PYTHONPATH=src:. python -m benchmarks.worklist [--actions 200000] [--engine sqlite]

The rows are written straight into the read tables: a queue reads nothing else. Two fifths of the
actions are open. The goal is that the queue of a large record is as fast as that of a small one.
Six hundred are enough to fill a queue, so that both show as many lines.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text

from api.tasks.worklist import whole_queue
from api.web.access_notes import Look
from api.web.moments import present
from benchmarks.common import Contestant, on_each, paired, report
from projections.actions.tables import action_row
from projections.core.base import OPEN
from qa.core.clock import SetClock
from tests.support.council import Council

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STATES = {
    "raised": 5, "accepted": 5, "in-progress": 5, "claimed": 10, "verification-due": 15,
    "effective": 50, "no-longer-applicable": 10,
}  # fmt: skip
READERS = ("lead", "moderator", "worker")


def filled(url: str, folder: Path, count: int) -> Council:
    """A council with so many actions, owned by the worker and by people enough for them."""
    council = Council.open(url, SetClock(NOW), folder)
    draw = random.Random(2026)
    owners = [council.ids["worker"], *(f"p{number}" for number in range(max(count // 400, 1)))]
    blank = dict.fromkeys(column.name for column in action_row.columns)
    rows = []
    for number in range(count):
        due = (date(2026, 3, 2) + timedelta(days=draw.randint(-200, 100))).isoformat()
        rows.append(
            {
                **blank,
                "action": f"{number:032x}",
                "opened": number + 1,
                "stream_version": 1,
                "audit": "",
                "child": "",
                "raised_by": "by-hand",
                "source": "",
                "raised_person": council.ids["auditor"],
                "raised_on": "2025-06-01",
                "raised_team": "east",
                "raised_service": "safeguarding",
                "team": "east",
                "service": "safeguarding",
                "text": "Bring the chronology up to date.",
                "kind": "compliance",
                "owner": draw.choice(owners),
                "linked": "[]",
                "state": draw.choices(list(STATES), list(STATES.values()))[0],
                "first_due_on": due,
                "due_on": due,
                "moved": 0,
                "slipped": 0,
                "discuss": 0,
                "accept_by": due,
                "check_by": due,
                "verify_from": "2026-01-01",
                "verify_by": due,
                "valid_from": 1,
                "valid_to": OPEN,
            }
        )
    with council.services.store.writing() as connection:
        for start in range(0, count, 5000):
            connection.execute(insert(action_row), rows[start : start + 5000])
        connection.execute(text("ANALYZE"))
    return council


def asking(council: Council, handle: str) -> Contestant:
    store, actor = council.services.store, council.actor(handle)

    def ask() -> int:
        with store.reading() as connection:
            whole_queue(Look(connection, actor, present(store, connection, actor)))
        return 1

    return ask


def measure(engine: str, small: str, large: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        councils = {
            size: filled(url, Path(folder), size)
            for size, url, folder in ((600, small, one), (count, large, other))
        }
        for handle in READERS:
            asked = {
                f"{size:,} actions": asking(council, handle) for size, council in councils.items()
            }
            report(paired(f"{engine}: the queue of the {handle}", asked, rounds=15), None)
        for council in councils.values():
            council.services.store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actions", type=int, default=200_000)
    on_each(
        parser,
        lambda engine, fresh, given: measure(engine, fresh(engine), fresh(engine), given.actions),
    )


if __name__ == "__main__":
    main()
