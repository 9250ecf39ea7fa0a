"""What checking two hundred published reports costs after one late event.

    PYTHONPATH=src:. python -m benchmarks.published [--audits N] [--reports N] [--engine sqlite]

Makes N audits over two years by the shipped tools and publishes reports on grades of each month,
whole and by team, service and tool. Then one audit of one month is told late. The baseline makes
every report as it was and as it is; against it stand the check that the register makes, and making
the same of those reports that count the month of the late audit. The goal is 10 times the
baseline's speed, and no less than the latter's.
"""

from __future__ import annotations

import argparse
from datetime import date
from itertools import chain, cycle, islice, product
from pathlib import Path
from typing import Any

from api.agreement.cli import GradesQuery
from api.publishing import reading
from api.reports.declaration import Sight, report_called
from api.services import Services
from api.web.moments import as_at
from benchmarks.common import Result, on_each, paired, report
from benchmarks.scale import A_LIFE, DAY, LEAD, filled, life
from projections.publishing import queries
from projections.publishing.tables import PublishedRow
from qa.core.periods import PeriodKind, period_of
from qa.publishing import handlers
from qa.publishing.commands import PublishReport
from qa.store.unit import Stamp

CUTS: tuple[tuple[str, ...], ...] = ((), ("team",), ("service",), ("tool",))
LATE = date(2025, 5, 20)
MONTHS = 22


def publish(services: Services, count: int) -> None:
    """Publish so many reports on the months of the last two years."""
    months = [period_of(DAY, PeriodKind.MONTH).preceding]
    while len(months) < MONTHS:
        months.append(months[-1].preceding)
    asked = product(("agreement", "grades"), CUTS, months)
    for number, (name, cut, month) in enumerate(islice(cycle(asked), count)):
        kind = report_called(name)
        query = GradesQuery(start=month.start, end=month.end, by="month", dimension=cut)
        with services.store.reading() as connection:
            at = as_at(services.store, connection)
            kept = kind.kept(query, at)
            made = reading.ready(services, connection, kept, at, LEAD)
            under = reading.made_under(services, connection)
        command = PublishReport(
            title=f"Report {number}",
            asked=kept,
            position=at.shown,
            as_at=at.day,
            sha256=reading.fingerprint(kind, made),
            **under,
        )
        handlers.publish(services.desk, command, by=LEAD)


def tell_late(services: Services) -> None:
    """One audit more, of a day that reports were published on."""
    number = (DAY - LATE).days
    with services.store.unit(Stamp("benchmark", "qa-lead")) as unit:
        unit.append("case-audit:" + "f" * 32, *life(number, done=True), about="child:C-1")


def measure(engine: str, url: str, given: argparse.Namespace) -> list[Result]:
    with filled(url, given.audits * A_LIFE) as services:
        store = services.store
        publish(services, given.reports)
        tell_late(services)
        with store.reading() as connection:
            rows = queries.register(connection, limit=given.reports)
        touched = [row for row in rows if row.question.start <= LATE <= row.question.end]

        def make_again(wanted: list[PublishedRow]) -> int:
            with store.reading() as connection:
                now = as_at(store, connection)
                for row in wanted:
                    for at in (now, reading.frozen_at(services, connection, row)):
                        kind = reading.of_kind(row)
                        kind.compared(Sight(connection, at, LEAD), row.question)
            return 1

        def check() -> int:
            moved = 0
            memory: dict[object, Any] = {}
            with store.reading() as connection:
                now = as_at(store, connection)
                for row in rows:
                    found = reading.restated(
                        services, connection, LEAD, row, now, causes=False, memory=memory
                    )
                    moved += bool(found.figures)
            assert moved == len(touched), (moved, len(touched))
            return 1

        return paired(
            f"{engine}, {given.audits:,} audits, {len(rows)} published reports, {len(touched)} of "
            "them of the month of the late event",
            {
                "making every report, then and now": lambda: make_again(rows),
                "making those that it touches": lambda: make_again(touched),
                "checking every report": check,
            },
            rounds=given.rounds,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audits", type=int, default=6_000)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path)
    given, results = on_each(
        parser, lambda engine, fresh, given: measure(engine, fresh(engine), given)
    )
    report(list(chain(*results)), given.out)


if __name__ == "__main__":
    main()
