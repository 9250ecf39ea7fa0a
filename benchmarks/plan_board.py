"""What a board asks of a plan of 100 actions with five years of monthly reviews, against reading
the rows of these reviews with one query.

    PYTHONPATH=src:. python -m benchmarks.plan_board [--plans 153] [--engine sqlite]

The same plan is asked alone in a store and as one of many. The board view is everything that a
meeting opens: counts and means, declared against computed, lateness, and what changed since the
meeting before. It is asked now, and as known at a meeting half-way back. The goal is that no
question takes more than four times the reading of its rows.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Connection

from api.services import Services, build
from api.settings import Settings
from benchmarks.common import on_each, paired, report
from projections.core.base import as_at
from projections.core.rebuild import rebuild
from projections.plans import (
    changes,
    computed_status,
    counting,
    lateness,
    meetings,
    queries,
    tables,
)
from projections.plans.record import PlanRecord
from qa.core.clock import SetClock, add_months, start_of_day
from qa.core.due_dates import Due, Stage
from qa.plans import action_events, events
from qa.plans.action_events import plan_action_stream
from qa.plans.events import plan_stream, scale_stream
from qa.plans.rag_scale import RagLevel, RagScale
from qa.plans.status_rules import StatusRules
from qa.store.unit import Stamp

BEGUN = date(2021, 1, 4)
MONTHS = 60
ACTIONS = 100
THEMES = 8
ASKED = f"{1:032x}"
"""The plan that is asked."""

SCALE = RagScale(
    id="board",
    version=1,
    name="Four levels",
    levels=tuple(
        RagLevel(code=code, label=code, rank=rank, meaning=code, met=rank == 4, final=rank == 4)
        for rank, code in enumerate(("red", "amber", "green", "blue"), start=1)
    ),
)
CODES = [level.code for level in SCALE.levels]


def fill(services: Services, clock: SetClock, count: int) -> None:
    """Append the events of `count` plans month by month, without read rows."""
    store, projector = services.store, services.store.projector
    store.projector = None
    clock.set(start_of_day(BEGUN) + timedelta(hours=9))
    with store.unit(Stamp("benchmark", "qa-lead")) as unit:
        unit.append(scale_stream(SCALE.id), events.RagScalePublished(scale=SCALE))
        for number in range(1, count + 1):
            _open(unit, f"{number:032x}", number)
    for month in range(MONTHS):
        day = add_months(BEGUN, month)
        clock.set(start_of_day(day) + timedelta(hours=9))
        for number in range(1, count + 1):
            with store.unit(Stamp("benchmark", "qa-lead")) as unit:
                _month(unit, f"{number:032x}", number, month, day, store.head())
    store.projector = projector


def _open(unit: object, plan: str, number: int) -> None:
    append = unit.append  # type: ignore[attr-defined]
    opened = events.ImprovementPlanOpened(
        plan=plan,
        title=f"Plan {number}",
        board="Board",
        tiers=("Ambition",),
        scale=SCALE.key,
        since=BEGUN,
        rules=StatusRules(version=1),
    )
    append(plan_stream(plan), opened)
    for theme in range(THEMES):
        part = {"part": f"{number}-{theme}", "tier": "Ambition", "reference": str(theme)}
        append(plan_stream(plan), events.PlanPartAdded(**part, title=f"Ambition {theme}"))
    for at in range(ACTIONS):
        due = Due(kind="day", on=add_months(BEGUN, 6 + at % 54))
        agreed = action_events.PlanActionAgreed(
            action=_action(number, at),
            plan=plan,
            part=f"{number}-{at % THEMES}",
            reference=f"{at % THEMES}.{at}",
            title=f"Action {at}, described in a sentence of the usual length for a plan.",
            since=BEGUN,
            leads=("Head of service",),
            stages=(Stage(due=due),),
        )
        append(plan_action_stream(agreed.action), agreed)


def _action(number: int, at: int) -> str:
    return f"{number * 1000 + at:032x}"


def _month(unit: object, plan: str, number: int, month: int, day: date, head: int) -> None:
    append, version = unit.append, unit.version  # type: ignore[attr-defined]
    for at in range(ACTIONS):
        stream = plan_action_stream(_action(number, at))
        version(stream)
        rated = action_events.PlanActionAssessed(
            assessment=f"{number}-{at}-{month}",
            as_at=day,
            scale=SCALE.key,
            level=CODES[(at + month // 7) % 4],
            percent_complete=min(100, month * 2),
            commentary="What was done this month, what is next, and what stands in the way of it.",
        )
        append(stream, rated)
    stream = plan_stream(plan)
    version(stream)
    meeting = f"{number}-{month}"
    append(stream, events.BoardMeetingCalled(meeting=meeting, on=day, title="Board"))
    append(stream, events.BoardMeetingHeld(meeting=meeting, position=max(1, head)))


def rows(connection: Connection, position: int | None) -> int:
    """The reviews of the plan, read with one query."""
    action, review = tables.ACTIONS.table, tables.ASSESSMENTS.table
    query = (
        select(review)
        .join(action, action.c.action == review.c.action)
        .where(action.c.plan == ASKED, as_at(action, position), as_at(review, position))
    )
    assert connection.execute(query).all()
    return 1


def board(connection: Connection, position: int | None, day: date) -> int:
    """Everything that a meeting opens."""
    record = queries.read(connection, ASKED, position=position)
    assert record is not None
    asked(record, day)
    return 1


def asked(record: PlanRecord, day: date) -> None:
    counting.on_the_board(record, day)
    computed_status.gaps(record, day)
    lateness.overdue(record, day)
    last = meetings.before(record, day)
    assert last is not None
    changes.changed(record, day, last.on)


def measure(engine: str, url: str, count: int) -> None:
    clock = SetClock(datetime(2021, 1, 1, tzinfo=UTC))
    services = build(
        Settings(store=url, key_file=Path(tempfile.mkdtemp()) / "key"), clock=clock, make_key=True
    )
    try:
        services.initialise()
        fill(services, clock, count)
        rebuild(services.store, services.registry, only=["improvement_plans"])
        middle = add_months(BEGUN, MONTHS // 2)
        with services.store.reading() as connection:
            then = services.store.position_at(middle, connection)
            for when, position, day in (
                ("now", None, add_months(BEGUN, MONTHS - 1)),
                ("half-way back", then, middle),
            ):
                contestants: dict[str, Callable[[], int]] = {
                    "rows with one query": lambda p=position: rows(connection, p),  # type: ignore[misc]
                    "board view": lambda p=position, d=day: board(connection, p, d),  # type: ignore[misc]
                }
                of = "alone" if count == 1 else f"one of {count} plans"
                report(paired(f"{engine}: {of}, {when}", contestants, rounds=15), None)
    finally:
        services.store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=153)

    def one_and_many(engine: str, fresh: Callable[[str], str], given: argparse.Namespace) -> None:
        for count in (1, given.plans):
            measure(engine, fresh(engine), count)

    on_each(parser, one_and_many)


if __name__ == "__main__":
    main()
