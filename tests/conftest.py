"""Fixtures for every test: a store on both databases, with a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.clock import SetClock
from qa.store import Store
from qa.vault import SqlVault
from tests import engines


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[engines.Server]:
    with engines.server() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'council.db'}"
        return
    server: engines.Server = request.getfixturevalue("postgres_server")
    with server.fresh() as url:
        yield url


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
def store(store_url: str, clock: SetClock) -> Iterator[Store]:
    """An initialised store with a vault and no projector."""
    store = Store(store_url, clock=clock, vault=SqlVault(b"m" * 32, clock=clock))
    store.initialise()
    yield store
    store.close()
