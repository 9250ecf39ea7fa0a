"""The tables that the code names are those that the revisions make, on both databases."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Table, inspect

import api
import projections
import qa
from projections.core.base import read_tables
from qa.schema import versions
from qa.schema.kept_tables import kept_tables
from qa.schema.revisions import SCHEMA, VERSIONS, current, revisions
from qa.store.store import Store

OUR_OWN = {"alembic_version"}


def modules() -> Iterator[ModuleType]:
    # Modules of the command line import each other: this is the end to begin at.
    importlib.import_module("api.cli.app")
    for package in (qa, projections, api):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith((f"{versions.__name__}.", "api.cli.__main__")):
                yield importlib.import_module(found.name)


def defined() -> dict[str, Table]:
    return {
        thing.name: thing
        for module in modules()
        for thing in vars(module).values()
        if isinstance(thing, Table)
    }


def test_every_table_is_read_or_kept_and_every_kept_one_is_made(store: Store) -> None:
    registers = (read_tables, kept_tables)
    assert [name for name, table in defined().items() if table.metadata not in registers] == []
    with store.reading() as connection:
        made = set(inspect(connection).get_table_names()) - OUR_OWN
    assert made == set(kept_tables.tables)


def test_code_and_revisions_agree(store: Store) -> None:
    assert list(modules())
    with store.reading() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: kind != "table" or name not in OUR_OWN},
        )
        assert compare_metadata(context, kept_tables) == []


def test_the_database_says_which_revision_and_schema_it_is(store: Store) -> None:
    with store.reading() as connection:
        assert current(connection) == revisions()[-1]
        schema = connection.exec_driver_sql("SELECT value FROM store_meta WHERE name = 'schema'")
        assert schema.scalar() == str(SCHEMA)


def test_revisions_are_one_line_and_named_by_their_numbers() -> None:
    before = None
    for path, number in zip(sorted(VERSIONS.glob("r*.py")), revisions(), strict=True):
        module = importlib.import_module(f"{versions.__name__}.{path.stem}")
        assert path.name.startswith(f"r{number}_")
        assert (module.revision, module.down_revision) == (number, before)
        before = number
