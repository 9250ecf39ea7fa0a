"""Changing the log as a bad disk would, or somebody with the database in hand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from qa.store.store import Store


def lift_guards(connection: Connection) -> None:
    """Take away the triggers by which the log refuses to be changed."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE fact DISABLE TRIGGER fact_append_only")
    else:
        connection.exec_driver_sql("DROP TRIGGER fact_no_delete")
        connection.exec_driver_sql("DROP TRIGGER fact_no_update")


def tampered(store: Store, statement: str, values: tuple[Any, ...] = ()) -> None:
    """Carry out a statement that the log refuses; each value stands in it as ``?``."""
    mark = "%s" if store.engines.is_postgres else "?"
    with store.writing() as connection:
        lift_guards(connection)
        connection.exec_driver_sql(statement.replace("?", mark), values)
