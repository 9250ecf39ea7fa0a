"""Several processes at once, and one that is killed, leave the store that one alone would make."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import api.services
from api.plans import starting_set
from qa.authorisation.context import Work
from qa.core.clock import SetClock
from qa.plans.handlers import rag_scales
from qa.plans.rag_scale_decisions import RagScales
from qa.schema.revisions import VERSIONS
from qa.security.vault import has_keys
from tests.conftest import FreshUrl
from tests.schema.support import EarlierStore
from tests.support.council import Council
from tests.support.engines import Server

ROOT = Path(__file__).parents[2]
ADDED = '''"""Adds a column."""

import os
import signal
import time

from alembic import op
from sqlalchemy import Column, Integer

revision = "{number}"
down_revision = "{before}"


def upgrade() -> None:
    op.add_column("account_sessions", Column("added_{number}", Integer()))
    op.execute("UPDATE account_sessions SET added_{number} = 1")
    time.sleep(0.2)
    if os.environ.get("DIES_IN") == revision:
        os.kill(os.getpid(), signal.SIGKILL)
'''


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """The baseline and two revisions after it, each of which takes a moment."""
    folder = tmp_path / "versions"
    folder.mkdir()
    shutil.copy(VERSIONS / "r0001_baseline.py", folder)
    for number, before in (("0002", "0001"), ("0003", "0002")):
        (folder / f"r{number}_added.py").write_text(ADDED.format(number=number, before=before))
    return folder


def begin(*words: str, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(*processes: subprocess.Popen[str]) -> list[tuple[int, str]]:
    return [(process.wait(60), process.communicate()[0]) for process in processes]


def added(store: EarlierStore) -> dict[str, object]:
    """What the sessions say in every column that was added."""
    with store.engines.reading() as connection:
        row = connection.exec_driver_sql("SELECT * FROM account_sessions").mappings().first()
        assert row is not None
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars()
        assert len(version.all()) == 1
    return {name: value for name, value in row.items() if name.startswith("added")}


def test_two_upgrades_at_once_do_each_step_once(earlier: EarlierStore, versions: Path) -> None:
    words = ("tests.schema.upgrading", earlier.url, str(versions))
    results = ended(begin(*words), begin(*words))
    assert [code for code, _ in results] == [0, 0], results
    assert sorted(results[0][1].split() + results[1][1].split()) == ["0001", "0002", "0003"]
    assert added(earlier) == {"added_0002": 1, "added_0003": 1}


@pytest.mark.parametrize(("dies_in", "done"), [("0002", 1), ("0003", 2)])
def test_a_killed_upgrade_is_taken_up_where_it_was(
    earlier: EarlierStore, versions: Path, dies_in: str, done: int
) -> None:
    words = ("tests.schema.upgrading", earlier.url, str(versions))
    [(code, _)] = ended(begin(*words, DIES_IN=dies_in))
    assert code == -signal.SIGKILL
    assert len(added(earlier)) == done - 1
    [(code, said)] = ended(begin(*words))
    assert (code, said.split()) == (0, ["0001", "0002", "0003"][done:])
    assert added(earlier) == {"added_0002": 1, "added_0003": 1}


@pytest.mark.slow
def test_two_that_begin_together_make_one_store(fresh_url: FreshUrl, tmp_path: Path) -> None:
    """With `init` twice at once, three pairs of six failed in release 0.1."""
    with fresh_url() as url:
        there = {
            "CASELOOP_COUNCIL_NAME": "Example Council",
            "CASELOOP_STORE": url,
            "CASELOOP_KEY_FILE": str(tmp_path / "council.key"),
        }
        results = ended(*(begin("api.cli", "init", **there) for _ in range(2)))
        assert [code for code, _ in results] == [0, 0], results
        [(code, said)] = ended(begin("api.cli", "verify", **there))
        assert (code, "All is as the 15 facts say." in said) == (0, True), said
        assert len(list(tmp_path.glob("council.*key"))) == 2


def test_a_key_that_another_process_makes_meanwhile_is_not_missed(
    fresh_url: FreshUrl, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = api.services._of_store

    def made_meanwhile(settings: Any, ask: Callable[..., Any]) -> Any:
        if ask is has_keys:
            monkeypatch.setattr(api.services, "_of_store", asked)
            other = Council.over(url, clock, tmp_path, count(1000)).services
            other.initialise()
            other.store.close()
        return asked(settings, ask)

    monkeypatch.setattr(api.services, "_of_store", made_meanwhile)
    with fresh_url() as url:
        services = Council.over(url, clock, tmp_path, count(1)).services
        services.initialise()
        services.check_key()
        services.store.close()


@pytest.mark.postgres
def test_a_scale_that_another_process_publishes_meanwhile_is_published_once(
    postgres_server: Server, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = rag_scales.load_scales
    with postgres_server.fresh() as url:
        this, other = (Council.over(url, clock, tmp_path, count(n)).services for n in (1, 1000))
        this.initialise()

        def loaded(work: Work, scale: str) -> RagScales:
            monkeypatch.setattr(rag_scales, "load_scales", load)
            found = load(work, scale)
            starting_set.ship(other)
            return found

        monkeypatch.setattr(rag_scales, "load_scales", loaded)
        starting_set.ship(this)
        assert other.store.head() == 1
        for services in (this, other):
            services.store.close()
