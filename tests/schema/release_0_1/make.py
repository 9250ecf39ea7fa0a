"""Makes the stores of this folder. Runs over the tree of commit 6482fa5 alone: see README.md.

python make.py FOLDER_FOR_THE_RESULT
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.announcing import announce
from qa.accounts import addresses, attempts, calendars, one_time
from qa.clock import SetClock
from sqlalchemy import inspect
from tests.council import Council

from qa import access_log, drafts, uploads
from qa.outbox import deliveries
from tests import engines

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def fill(council: Council) -> None:
    """At least one row in every table that cannot be rebuilt."""
    services, clock = council.services, council.clock
    council.with_password("lead")
    council.with_password("auditor")
    council.program("lead")
    council.browser("lead").get("/")
    audit, _ = council.moderated("good", "requires-improvement")
    announce(services)
    clock.advance(timedelta(days=1))
    council.submitted("inadequate")
    allocated = council.allocated()
    services.ledger.checkpoint(by="operator")
    services.ledger.publish()
    announce(services)
    council.browser("lead").get(f"/audits/{audit}")
    api = council.program("lead")
    answer = api.post("/api/v1/case-audits", headers={"Idempotency-Key": "only-once"}, json={
        "child": "C-90001", "tool": council.tool.id, "auditor": council.ids["auditor2"],
        "team": "west", "practice_from": "2025-09-01", "practice_to": "2026-02-28",
        "due_on": "2026-04-30", "case_holder": council.ids["worker"],
    })  # fmt: skip
    assert answer.status_code in (200, 201), answer.text
    with services.store.writing() as connection:
        person = council.ids["auditor"]
        assert services.store.vault is not None
        drafts.save(
            connection, services.store.vault, clock, subject=f"case-audit:{allocated}",
            person=person, about="child:C-00003", fields={"rationale": "Half a sentence"}, seen=0,
        )  # fmt: skip
        uploads.keep(
            connection, clock, person=person, name="a.csv", data=b"a,b\n1,2\n", asked={"kind": "x"}
        )
        addresses.put(connection, clock, person=person, address="auditor@council.example")
        calendars.make(connection, clock, person)
        one_time.make(connection, clock, person=person)
        attempts.begin(connection, clock, name="lead", address="127.0.0.1")
        deliveries.put_together(
            connection, clock, "mail", deliveries.waiting(connection, clock, council.ids.values())
        )
        access_log.say_purpose(
            connection, clock, session="s", person=person, subject="child:C-1", purpose="Review"
        )


def check_whole(council: Council) -> None:
    read = {table.name for table in council.services.registry.tables} | {"read_model_rebuild"}
    with council.services.store.reading() as connection:
        for name in sorted(set(inspect(connection).get_table_names()) - read):
            one = connection.exec_driver_sql(f"SELECT 1 FROM {name} LIMIT 1").first()
            assert one or name == "read_model_aside", f"nothing in {name}"


def dump_sqlite(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        return "\n".join(connection.iterdump()) + "\n"


def dump_postgres(url: str) -> str:
    """As plain statements: what only `psql` understands is left out."""
    bin_ = engines.programs()
    assert bin_ is not None
    dumped = subprocess.run(
        [bin_ / "pg_dump", "--inserts", "--no-owner", "--no-privileges", url],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return re.sub(r"^\\(un)?restrict .*\n", "", dumped, flags=re.M)


def main(into: Path) -> None:
    clock = SetClock(START)
    with tempfile.TemporaryDirectory() as name, engines.server() as server:
        folder = Path(name)
        (folder / "outside").mkdir()
        known: dict[str, object] = {}
        postgres = server.create()
        for kind, url in (("sqlite", f"sqlite:///{folder / 'council.db'}"), ("postgres", postgres)):
            clock = SetClock(START)
            council = Council.open(url, clock, folder, checkpoint_folder=folder / "outside")
            fill(council)
            check_whole(council)
            known[kind] = {
                "head": council.services.store.head(),
                "audit": council.first_audit(),
                "ids": council.ids,
            }
            council.services.store.close()
        texts = {"sqlite": dump_sqlite(folder / "council.db"), "postgres": dump_postgres(postgres)}
        for kind, text in texts.items():
            (into / f"{kind}.sql.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        for key in ("council.key", "council.ledger-key"):
            shutil.copy(folder / key, into / key)
        (into / "known.json").write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
