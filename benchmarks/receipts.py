"""What it costs to open why a figure is what it is, against the query of its rows.

    PYTHONPATH=src:. python -m benchmarks.receipts [--audits N] [--engine sqlite]

Makes N audits over two years by the shipped tools. The baseline is the list of the audits behind
the share of good grades of a team in a month; against it stand its receipt as a page opens it (the
figure as shown, and the rows, from which it is counted a second time), and what the API answers:
the same with the figure counted again from the events beneath it alone. The goal of the receipt is
no more than 4 times the list: 0.25 or better.
"""

from __future__ import annotations

import argparse
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from api.agreement import provenance
from api.agreement.cli import GradesQuery
from api.agreement.reports import REPORTS
from api.reports.declaration import FigureOf, Sight
from api.web.moments import as_at
from benchmarks.common import Result, on_each, paired, report
from benchmarks.scale import A_LIFE, LEAD, filled

RATE = "good_or_better_rate"
MONTH = GradesQuery(start=date(2025, 5, 1), end=date(2025, 5, 31), by="month", dimension=("team",))


def measure(engine: str, url: str, given: argparse.Namespace) -> list[Result]:
    with filled(url, given.audits * A_LIFE) as services:
        store = services.store
        kind = next(one for one in REPORTS if one.name == "grades")
        with store.reading() as connection:
            seen = Sight(connection, as_at(store, connection), LEAD)
            rates = [
                (row.figures[RATE].denominator or 0, at, row.group)
                for at, row in enumerate(kind.make(seen, MONTH).rows)
                if RATE in row.figures
            ]
            asked: FigureOf[Any] = FigureOf(MONTH, RATE, max(rates)[2])
            number = len(kind.behind(seen, asked))

        def rows() -> int:
            with store.reading() as connection:
                kind.behind(Sight(connection, as_at(store, connection), LEAD), asked)
            return 1

        def opened() -> int:
            with store.reading() as connection:
                sight = Sight(connection, as_at(store, connection), LEAD)
                found, under = provenance.opened(connection, kind.request(sight, asked))
            assert provenance.agrees(found, under)
            return 1

        def receipt() -> int:
            with store.reading() as connection:
                kind.why(store, Sight(connection, as_at(store, connection), LEAD), asked)
            return 1

        return paired(
            f"{engine}, {given.audits:,} audits, {number} of them behind the figure",
            {
                "the list of its rows": rows,
                "its receipt": opened,
                "and counted again from its events": receipt,
            },
            rounds=given.rounds,
        )


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
