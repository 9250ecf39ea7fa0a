"""What a store knows of itself beside its records: whose it is, and whether they are invented."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from qa.store.tables import store_meta

COUNCIL = "council-name"
DEMONSTRATION = "demonstration"


def known(connection: Connection) -> dict[str, str]:
    """Everything that is kept, by name."""
    rows = connection.execute(select(store_meta.c.name, store_meta.c.value))
    return {row.name: row.value for row in rows}


def leave(connection: Connection, name: str, value: str) -> None:
    """Keep a value for ever; what is kept already stays."""
    if name not in known(connection):
        connection.execute(insert(store_meta).values(name=name, value=value))
