"""What a quarterly report of eight sections costs as Word and PDF, against its queries alone.

    PYTHONPATH=src:. python -m benchmarks.quarterly_report [--audits N] [--rounds N]

Makes N audits over two years on SQLite and composes a report of their grades and moderation, whole
and by team, service and tool. The baseline are the statements that it asks the database, carried
out again by the driver and read to the end. Against it stand making its figures, and the whole
report as Word and as PDF, the figures made again; and the first time of each in this process, with
all that is loaded for it. The goal is no more than 5 times.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

from sqlalchemy.engine import Connection

from api.agreement.cli import GradesQuery
from api.quarterly import making, reading
from api.quarterly.reports import REPORTS
from api.reports.declaration import Sight, report_called
from api.reports.documents import render_report
from api.services import Services
from api.web.moments import as_at
from benchmarks.common import databases, timed
from benchmarks.scale import A_LIFE, LEAD, filled
from projections.quarterly import queries
from qa.quarterly import commands, handlers

START, END = date(2025, 1, 1), date(2025, 12, 31)
CUTS: tuple[tuple[str, ...], ...] = ((), ("team",), ("service",), ("tool",))


def compose(services: Services) -> str:
    """A draft of eight sections: its id."""

    def carry_out(handler: Any, command: Any) -> dict[str, Any]:
        done: dict[str, Any] = handler(services.desk, command, by=LEAD).response
        return done

    begun = commands.StartQuarterlyReport(title="Quarter", council="C", start=START, end=END)
    of = str(carry_out(handlers.start, begun)["report"])
    for name in ("grades", "agreement"):
        for cut in CUTS:
            with services.store.reading() as connection:
                sight = Sight(connection, as_at(services.store, connection), LEAD)
                query = GradesQuery(start=START, end=END, by="quarter", dimension=cut)
                asked = making.proposed(sight, report_called(name), query)
            carry_out(
                handlers.add_section,
                commands.AddQuarterlySection(
                    of=of, asked=asked, question="How good is practice?", shows="figures"
                ),
            )
    return of


def figures(services: Services, connection: Connection, of: str) -> Any:
    held = queries.one(connection, of)
    assert held is not None
    return reading.standing(Sight(connection, as_at(services.store, connection), LEAD), held)


def on_paper(services: Services, of: str, kind: str) -> None:
    with services.store.reading() as connection:
        made, at = figures(services, connection, of), as_at(services.store, connection)
        taken = at.taken_out("lead", services.clock.now(), services.letterhead_at(connection))
        document = REPORTS.frozen_document(Sight(connection, at, LEAD), made, [], taken)
    render_report(document, kind)


def statements(services: Services, of: str) -> list[str]:
    """What the database is asked for the figures, with all values."""
    asked: list[str] = []
    with services.store.reading() as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_trace_callback(asked.append)
        figures(services, connection, of)
        driver.set_trace_callback(None)
    return [one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))]


def measure(url: str, given: argparse.Namespace) -> None:
    with filled(url, given.audits * A_LIFE) as services:
        of = compose(services)
        asked = statements(services, of)

        def again() -> None:
            with services.store.reading() as connection:
                driver: Any = connection.connection.driver_connection
                for one in asked:
                    driver.execute(one).fetchall()

        def counted() -> None:
            with services.store.reading() as connection:
                figures(services, connection, of)

        contestants: dict[str, Callable[[], None]] = {
            f"its {len(asked)} queries alone": again,
            "its figures": counted,
            "the report as Word": lambda: on_paper(services, of, "docx"),
            "the report as PDF": lambda: on_paper(services, of, "pdf"),
        }
        firsts = {name: timed(work) for name, work in contestants.items()}
        rounds = [
            {name: timed(work) for name, work in contestants.items()} for _ in range(given.rounds)
        ]
        base = next(iter(contestants))
        print(
            f"\nsqlite, {given.audits:,} audits, eight sections  (median of {given.rounds} rounds)"
        )
        for name in contestants:
            spent = median(one[name] for one in rounds)
            times = median(one[name] / one[base] for one in rounds)
            first = firsts[name] / median(one[base] for one in rounds)
            print(f"  {name:<28}{1000 * spent:8.0f} ms  {times:6.2f} times, {first:6.2f} at first")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audits", type=int, default=6_000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    with databases(["sqlite"]) as fresh:
        measure(fresh("sqlite"), given)


if __name__ == "__main__":
    main()
