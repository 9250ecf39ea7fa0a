"""The search over 6,000 audits and 60,000 actions against looking through every text with LIKE.

    PYTHONPATH=src:. python -m benchmarks.search [--audits 6000] [--actions 60000] [--engine sqlite]

The rows are written straight into the read tables: a search reads nothing else. Words are drawn as
English has them, a few of them everywhere and most of them hardly ever. Each question is asked by a
QA lead of the whole council and by the manager of one team of twenty, whose records are a twentieth
of those that the words stand in. What is compared is one LIKE for the first word over the same
rows, with nothing marked, counted or withheld.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select, text

from api.search.reading import search
from api.web.moments import present
from benchmarks.common import Contestant, on_each, paired, report
from projections.actions.tables import action_row
from projections.audits.tables import audit_row
from projections.core import full_text
from projections.core.base import OPEN, as_at
from projections.search.tables import (
    NAME,
    TEXT,
    SearchRow,
    found_by,
    of_kind,
    place,
    search_text,
    whole,
)
from qa.core.clock import SetClock
from qa.core.words import Role, Scope
from tests.support.council import Council

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEAMS = ["east", *(f"team-{number}" for number in range(19))]
WORDS = 30
TEXTS = 14
QUESTIONS = {
    "a reference": "CA-003000",
    "a word of every third text": "child",
    "a word of a few texts": "w2500",
    "two words": "child w40",
    "the beginning of a word": "w25",
    "a word with a letter too many": "chilid",
    "nothing": "zebra",
}


def _blank(table: Table, **values: Any) -> dict[str, Any]:
    empty = {
        column.name: None if column.nullable else 0 if column.type.python_type is int else ""
        for column in table.columns
    }
    return {**empty, **values, "valid_to": OPEN}


def _texts(kind: str, record: str, at: int, name: str, said: list[str]) -> Iterator[dict[str, Any]]:
    lines = [(NAME, "reference", name)] if name else []
    lines += [(TEXT, f"judgements.{number}.evidence", one) for number, one in enumerate(said)]
    for line, (part, field, words) in enumerate(lines):
        found = [of_kind(kind), *found_by(words), *([whole(words)] if part == NAME else [])]
        row = SearchRow(record, part, field, kind, place(part, at, line), words, " ".join(found))
        yield {**row._asdict(), "valid_from": at, "valid_to": OPEN}


def filled(url: str, folder: Path, audits: int, actions: int) -> Council:
    """A council with so many audits and actions, their texts findable."""
    council = Council.open(url, SetClock(NOW), folder)
    council.grant("reader", Role.TEAM_MANAGER, Scope(kind="team", code="east"))
    draw, positions = random.Random(2026), count(1000)
    words = ["child", *(f"w{number}" for number in range(1, 6000))]
    weights = [1 / (number + 10) for number in range(len(words))]

    def said() -> str:
        return " ".join(draw.choices(words, weights, k=WORDS))

    def rows(table: Table) -> Iterator[dict[str, Any]]:
        for number in range(audits if table is audit_row else actions):
            at, team = next(positions), TEAMS[number % len(TEAMS)]
            yield _blank(
                table, audit=f"{number:032x}" if table is audit_row else "",
                action=f"a{number:031x}", opened=at, valid_from=at, team=team, raised_team=team,
                service="s", raised_service="s", overall="good", reference=f"CA-{number:06}",
                child=f"C-{number}", child_key=f"c-{number}", began_by="[]", linked="[]",
                state="accepted", due_on="2026-03-31", first_due_on="2026-03-31",
                text="Bring the chronology up to date.", tool="whole-case-file", tool_version=1,
            )  # fmt: skip

    with council.services.store.writing() as connection:
        for table, kind, many in ((audit_row, "case-audit", TEXTS), (action_row, "action", 1)):
            names = {column.name for column in table.columns}
            waiting = rows(table)
            while some := [*islice(waiting, 2000)]:
                kept = [{name: row[name] for name in names} for row in some]
                connection.execute(insert(table), kept)
                texts = [
                    one
                    for row in some
                    for one in _texts(
                        kind, row["audit"] or row["action"], row["opened"],
                        row["reference"] if kind == "case-audit" else "",
                        [said() for _ in range(many)],
                    )
                ]  # fmt: skip
                connection.execute(insert(search_text), texts)
        full_text.create(connection, search_text)
        connection.execute(text("ANALYZE"))
    return council


def asking(council: Council, handle: str, typed: str) -> Contestant:
    store, actor = council.services.store, council.actor(handle)

    def ask() -> int:
        with store.reading() as connection:
            search(connection, actor, present(store, connection, actor), typed)
        return 1

    return ask


def looking_through(council: Council, typed: str) -> Contestant:
    store, like = council.services.store, f"%{typed.split()[0].lower()}%"
    query = select(search_text.c.place).where(
        search_text.c.text.like(like), as_at(search_text, None)
    )

    def look() -> int:
        with store.reading() as connection:
            connection.execute(query.order_by(search_text.c.place.desc()).limit(50)).all()
        return 1

    return look


def measure(engine: str, url: str, audits: int, actions: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        council = filled(url, Path(folder), audits, actions)
        for what, typed in QUESTIONS.items():
            asked = {
                "LIKE": looking_through(council, typed),
                "the QA lead": asking(council, "lead", typed),
                "the manager of a team": asking(council, "reader", typed),
            }
            report(paired(f"{engine}: {what}", asked, rounds=9), None)
        council.services.store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audits", type=int, default=6_000)
    parser.add_argument("--actions", type=int, default=60_000)
    on_each(
        parser,
        lambda engine, fresh, given: measure(engine, fresh(engine), given.audits, given.actions),
    )


if __name__ == "__main__":
    main()
