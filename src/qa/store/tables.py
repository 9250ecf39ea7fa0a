"""The tables of the log, and the triggers by which the database itself refuses to change an event.

``fact``            one row an event: gapless `position`, its stream and version, type, instant,
                    bytes
``head``            one row: the last position and instant given out; the counter and writers' queue
``command_receipt`` what a command with an idempotency key answered, one row a person and key
``store_meta``      what this database is: the version of these tables
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
    select,
)

from qa.core.errors import Unavailable

SCHEMA = "1"
"""Version of the tables below."""

metadata = MetaData()

# SQLite keeps a table in the order of an INTEGER primary key; BIGINT would cost a second index.
Position = BigInteger().with_variant(Integer(), "sqlite")

event = Table(
    "fact",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
    UniqueConstraint("stream", "version", name="fact_stream_version"),
)
Index("fact_recorded", event.c.recorded_us, event.c.position)

head = Table(
    "head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="head_is_one_row"),
)

command_receipt = Table(
    "command_receipt",
    metadata,
    Column("person", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_sha256", String(64), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    Column("versions", JSON, nullable=False),
    Column("response", JSON, nullable=False),
)

store_meta = Table(
    "store_meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)


def append_only(connection: Connection, table: str) -> None:
    """Make the database let rows into `table` and never change or remove one. Repeatable."""
    if connection.dialect.name == "postgresql":
        statements = [
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$",
            f"CREATE OR REPLACE TRIGGER {table}_append_only"
            f" BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ]
    else:
        statements = [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    for statement in statements:
        connection.exec_driver_sql(statement)


def create(connection: Connection) -> None:
    """Create what is missing; safe to repeat and safe beside another process doing the same."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('caseloop-create'))")
    metadata.create_all(connection)
    append_only(connection, event.name)
    append_only(connection, command_receipt.name)
    if connection.execute(select(head.c.id)).first() is None:
        connection.execute(insert(head).values(id=1, position=0, recorded_us=0))
    if connection.execute(select(store_meta.c.name)).first() is None:
        connection.execute(insert(store_meta).values(name="schema", value=SCHEMA))


def check(connection: Connection) -> None:
    """Raise `Unavailable` unless the database holds these tables in this version."""
    if not inspect(connection).has_table(store_meta.name):
        raise Unavailable(
            "This database holds no Caseloop records yet.", code="store-not-initialised"
        )
    found = connection.execute(
        select(store_meta.c.value).where(store_meta.c.name == "schema")
    ).scalar()
    if found != SCHEMA:
        raise Unavailable(
            f"This database has tables of version {found}; this Caseloop needs {SCHEMA}.",
            code="store-schema",
        )
