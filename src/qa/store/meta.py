"""What a store knows of itself beside its records: whose it is, and whether they are invented."""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.engine import Connection

from qa.store.tables import store_meta

_LEFT = text("INSERT INTO store_meta (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
COUNCIL = "council-name"
DEMONSTRATION = "demonstration"


def known(connection: Connection) -> dict[str, str]:
    """Everything that is kept, by name."""
    rows = connection.execute(select(store_meta.c.name, store_meta.c.value))
    return {row.name: row.value for row in rows}


def leave(connection: Connection, name: str, value: str) -> None:
    """Keep a value for ever; what is kept already stays, whoever keeps it at the same time."""
    connection.execute(_LEFT, {"name": name, "value": value})
