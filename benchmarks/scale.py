"""What a million events cost: rebuilding every read model, and the pages people open most.

    PYTHONPATH=src:. python -m benchmarks.scale [--events N] [--engine sqlite]

Makes N events of real audits (seven each, with their texts sealed), reads and decodes them,
rebuilds
all read models, and then times the worklist, the list of audits and a history, now and as at a past
position, against the same on a store of 1,000 events.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from api.audit_tools.starting_set import ship
from api.services import Services, build
from api.settings import Settings
from benchmarks.common import on_each, timed
from projections.audits import queries as audit_queries
from projections.audits import worklist
from projections.core.rebuild import rebuild
from projections.history import queries as history_queries
from qa.audits import events
from qa.audits.judgements import AuditContent, DomainJudgement, ModeratedJudgement
from qa.audits.moderation_events import ModerationAssigned, ModerationRecorded, ModerationSelected
from qa.core.clock import SetClock
from qa.core.words import Actor, Grant, Reach, Role
from qa.store.unit import Stamp

DAY = date(2026, 3, 2)
LEAD = Actor("lead", grants=(Grant(role=Role.QA_LEAD, since=date(2020, 1, 1)),))
AUDITORS = 80
A_LIFE = 7
DOMAINS = ("assessment", "planning", "management-grip")


def life(number: int, done: bool) -> list[Any]:
    """The events of one audit; the last few of a store stay open, so that worklists hold work."""
    auditor, moderator = f"auditor-{number % AUDITORS}", f"moderator-{number % 12}"
    day = DAY - timedelta(days=number % 700)
    allocated = events.CaseAuditAllocated(
        reference=f"CA-{number}",
        child=f"C-{number}",
        tool="whole-case-file",
        tool_version=1,
        auditor=auditor,
        team=f"team-{number % 12}",
        team_name=f"Team {number % 12}",
        service=f"service-{number % 4}",
        service_name=f"Service {number % 4}",
        practice_from=day - timedelta(days=180),
        practice_to=day,
        due_on=day + timedelta(days=28),
    )
    if not done:
        return [allocated]
    grade = ("outstanding", "good", "requires-improvement", "inadequate")[number % 4]
    content = AuditContent(
        audit_date=day,
        practice_from=day - timedelta(days=180),
        practice_to=day,
        child_status="child-in-need",
        judgements=tuple(
            DomainJudgement(domain=d, grade=grade, evidence="Evidence seen on the file.")
            for d in DOMAINS
        ),
        overall=grade,
        rationale="The reasons follow from the file.",
        no_action_reason="None needed.",
    )
    moderation = f"m-{number}"
    return [
        allocated,
        events.CaseAuditStarted(auditor=auditor),
        events.CaseAuditSubmitted(auditor=auditor, content=content),
        ModerationSelected(
            moderation=moderation, policy_version=1, reasons=("random",), draw=1, due_on=day
        ),
        ModerationAssigned(moderation=moderation, moderator=moderator, blind=True, due_on=day),
        ModerationRecorded(
            moderation=moderation,
            moderator=moderator,
            audit_version=5,
            overall=grade,
            rationale="The file supports this.",
            judgements=tuple(ModeratedJudgement(domain=d, grade=grade) for d in DOMAINS),
            moderated_on=day,
        ),
        events.CaseAuditFinalised(grade=grade, source="auditor", rule="agree", cites=("f",)),
    ]


def opened(url: str) -> Services:
    """The services of a new store at `url`, on the last day of what is made."""
    services = build(
        Settings(store=url, key_file=Path(tempfile.mkdtemp()) / "key"),
        clock=SetClock(datetime(2026, 3, 2, 9, tzinfo=UTC)),
        make_key=True,
    )
    services.initialise()
    return services


@contextmanager
def filled(url: str, count: int) -> Iterator[Services]:
    """A new store with the shipped tools, about `count` events of audits, and their read models."""
    services = opened(url)
    try:
        ship(services)
        fill(services, count)
        rebuild(services.store, services.registry)
        yield services
    finally:
        services.store.close()


def fill(services: Services, count: int) -> None:
    """Append about `count` events without read rows, in large units."""
    store, projector = services.store, services.store.projector
    store.projector = None
    stamp = Stamp("benchmark", "qa-lead")
    number, made = 0, 0
    while made < count:
        with store.unit(stamp) as unit:
            for _ in range(150):
                past = life(number, done=made < count - 300)
                stream = f"case-audit:{number:032x}"
                unit.append(stream, *past, about=f"child:C-{number % 5000}")
                number += 1
                made += len(past)
    store.projector = projector


def questions(services: Services) -> dict[str, float]:
    """Median seconds of the questions behind the pages people open most."""
    store = services.store
    reach = Reach(person="auditor-3")
    lead = Reach(person="lead", everything=True)
    head = store.head()
    with store.reading() as connection:
        middle = f"case-audit:{(head // A_LIFE) // 2:032x}"
        asked: dict[str, Callable[[], object]] = {
            "worklist": lambda: worklist.worklist(connection, reach),
            "list of audits": lambda: audit_queries.audits(connection, lead),
            "list of audits, half-way back": lambda: audit_queries.audits(
                connection, lead, position=head // 2
            ),
            "history of one audit": lambda: history_queries.entries(connection, streams=[middle]),
            "history, half-way back": lambda: history_queries.entries(
                connection, streams=[middle], position=head // 2
            ),
        }
        found = {}
        for name, ask in asked.items():
            ask()
            found[name] = median(timed(ask) for _ in range(30))
    return found


def measure(engine: str, url: str, small_url: str, count: int) -> None:
    small, large = opened(small_url), opened(url)
    try:
        fill(small, 1000)
        rebuild(small.store, small.registry)
        print(f"\n{engine}: making {count:,} facts took {timed(lambda: fill(large, count)):.0f} s")
        reading = timed(lambda: [None for _ in large.store.events()])
        rebuilding = timed(lambda: rebuild(large.store, large.registry))
        print(f"  reading and decoding       {reading:8.1f} s")
        times = rebuilding / reading
        print(f"  rebuilding all read models {rebuilding:8.1f} s   {times:.2f} times")
        before, after = questions(small), questions(large)
        for name, seconds in after.items():
            print(
                f"  {name:<30}{before[name] * 1000:8.2f} ms at 1,000 "
                f"{seconds * 1000:8.2f} ms at {count:,}"
            )
    finally:
        small.store.close()
        large.store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    on_each(
        parser,
        lambda engine, fresh, given: measure(engine, fresh(engine), fresh(engine), given.events),
    )


if __name__ == "__main__":
    main()
