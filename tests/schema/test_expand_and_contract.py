"""A column is added while the release before goes on working, and made compulsory after it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qa.core.clock import SetClock
from qa.core.errors import Unavailable
from qa.schema.revisions import VERSIONS
from qa.schema.upgrade import upgrade
from qa.security.accounts import sessions
from qa.store.store import Store

EXPAND = '''"""Expand: a session may have a colour."""

from alembic import op
from sqlalchemy import Column, String

revision, down_revision = "0004", "0003"


def upgrade():
    op.add_column("account_sessions", Column("colour", String(20)))
'''
CONTRACT = '''"""Contract: every session has one."""

from alembic import op
from sqlalchemy import String

revision, down_revision = "0005", "0004"


def upgrade():
    op.execute("UPDATE account_sessions SET colour = 'red' WHERE colour IS NULL")
    with op.batch_alter_table("account_sessions") as table:
        table.alter_column("colour", existing_type=String(20), nullable=False)
    op.execute("UPDATE store_meta SET value = '2' WHERE name = 'schema'")
'''


def begun(store: Store, clock: SetClock) -> str:
    with store.writing() as connection:
        return sessions.start(connection, clock, person="p-1")[0]


def test_code_of_this_release_works_until_a_later_one_contracts(
    store: Store, clock: SetClock, tmp_path: Path
) -> None:
    later = tmp_path / "versions"
    shutil.copytree(VERSIONS, later, ignore=shutil.ignore_patterns("__pycache__"))
    (later / "r0004_expand.py").write_text(EXPAND)
    before = begun(store, clock)
    assert [done.number for done in upgrade(store.engines.writing, versions=later)] == ["0004"]

    for one in (store, Store(store.url, clock=clock)):
        secret = begun(one, clock)
        with one.reading() as connection:
            assert sessions.find(connection, clock, secret) is not None
            assert sessions.find(connection, clock, before) is not None
        assert one.pending() == ([], ())
        one.close()

    (later / "r0005_contract.py").write_text(CONTRACT)
    # A folder is read once in a process.
    shutil.copytree(later, further := tmp_path / "further")
    assert [done.number for done in upgrade(store.engines.writing, versions=further)] == ["0005"]
    with store.engines.reading() as connection:
        colours = connection.exec_driver_sql("SELECT colour FROM account_sessions").scalars()
        assert colours.all() == ["red"] * 3
    too_old = Store(store.url, clock=clock)
    with pytest.raises(Unavailable, match="of a later release"):
        too_old.head()
    too_old.close()
