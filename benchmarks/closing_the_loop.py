"""The closing-the-loop report over many actions against one grouped query over the same rows.

    PYTHONPATH=src:. python -m benchmarks.closing_the_loop [--actions 200000] [--engine sqlite]

The actions of ten years, each with a version for every step it came to, are loaded straight into
the read table. The grouped query gives the report's counts of actions by month and team, and
nothing else; the report gives every rate beside them, the medians and percentiles of every step,
and the curve of what is still open. Both are asked of all ten years, now and as at a day half-way
back. The goal is that the report takes no more than four times the query.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import case, func, select, text
from sqlalchemy.engine import Connection

from api.main import settle
from benchmarks.common import databases, paired, report
from projections.actions import projector
from projections.actions.closing_the_loop import (
    question as closing_the_loop_question,
)
from projections.actions.closing_the_loop import (
    report as closing_the_loop_report,
)
from projections.actions.closing_the_loop import (
    rules,
)
from projections.actions.tables import action_row
from projections.core.base import OPEN, as_at
from projections.core.registry import Registry
from projections.core.rows import TableRows
from qa.core.clock import SetClock
from qa.core.periods import PeriodKind
from qa.store.store import Store

TODAY = date(2026, 3, 31)
BEGUN = date(2016, 4, 1)
HALF_WAY = date(2021, 3, 31)
TEAMS = 20
COLUMNS = [column.name for column in action_row.columns]
STEPS = (
    ("accepted", "accepted_on", "days_to_accept", 12),
    ("claimed", "claimed_on", "days_to_claim", 45),
    ("verification-due", "evidenced_on", "days_to_evidence", 20),
    ("effective", "verified_on", "days_to_verify", 40),
)


def versions(number: int) -> Iterator[tuple[Any, ...]]:
    """Every version of `number` actions raised evenly over the ten years, as far as they have
    come by today; `number` positions stand for ten years."""
    chance = Random(11)
    span = (TODAY - BEGUN).days
    for n in range(number):
        raised_on = BEGUN + timedelta(days=n * span // number)
        due_on = raised_on + timedelta(days=30)
        at = 1 + 5 * n
        team = n % TEAMS
        row: dict[str, Any] = dict.fromkeys(COLUMNS)
        row |= {
            "action": f"{chance.getrandbits(128):032x}",
            "opened": at,
            "stream_version": 1,
            "audit": f"{n // 3:032x}",
            "child": f"C-{n // 3:06}",
            "raised_by": ("case-audit", "moderation", "by-hand")[n % 3],
            "source": "",
            "raised_person": f"p-{n % 60}",
            "raised_on": raised_on.isoformat(),
            "raised_team": f"team-{team}",
            "raised_service": f"service-{team % 4}",
            "team": f"team-{team}",
            "service": f"service-{team % 4}",
            "text": "Bring the chronology up to date and agree with the family how it is kept so.",
            "kind": ("compliance", "practice", "outcome-for-child")[n % 3],
            "domain": "assessment",
            "owner": f"o-{n % max(1, number // 10)}",
            "linked": "[]",
            "state": "raised",
            "first_due_on": due_on.isoformat(),
            "due_on": (due_on + timedelta(days=14 * (n % 7 == 0))).isoformat(),
            "moved": int(n % 7 == 0),
            "slipped": 14 * (n % 7 == 0),
            "discuss": 0,
            "accept_by": (raised_on + timedelta(days=7)).isoformat(),
            "valid_from": at,
            "valid_to": OPEN,
        }
        day = raised_on
        for state, dated, counted, longest in STEPS:
            took = chance.randrange(1, longest)
            day += timedelta(days=took)
            if day > TODAY:
                break
            at += 1
            yield tuple({**row, "valid_to": at}.values())
            row |= {"state": state, dated: day.isoformat(), counted: took, "valid_from": at}
            row["stream_version"] += 1
            if dated == "evidenced_on":
                row["verify_from"] = (day + timedelta(days=28)).isoformat()
                row["verify_by"] = (day + timedelta(days=56)).isoformat()
            if dated == "verified_on":
                row["state"] = ("effective", "effective", "not-effective", "reopened")[n % 4]
                row |= {"ended_on": row[dated], "days_to_end": (day - raised_on).days}
        yield tuple(row.values())


def load(url: str, number: int) -> Store:
    """A store whose actions are `number`, with its indexes made after the rows."""
    clock = SetClock(datetime(2026, 3, 31, 12, tzinfo=UTC))
    store = Store(url, clock=clock, projector=Registry([projector.Actions()]))
    store.initialise()
    with store.engine.begin() as connection:
        for index in action_row.indexes:
            index.drop(connection)
        driver = connection.connection.driver_connection
        assert driver is not None
        rows = TableRows(action_row, store.engine.dialect)
        if store.engine.dialect.name == "postgresql":
            with (
                driver.cursor() as cursor,
                cursor.copy(f"COPY action_row ({rows.column_list}) FROM STDIN") as copy,
            ):
                for row in versions(number):
                    copy.write_row(row)
        else:
            driver.executemany(rows.insert_text, versions(number))
        for index in action_row.indexes:
            index.create(connection)
    # PostgreSQL's own housekeeping does the same in its time: it makes an index enough to read.
    tidy = "VACUUM ANALYZE" if store.engine.dialect.name == "postgresql" else "ANALYZE"
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(tidy))
    return store


def grouped(connection: Connection, position: int | None, day: date) -> int:
    """The report's counts alone, by the month that actions were raised in and by team."""
    row = action_row.c
    by = [func.substr(row.raised_on, 1, 7), row.team]
    counted = [
        func.sum(case((rule.counted(day), 1), else_=0))
        for rule in rules.RULES.values()
        if rule.cohort == "raised_on" and not rule.days
    ]
    query = select(*by, func.count(), *counted)
    asked = query.where(
        as_at(action_row, position),
        row.raised_on >= BEGUN.isoformat(),
        row.raised_on <= TODAY.isoformat(),
    ).group_by(*by)
    return sum(int(line[2]) for line in connection.execute(asked))


def contestants(store: Store, number: int) -> dict[str, dict[str, Callable[[], int]]]:
    """The report and the query, each once over the rows of a moment."""
    question = closing_the_loop_question.LoopQuestion(
        start=BEGUN, end=TODAY, by=PeriodKind.FINANCIAL_YEAR, dimensions=("team",)
    )
    found: dict[str, dict[str, Callable[[], int]]] = {}
    for words, day, position in (
        ("now", TODAY, None),
        ("as at a day half-way back", HALF_WAY, 5 * number // 2),
    ):

        def base(day: date = day, position: int | None = position) -> int:
            with store.reading() as connection:
                grouped(connection, position, day)
            return 1

        def whole(day: date = day, position: int | None = position) -> int:
            with store.reading() as connection:
                closing_the_loop_report.report(
                    connection, question, day=day, head=1, position=position
                )
            return 1

        found[words] = {"one grouped query": base, "the whole report": whole}
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--actions", type=int, default=200_000)
    asked.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    with databases([given.engine]) as fresh:
        store = load(fresh(given.engine), given.actions)
        settle()
        results = []
        for words, who in contestants(store, given.actions).items():
            results += paired(f"Report {words}", who, rounds=given.rounds)
        report(results, given.json)
        store.close()


if __name__ == "__main__":
    main()
