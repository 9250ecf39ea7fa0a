"""How long an agreement report takes, now and as at a past date, and how that grows with its rows.

    PYTHONPATH=src:. python benchmarks/agreement_report.py [postgresql://…]

Loads audits straight into the read table: five versions each, as an audit that was allocated,
submitted, assigned, moderated and finalised has. 10,000 and then 100,000 audits: first all in one
quarter, which is the worst there is for that report, then spread over ten years.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any

from sqlalchemy import insert, text

from projections.agreement.counting import VersionScales
from projections.agreement.projector import ModerationAgreement
from projections.agreement.question import AgreementQuestion
from projections.agreement.report import report
from projections.agreement.tables import agreement_audit
from projections.core.base import OPEN
from projections.core.registry import Registry
from qa.core.clock import SetClock
from qa.core.periods import PeriodKind
from qa.core.words import Scale, ScalePoint
from qa.store.store import Store

GRADES = ("outstanding", "good", "requires-improvement", "inadequate")
FOUR = Scale(
    id="four",
    version=1,
    name="Four grades",
    points=tuple(ScalePoint(code=code, label=code, rank=n) for n, code in enumerate(GRADES, 1)),
    met_rank=2,
)
SCALES = VersionScales({("whole", 1): FOUR, ("whole", 2): FOUR})
QUARTER = AgreementQuestion(start=date(2021, 7, 1), end=date(2021, 9, 30))
DECADE = AgreementQuestion(start=date(2016, 4, 1), end=date(2026, 3, 31))
SPREADS = {
    "all in the quarter": (QUARTER, {"that quarter": QUARTER}),
    "over ten years": (
        DECADE,
        {
            "one quarter of them": QUARTER,
            "all forty quarters": DECADE,
            "by year and team": replace(DECADE, by=PeriodKind.FINANCIAL_YEAR, dimensions=("team",)),
        },
    ),
}


def audits(number: int, spread: AgreementQuestion) -> Iterator[dict[str, Any]]:
    """Every version of `number` audits spread over a range, in the order of their dates."""
    chance = Random(7)
    days = (spread.end - spread.start).days + 1
    for n in range(number):
        day = spread.start + timedelta(days=n * days // number)
        made = day + timedelta(days=chance.randrange(30))
        at = 5 * n + 1
        row: dict[str, Any] = dict.fromkeys(column.name for column in agreement_audit.columns)
        row |= {
            "audit": f"{chance.getrandbits(128):032x}",
            "reference": f"AUD-{n:06}",
            "child_key": f"c-{n:06}",
            "team": f"team-{n % 20}",
            "team_name": f"Team {n % 20}",
            "service": f"service-{n % 4}",
            "service_name": f"Service {n % 4}",
            "tool": "whole",
            "tool_version": 1 + (2 * n >= number),
            "auditor": f"p-{n % 60}",
            "imported": 0,
            "counted": 0,
            "state": "not submitted",
            "allocated_on": day.isoformat(),
        }
        changes: list[dict[str, Any]] = [
            {},
            {
                "counted": 1,
                "state": "standing",
                "audit_date": day.isoformat(),
                "submitted_on": day.isoformat(),
                "submitted_day": day.toordinal(),
                "overall": chance.choice(GRADES),
            },
        ]
        if chance.random() < 0.45:
            changes += [
                {"moderation": f"m-{n}", "moderator": f"p-{60 + n % 12}", "blind": n % 2},
                {
                    "moderated_on": made.isoformat(),
                    "moderated_day": made.toordinal(),
                    "moderated_overall": chance.choice(GRADES),
                },
            ]
        changes.append({"final_grade": "good"})
        for step, change in enumerate(changes):
            row = {**row, **change, "valid_from": at + step, "valid_to": at + step + 1}
            if step + 1 == len(changes):
                row["valid_to"] = OPEN
            yield row


def load(store: Store, number: int, spread: AgreementQuestion) -> int:
    """Fill the table afresh; the last position. Rows that were deleted would be read past."""
    with store.writing() as connection:
        agreement_audit.drop(connection)
        agreement_audit.create(connection)
        batch: list[dict[str, Any]] = []
        for row in audits(number, spread):
            batch.append(row)
            if len(batch) == 5000:
                connection.execute(insert(agreement_audit), batch)
                batch = []
        if batch:
            connection.execute(insert(agreement_audit), batch)
    with store.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return 5 * number


def best(store: Store, question: AgreementQuestion, position: int | None) -> float:
    times = []
    for _ in range(3):
        with store.reading() as connection:
            start = perf_counter()
            report(connection, question, scales=SCALES, position=position)
            times.append(perf_counter() - start)
    return min(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.db"
        clock = SetClock(datetime(2026, 4, 1, tzinfo=UTC))
        store = Store(url, clock=clock, projector=Registry([ModerationAgreement()]))
        store.initialise()
        print(f"{'':20}{'':22}{'':20}{'10,000':>10}{'100,000':>10}{'ratio':>8}")
        for spread, (whole, questions) in SPREADS.items():
            measured: dict[tuple[str, str], list[float]] = {}
            for number in (10_000, 100_000):
                last = load(store, number, whole)
                for name, question in questions.items():
                    for seen, position in (("now", None), ("as at a past date", last * 9 // 10)):
                        taken = best(store, question, position)
                        measured.setdefault((name, seen), []).append(taken)
            for (name, seen), (few, many) in measured.items():
                numbers = f"{few:9.3f}s{many:9.3f}s{many / few:8.1f}"
                print(f"{spread:20}{name:22}{seen:20}{numbers}")
        store.close()


if __name__ == "__main__":
    main()
