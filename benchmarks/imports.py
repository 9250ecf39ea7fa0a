"""A file of audits, shown and recorded, against pandas and plain SQLAlchemy in the same run.

    PYTHONPATH=src:. python -m benchmarks.imports [--rows N] [--rounds N] [--engine sqlite] [--csv]

Every row has a reference, a child, a date, a person, a team, an overall grade, twelve domains and a
text. The plain one reads the file with pandas and inserts an audit and its judgements in one
transaction. Ours reads it in a process apart, settles every column, checks every cell, and, where
it records, keeps an event a row with its source, order, versions and read rows. The most
memory that the command takes is measured before.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    make_url,
)

from api.imports.run import ImportChoices, read_rows, run
from api.main import collect_seldom
from api.services import Services
from benchmarks.common import Contestant, databases, paired, report
from qa.audit_tools.files import shipped_tools
from qa.core.clock import SetClock
from qa.people.commands import OPERATOR
from tests.support.council import Council

TOOL = "whole-case-file"
GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
FIRST = ("Audit reference", "Child ref", "Date of audit", "Auditor", "Team", "Overall grade")
NOW = datetime(2026, 12, 1, tzinfo=UTC)

metadata = MetaData()
audits = Table(
    "plain_audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(80), unique=True),
    Column("child", String(40), index=True),
    Column("audit_date", String(10)),
    Column("auditor", String(200)),
    Column("team", String(200)),
    Column("overall", String(40)),
    Column("comments", Text),
)
judgements = Table(
    "plain_judgement",
    metadata,
    Column("audit", ForeignKey("plain_audit.id"), primary_key=True),
    Column("domain", String(80), primary_key=True),
    Column("grade", String(40)),
)


def domains() -> list[str]:
    tool = next(one for one in shipped_tools() if one.id == TOOL)
    return [domain.title for domain in tool.domains][:12]


def rows_of(count: int) -> Iterator[list[Any]]:
    graded = len(domains())
    for n in range(count):
        day = date(2020, 1, 1) + timedelta(days=n % 2000)
        grades = [GRADES[(n + at) % 4] for at in range(graded + 1)]
        text = f"The plan of row {n} was seen to be followed, and what changed was written down."
        yield [f"B-{n}", f"C-{n % 4000}", day, f"Auditor {n % 37}", f"Team {n % 20}", *grades, text]


def write(path: Path, count: int) -> None:
    headings = [*FIRST, *domains(), "Comments"]
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows(
                [f"{c:%d/%m/%Y}" if isinstance(c, date) else c for c in r] for r in rows_of(count)
            )
        return
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Audits")
    sheet.write_row(0, 0, headings)
    for at, row in enumerate(rows_of(count), 1):
        sheet.write_row(at, 0, row)
    book.close()


def plain(path: Path, url: str) -> int:
    frame = pd.read_csv(path) if path.suffix == ".csv" else pd.read_excel(path, engine="calamine")
    columns = domains()
    day = pd.to_datetime(frame["Date of audit"], dayfirst=True).dt.strftime("%Y-%m-%d")
    frame = frame.assign(**{"Date of audit": day})
    at = make_url(url)
    if at.get_backend_name() == "postgresql":
        at = at.set(drivername="postgresql+psycopg")
    engine = create_engine(at)
    metadata.create_all(engine)
    names = ("reference", "child", "audit_date", "auditor", "team", "overall", "comments")
    told = frame[[*FIRST, "Comments"]].set_axis(names, axis=1)
    told.insert(0, "id", range(1, len(frame) + 1))
    graded = frame[columns].stack().reset_index().set_axis(["audit", "domain", "grade"], axis=1)
    graded["audit"] += 1
    with engine.begin() as connection:
        for table, rows in ((audits, told), (judgements, graded)):
            records: list[Any] = rows.to_dict("records")
            connection.execute(table.insert(), records)
    engine.dispose()
    return len(frame)


def ours(services: Services, path: Path, *, dry_run: bool) -> int:
    sheet, _ = read_rows("audits", path.name, path.read_bytes())
    choices = ImportChoices(tool=TOOL, dry_run=dry_run)
    done = run(services, "audits", sheet, choices, by=OPERATOR)
    assert not done.plan.faults
    return len(sheet.rows)


def opened(url: str, folder: Path) -> Services:
    """A council in which nobody else was for an hour, so that parts are as long as they may be."""
    clock = SetClock(NOW)
    services = Council.open(url, clock, Path(tempfile.mkdtemp(dir=folder))).services
    clock.advance(timedelta(hours=1))
    return services


def measure(engine: str, path: Path, rounds: int, make: Any, folder: Path) -> list[Any]:
    shown = opened(make(engine), folder)
    stores = [opened(make(engine), folder) for _ in range(rounds + 1)]
    contestants: dict[str, Contestant] = {
        "pandas and plain SQLAlchemy": lambda: plain(path, make(engine)),
        "ours, dry run": lambda: ours(shown, path, dry_run=True),
        "ours, recorded": lambda: ours(stores.pop(), path, dry_run=False),
    }
    return paired(f"{path.name} on {engine}, rows", contestants, rounds=rounds)


def peak(path: Path, folder: Path) -> str:
    """The most memory that the command of an import takes, beside that of the reader of its file
    (in turn, so that they do not add up)."""
    store = {"CASELOOP_STORE": f"sqlite:///{folder}/memory.db", "CASELOOP_COUNCIL_NAME": "Example"}
    command = [sys.executable, "-m", "api.cli"]
    environment = {**os.environ, **store, "CASELOOP_KEY_FILE": f"{folder}/memory.key"}
    quiet: Any = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*command, "init"], check=True, **quiet)
    most = 0
    with subprocess.Popen([*command, "import", "audits", str(path)], **quiet) as process:
        while process.poll() is None:
            told = Path(f"/proc/{process.pid}/status").read_text().partition("VmHWM:")[2]
            most = max(most, int(told.split()[0]) // 1024 if told else 0)
            time.sleep(0.02)
    assert process.returncode == 0
    return f"{most} MB"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgres"])
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--memory", action="store_true", help="measure nothing else")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / ("audits.csv" if asked.csv else "audits.xlsx")
        write(path, asked.rows)
        print("memory:", peak(path, folder))
        if asked.memory:
            return
        collect_seldom()
        which = asked.engine or ["sqlite", "postgres"]
        with databases(which) as make:
            results = [
                one for engine in which for one in measure(engine, path, asked.rounds, make, folder)
            ]
        report(results, asked.json)


if __name__ == "__main__":
    main()
