"""Requests wait their turn before they hold a connection; health is told whoever waits."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from api.gate.turns import TakeTurns
from tests.support.loops import run_alone


@pytest.mark.parametrize(
    ("connections", "most"), [(4, 1), (10, 1), (11, 1), (12, 2), (48, 20), (200, 96)]
)
def test_no_more_requests_are_worked_on_than_connections_are_enough_for(
    connections: int, most: int
) -> None:
    working, seen = 0, []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal working
        working += 1
        seen.append(working)
        await asyncio.sleep(0)
        working -= 1

    async def ask() -> None:
        turns = TakeTurns(app, connections=connections)
        scope = {"type": "http", "path": "/audits"}
        await asyncio.gather(*(turns(scope, None, None) for _ in range(3 * most)))  # type: ignore[arg-type]

    run_alone(ask())
    assert (len(seen), max(seen)) == (3 * most, most)


@pytest.mark.parametrize(
    ("path", "waits"),
    [("/audits", True), ("/healthz", False), ("/metrics", False), ("/static/a/app.css", False)],
)
def test_health_and_files_do_not_wait(path: str, waits: bool) -> None:
    answered: list[str] = []

    async def ask() -> None:
        go_on = asyncio.Event()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["path"] == "/slow":
                await go_on.wait()
            answered.append(scope["path"])

        turns = TakeTurns(app, connections=4)
        tasks = [
            asyncio.create_task(turns({"type": "http", "path": one}, None, None))  # type: ignore[arg-type]
            for one in ("/slow", path)
        ]
        await asyncio.sleep(0.01)
        assert answered == ([] if waits else [path])
        go_on.set()
        await asyncio.gather(*tasks)

    run_alone(ask())
    assert sorted(answered) == sorted(["/slow", path])


def test_one_that_fails_gives_its_turn_back() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise ValueError

    async def ask() -> None:
        turns = TakeTurns(app, connections=4)
        for _ in range(3):
            with pytest.raises(ValueError):
                await asyncio.wait_for(turns({"type": "http", "path": "/"}, None, None), 1)  # type: ignore[arg-type]

    run_alone(ask())
