"""What the benchmarks share: databases to measure on, paired rounds, and a small table of ratios.

The contestants of one comparison run in turn within every round, so that a busy machine slows them
alike; what is reported is the median over the rounds of each ratio to the baseline, not a speed.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeVar

from tests.support import engines

T = TypeVar("T")


@dataclass(frozen=True)
class Result:
    """One contestant of one comparison. `ratio` is speed against the baseline: 1 is as fast."""

    comparison: str
    contestant: str
    per_second: float
    ratio: float
    rounds: int


Contestant = Callable[[], int]
"""Does its work once and returns how many things it did."""


def paired(comparison: str, contestants: Mapping[str, Contestant], *, rounds: int) -> list[Result]:
    """Run the contestants in turn, `rounds` times after one to warm up; the first is the baseline.

    Every second round runs them backwards, so that none always follows the same neighbour.
    """
    speeds: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        names = list(contestants)
        for name in names if turn % 2 else reversed(names):
            started = perf_counter()
            done = contestants[name]()
            speed = done / (perf_counter() - started)
            if turn:
                speeds[name].append(speed)
    baseline = next(iter(speeds.values()))
    return [
        Result(
            comparison,
            name,
            median(found),
            median(f / b for f, b in zip(found, baseline, strict=True)),
            rounds,
        )
        for name, found in speeds.items()
    ]


def report(results: list[Result], path: Path | None) -> None:
    """Print the table; write it as JSON to `path` where one is given."""
    comparison = ""
    for result in results:
        if result.comparison != comparison:
            comparison = result.comparison
            print(f"\n{comparison}  (median of {result.rounds} paired rounds)")
        print(f"  {result.contestant:<44}{result.per_second:>12,.0f}/s {result.ratio:>8.2f}")
    if path is not None:
        machine = {
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "results": [asdict(r) for r in results],
        }
        path.write_text(json.dumps(machine, indent=1) + "\n")
        print(f"\nwritten to {path}", file=sys.stderr)


def on_each(
    parser: ArgumentParser, measure: Callable[[str, Callable[[str], str], Namespace], T]
) -> tuple[Namespace, list[T]]:
    """What was asked by `parser`, and what `measure` finds on each engine: on both, or on those
    that ``--engine`` names. It is given what makes a new database."""
    parser.add_argument("--engine", choices=["sqlite", "postgres"], action="append")
    given = parser.parse_args()
    which = given.engine or ["sqlite", "postgres"]
    with databases(which) as fresh:
        return given, [measure(engine, fresh, given) for engine in which]


def timed(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


@contextmanager
def databases(which: list[str]) -> Iterator[Callable[[str], str]]:
    """Gives the URL of a new, empty database on ``sqlite`` or ``postgres``."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = iter(range(1, 1000))

        def sqlite_or(postgres: engines.Server | None) -> Callable[[str], str]:
            def make(engine: str) -> str:
                if engine == "sqlite":
                    return f"sqlite:///{folder}/{next(numbers)}.db"
                assert postgres is not None
                return postgres.create()

            return make

        if "postgres" in which:
            # Room enough that a checkpoint in the middle of a round is not what is measured.
            with engines.server("shared_buffers=256MB", "max_wal_size=4GB") as server:
                yield sqlite_or(server)
        else:
            yield sqlite_or(None)
