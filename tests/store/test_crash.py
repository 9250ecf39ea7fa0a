"""Killed in the middle of saving, again and again: what was acknowledged stands, and no half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from projections.core.base import as_at
from projections.core.registry import Registry
from projections.core.verify import verify
from qa.core.clock import SystemClock
from qa.store.store import Store
from qa.store.tables import command_receipt
from tests.core.support import Jars, jar
from tests.support import engines

ROOT = Path(__file__).parents[2]
KILLS = 5


@contextmanager
def writing(url: str, **said: Any) -> Iterator[subprocess.Popen[str]]:
    """The program that writes to a store, a life for every line that it is sent."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.store.crashing_writer", url]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, **said}
    with subprocess.Popen(command, text=True, env=environment, cwd=ROOT, **pipes) as writer:
        yield writer


def stopped_after(
    lines: int, writer: subprocess.Popen[str], stop: Callable[[int], None]
) -> list[tuple[int, str]]:
    """Let a life acknowledge so many saves, `stop` it by its number, and return all it said."""
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdin.write("live\n")
    writer.stdin.flush()
    life = int(writer.stdout.readline())
    said: list[tuple[int, str]] = []
    for line in writer.stdout:
        if "\0" in line:
            break
        position, stream = line.split()
        said.append((int(position), stream))
        if len(said) == lines:
            stop(life)
    assert len(said) >= lines
    return said


def kill(life: int) -> None:
    os.kill(life, signal.SIGKILL)


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_acknowledged(store_url: str) -> None:
    registry = Registry([Jars()])
    store = Store(store_url, clock=SystemClock(), projector=registry)
    store.initialise()
    acknowledged: dict[int, str] = {}
    with writing(store_url) as writer:
        for number in range(KILLS):
            acknowledged.update(stopped_after(20 + 13 * number, writer, kill))
            holds(store, registry, acknowledged)
    store.close()


def holds(store: Store, registry: Registry, acknowledged: dict[int, str]) -> None:
    streams: dict[str, list[int]] = {}
    for event in store.events():
        streams.setdefault(event.stream, []).append(event.position)
    # Each unit saved two events: both or none, and all that were acknowledged.
    assert all(len(positions) == 2 for positions in streams.values())
    assert {position: stream for stream, (_, position) in streams.items()}.items() >= (
        acknowledged.items()
    )
    with store.reading() as connection:
        receipts = connection.execute(select(func.count()).select_from(command_receipt)).scalar()
        jars = connection.execute(
            select(func.count()).select_from(jar).where(as_at(jar, None), jar.c.marbles == 2)
        ).scalar()
    assert receipts == jars == len(streams) >= len(acknowledged)
    assert verify(store, registry) == []


@pytest.mark.slow
@pytest.mark.postgres
def test_a_killed_server_loses_nothing_it_acknowledged() -> None:
    registry = Registry([Jars()])
    with engines.server() as server, server.fresh() as url:
        store = Store(url, clock=SystemClock(), projector=registry)
        store.initialise()
        with writing(url, stderr=subprocess.DEVNULL) as writer:
            said = stopped_after(60, writer, lambda _: server.crash())
        server.start()
        store.close()
        assert {(f.position, f.stream) for f in store.events()} >= set(said)
        assert verify(store, registry) == []
        store.close()
