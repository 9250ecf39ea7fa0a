"""Stores as earlier releases left them, on both databases."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import inspect

from qa.store.engine import Engines

RELEASE = Path(__file__).parent / "release_0_1"


@dataclass
class EarlierStore:
    """A store of the last release at `url`; its keys lie in `folder`."""

    url: str
    folder: Path

    @classmethod
    def loaded(cls, url: str, folder: Path) -> EarlierStore:
        """Fill the empty database at `url`."""
        kind = url.partition(":")[0].replace("postgresql", "postgres")
        text = gzip.decompress((RELEASE / f"{kind}.sql.gz").read_bytes()).decode()
        if kind == "sqlite":
            with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
                connection.executescript(text)
            connection.close()
            Path(url.removeprefix("sqlite:///")).chmod(0o600)
        else:
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(text.encode())
        for key in ("council.key", "council.ledger-key"):
            shutil.copy(RELEASE / key, folder / key)
        return cls(url, folder)

    @property
    def known(self) -> dict[str, Any]:
        kind = "sqlite" if self.url.startswith("sqlite") else "postgres"
        found: dict[str, Any] = json.loads((RELEASE / "known.json").read_text())[kind]
        return found

    @cached_property
    def engines(self) -> Engines:
        return Engines(self.url)

    @cached_property
    def columns(self) -> dict[str, list[str]]:
        """The columns of every table as they were when this was asked first."""
        with self.engines.reading() as connection:
            found = inspect(connection)
            return {
                name: [column["name"] for column in found.get_columns(name)]
                for name in found.get_table_names()
            }

    def rows(self) -> dict[str, str]:
        """A digest of the rows of every table, in the columns that it had at first."""
        known = self.columns
        with self.engines.reading() as connection:
            digests = {}
            for name in inspect(connection).get_table_names():
                columns = ", ".join(f'"{one}"' for one in known.get(name, ())) or "*"
                rows = connection.exec_driver_sql(f'SELECT {columns} FROM "{name}"').all()
                digests[name] = sha256(repr(sorted(map(repr, rows))).encode()).hexdigest()
            return digests

    def change(self, *statements: str) -> None:
        with self.engines.writing() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
