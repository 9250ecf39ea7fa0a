"""How the command line speaks: plain lines, JSON where asked, faults by row and column."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from qa.core.errors import CaseloopError, Fault, Refused

DONE = 0
FOUND_WRONG = 1
REFUSED = 3
UNREACHABLE = 4
MOST_FAULTS = 50


def line(text: str = "") -> None:
    sys.stdout.write(text + "\n")


def warn(text: str) -> None:
    sys.stderr.write(text + "\n")


def as_json(value: Any) -> None:
    """JSON for programs: one document, keys in the order given."""
    line(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _row(number: int) -> str:
    return f"row {number}"


def fault_line(fault: Fault, place: Callable[[int], str] = _row) -> str:
    """Where and what: "row 7, overall, “Goood”: …". `place` says where a row stands."""
    where = [place(fault.row)] if fault.row is not None else []
    column = fault.column or fault.field
    if column:
        where.append(column)
    if fault.value is not None:
        where.append(f"“{fault.value}”")
    return f"{', '.join(where)}: {fault.sentence}" if where else fault.sentence


def faults(found: tuple[Fault, ...], place: Callable[[int], str] = _row) -> None:
    for fault in found[:MOST_FAULTS]:
        warn(f"  {fault_line(fault, place)}")
    if len(found) > MOST_FAULTS:
        warn(f"  … and {len(found) - MOST_FAULTS} more")


def refusal(error: CaseloopError) -> int:
    """Say what was refused and give the exit code."""
    if isinstance(error, Refused) and (len(error.faults) > 1 or error.faults[0].row is not None):
        count = len(error.faults)
        tally = f"{count} {'fault' if count == 1 else 'faults'}"
        warn(f"{error.title}: {tally}, nothing was saved.")
        faults(error.faults)
    else:
        warn(error.sentence)
    return UNREACHABLE if error.status >= 500 else REFUSED


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, nothing elsewhere; gives ``tell(done, total)``."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell


def table(title: str, headings: list[str], rows: list[list[str]], *, whole: str = "") -> None:
    """A table on the terminal, of which nothing is cut off. What stands under `whole` is to be
    copied, so it stays on one line."""
    from rich.console import Console
    from rich.table import Table

    drawn = Table(title=title, title_justify="left")
    for heading in headings:
        drawn.add_column(heading, overflow="fold", no_wrap=heading == whole)
    for row in rows:
        drawn.add_row(*row)
    Console().print(drawn)
