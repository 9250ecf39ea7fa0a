"""Killed in the middle of saving, again and again: what was acknowledged stands, and no half."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from projections.base import as_at
from projections.registry import Registry
from projections.verify import verify
from qa.clock import SystemClock
from qa.store import Store
from qa.store.tables import command_receipt
from tests import engines
from tests.projections.toy import Jars, jar

ROOT = Path(__file__).parents[2]
KILLS = 5


def killed_after(lines: int, url: str) -> list[tuple[int, str]]:
    """Let a writer acknowledge so many saves, kill it with SIGKILL, and return all it said."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.store.crashing_writer", url]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    ) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(lines)]
        writer.kill()
        said += writer.stdout.readlines()
    whole = [line.split() for line in said if line.endswith("\n")]
    return [(int(position), stream) for position, stream in whole]


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_acknowledged(store_url: str) -> None:
    registry = Registry([Jars()])
    store = Store(store_url, clock=SystemClock(), projector=registry)
    store.initialise()
    acknowledged: dict[int, str] = {}
    for kill in range(KILLS):
        acknowledged.update(killed_after(20 + 13 * kill, store_url))
        streams: dict[str, list[int]] = {}
        for fact in store.facts():
            streams.setdefault(fact.stream, []).append(fact.position)
        # Each unit saved two facts: both or none, and all that were acknowledged.
        assert all(len(positions) == 2 for positions in streams.values())
        assert {position: stream for stream, (_, position) in streams.items()}.items() >= (
            acknowledged.items()
        )
        with store.reading() as connection:
            receipts = connection.execute(
                select(func.count()).select_from(command_receipt)
            ).scalar()
            jars = connection.execute(
                select(func.count()).select_from(jar).where(as_at(jar, None), jar.c.marbles == 2)
            ).scalar()
        assert receipts == jars == len(streams) >= len(acknowledged)
        assert verify(store, registry) == []
    store.close()


@pytest.mark.slow
@pytest.mark.postgres
def test_a_killed_server_loses_nothing_it_acknowledged() -> None:
    registry = Registry([Jars()])
    with engines.server() as server, server.fresh() as url:
        store = Store(url, clock=SystemClock(), projector=registry)
        store.initialise()
        environment: dict[str, Any] = os.environ | {
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        }
        command = [sys.executable, "-m", "tests.store.crashing_writer", url]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
            cwd=ROOT,
        ) as writer:
            assert writer.stdout is not None
            said = [writer.stdout.readline() for _ in range(60)]
            server.crash()
            said += writer.stdout.readlines()
        server.start()
        store.close()
        acknowledged = {
            (int(line.split()[0]), line.split()[1]) for line in said if line.endswith("\n")
        }
        assert {(f.position, f.stream) for f in store.facts()} >= acknowledged
        assert len(acknowledged) >= 60
        assert verify(store, registry) == []
        store.close()
