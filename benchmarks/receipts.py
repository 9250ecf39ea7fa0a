"""What it costs to open why a figure is what it is, against the query of its rows.

    PYTHONPATH=src:. python -m benchmarks.receipts [--audits N] [--engine sqlite]

Makes N audits over two years by the shipped tools. The baseline is the list of the audits behind
the share of good grades of a team in a month; against it stands its receipt: the figure as shown,
the rows, and the figure counted again from the events beneath them. The goal is no more than 4
times the list: 0.25 or better.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from api.agreement.cli import GradesQuery
from api.audit_tools.starting_set import ship
from api.reports.declaration import FigureOf, Sight, report_called
from api.services import build
from api.settings import Settings
from api.web.moments import as_at
from benchmarks.common import Result, on_each, paired, report
from benchmarks.scale import A_LIFE, fill
from projections.core.rebuild import rebuild
from qa.core.clock import SetClock
from qa.core.words import Actor, Grant, Role

LEAD = Actor("lead", grants=(Grant(role=Role.QA_LEAD, since=date(2020, 1, 1)),))
RATE = "good_or_better_rate"
MONTH = GradesQuery(start=date(2025, 5, 1), end=date(2025, 5, 31), by="month", dimension=("team",))


def measure(engine: str, url: str, given: argparse.Namespace) -> list[Result]:
    services = build(
        Settings(store=url, key_file=Path(tempfile.mkdtemp()) / "key"),
        clock=SetClock(datetime(2026, 3, 2, 9, tzinfo=UTC)),
        make_key=True,
    )
    services.initialise()
    ship(services)
    store, kind = services.store, report_called("grades")
    try:
        fill(services, given.audits * A_LIFE)
        rebuild(store, services.registry)
        with store.reading() as connection:
            sight = Sight(connection, as_at(store, connection), LEAD)
            rates = [
                (row.figures[RATE].denominator or 0, at, row.group)
                for at, row in enumerate(kind.make(sight, MONTH).rows)
                if RATE in row.figures
            ]
            asked: FigureOf[Any] = FigureOf(MONTH, RATE, max(rates)[2])
            number = len(kind.behind(sight, asked))

        def rows() -> int:
            with store.reading() as connection:
                kind.behind(Sight(connection, as_at(store, connection), LEAD), asked)
            return 1

        def receipt() -> int:
            with store.reading() as connection:
                kind.why(store, Sight(connection, as_at(store, connection), LEAD), asked)
            return 1

        return paired(
            f"{engine}, {given.audits:,} audits, {number} of them behind the figure",
            {"the list of its rows": rows, "its receipt": receipt},
            rounds=given.rounds,
        )
    finally:
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audits", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--out", type=Path)
    given, results = on_each(
        parser, lambda engine, fresh, given: measure(engine, fresh(engine), given)
    )
    report(list(chain(*results)), given.out)


if __name__ == "__main__":
    main()
