"""The triggers by which a database itself refuses to change or remove a row."""

from __future__ import annotations

from sqlalchemy import Connection

TABLES = (
    "fact",
    "command_receipt",
    "access_log",
    "access_purpose",
    "ledger_node",
    "ledger_batch",
    "ledger_checkpoint",
    "ledger_publication",
)
"""Where the newest revision has every row kept as it is."""

_BODY = " BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END "
_BEFORE_UPDATE_DELETE_TRUNCATE = 2 | 16 | 8 | 32
"""How PostgreSQL's catalogue writes that, for a trigger that fires once a statement."""


def append_only(connection: Connection, table: str) -> None:
    """Make the database let rows into `table` and never change or remove one. Repeatable."""
    if connection.dialect.name == "postgresql":
        statements = [
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
            f"{_BODY}$$",
            f"CREATE OR REPLACE TRIGGER {table}_append_only"
            f" BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ]
    else:
        statements = [
            f"CREATE TRIGGER IF NOT EXISTS {trigger}" for trigger in _sqlite_triggers(table)
        ]
    for statement in statements:
        connection.exec_driver_sql(statement)


def unguarded(connection: Connection) -> list[str]:
    """The tables of `TABLES` whose triggers are not there, or not as they were made."""
    if connection.dialect.name == "postgresql":
        query = (
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE pg_table_is_visible(c.oid) AND t.tgname = c.relname || '_append_only'"
            " AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgtype = %s"
            " AND p.prosrc = %s"
        )
        values = (_BEFORE_UPDATE_DELETE_TRUNCATE, _BODY)
        guarded = set(connection.exec_driver_sql(query, values).scalars())
        return [table for table in TABLES if table not in guarded]
    query = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
    there = set(connection.exec_driver_sql(query).scalars())
    return [
        table
        for table in TABLES
        if not {f"CREATE TRIGGER {trigger}" for trigger in _sqlite_triggers(table)} <= there
    ]


def _sqlite_triggers(table: str) -> list[str]:
    return [
        f"{table}_no_{verb.lower()} BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]
