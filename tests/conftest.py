"""Fixtures for every test: a store on both databases, with a clock that is set by hand."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings

from qa.core.clock import SetClock
from qa.security.vault import SqlVault
from qa.store import engine, writers
from qa.store.store import Store
from tests.support import engines
from tests.support.browser import address, headless, tab, tab_without_scripts
from tests.support.command_line import case, imported, over, run
from tests.support.council import Council, Model
from tests.support.failing import failed
from tests.support.told_codes import told_codes

__all__ = [
    "address", "case", "failed", "headless", "imported", "over", "run", "tab",
    "tab_without_scripts", "told_codes",
]  # fmt: skip

# One way to look for examples on every machine: where CI is set Hypothesis would always take the
# same ones. What fails is told with the line that repeats it; nothing of it is kept in the tree.
settings.register_profile(
    "caseloop", settings.get_profile("default"), deadline=None, print_blob=True, database=None
)
settings.load_profile("caseloop")

# Databases of tests lie in memory where there is room for them: what is killed is a process or a
# server, never the machine, so nothing that a test holds depends on the disk.
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 * 2**30:
    tempfile.tempdir = str(MEMORY)


# What is imported and collected stays to the end: nothing need look through it for garbage.
gc.disable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """PostgreSQL runs what can differ there, and one of each kind of what cannot."""
    left_out = [
        item
        for item in items
        if item.get_closest_marker("postgres")
        and item.get_closest_marker("one_database")
        and not item.get_closest_marker("both_databases")
    ]
    gone = set(left_out)
    items[:] = [item for item in items if item not in gone]
    config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _patience() -> Iterator[None]:
    """A busy test machine may take longer than a service would put up with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "WAIT_SECONDS", 20.0)
        patch.setattr(engine, "BUSY_SECONDS", 60.0)
        patch.setattr(writers, "BUSY_SECONDS", 60.0)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[engines.Server]:
    with engines.server(*engines.HASTY) as server:
        yield server


FreshUrl = Callable[[], AbstractContextManager[str]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> FreshUrl:
    """Makes empty databases, as many as asked for; once on each engine."""
    if request.param == "postgres":
        server: engines.Server = request.getfixturevalue("postgres_server")
        return server.fresh
    numbers = count(1)
    return lambda: nullcontext(f"sqlite:///{tmp_path / f'council-{next(numbers)}.db'}")


@pytest.fixture
def store_url(fresh_url: FreshUrl) -> Iterator[str]:
    """An empty database, once on each engine."""
    with fresh_url() as url:
        yield url


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    """What a command line under test leaves in the environment is gone after the test. The clock
    of the tests stands years away from the machine's: silence of the log says nothing here."""
    before = {name: value for name, value in os.environ.items() if name.startswith("CASELOOP_")}
    os.environ["CASELOOP_CLOCK_SILENCE_DAYS"] = "0"
    yield
    for name in [name for name in os.environ if name.startswith("CASELOOP_")]:
        del os.environ[name]
    os.environ.update(before)


START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(START)


@pytest.fixture
def store(store_url: str, clock: SetClock) -> Iterator[Store]:
    """An initialised store with a vault and no projector."""
    store = Store(store_url, clock=clock, vault=SqlVault(b"m" * 32, clock=clock))
    try:
        store.initialise()
        yield store
    finally:
        store.close()


@pytest.fixture(scope="session")
def sqlite_model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("model")
    return Model.made(f"sqlite:///{folder / 'council.db'}", folder, START)


@pytest.fixture(scope="session")
def postgres_model(
    postgres_server: engines.Server, tmp_path_factory: pytest.TempPathFactory
) -> Model:
    return Model.made(postgres_server.create(), tmp_path_factory.mktemp("model"), START)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def council(request: pytest.FixtureRequest) -> Council:
    """A small council with its cast, once on each engine."""
    name = "small_council" if request.param == "sqlite" else "postgres_council"
    found: Council = request.getfixturevalue(name)
    return found


@pytest.fixture
def postgres_council(
    postgres_server: engines.Server, postgres_model: Model, clock: SetClock, tmp_path: Path
) -> Iterator[Council]:
    """A small council on PostgreSQL only, for what was shown on SQLite by other tests."""
    with postgres_server.fresh(postgres_model.url) as url:
        made = postgres_model.copied(url, clock, tmp_path)
        try:
            yield made
        finally:
            made.services.store.close()


@pytest.fixture
def small_council(tmp_path: Path, clock: SetClock, sqlite_model: Model) -> Iterator[Council]:
    """A small council on SQLite only, for what does not depend on the database."""
    made = sqlite_model.copied(f"sqlite:///{tmp_path / 'council.db'}", clock, tmp_path)
    try:
        yield made
    finally:
        made.services.store.close()


class NewCouncil(Protocol):
    """Makes a small council of its own on SQLite, from a day and with the settings named."""

    def __call__(self, at: datetime = START, **settings: Any) -> Council: ...


@pytest.fixture(scope="session")
def new_council(
    sqlite_model: Model, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewCouncil]:
    """For a council that many tests share: as many as asked for, open until the end."""
    with ExitStack() as closing:

        def made(at: datetime = START, **settings: Any) -> Council:
            folder = tmp_path_factory.mktemp("council")
            where = f"sqlite:///{folder / 'council.db'}", SetClock(at), folder
            # The model's events are of one day: a council of an earlier day is opened anew.
            open_at = sqlite_model.copied if at >= START else Council.open
            council = open_at(*where, **settings)
            closing.callback(council.services.store.close)
            return council

        yield made
