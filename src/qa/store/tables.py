"""The tables of the log.

``fact``            one row an event: gapless `position`, its stream and version, type, instant,
                    bytes
``head``            one row: the last position and instant given out; the counter and writers' queue
``command_receipt`` what a command with an idempotency key answered, one row a person and key
``store_meta``      what this database is: its schema (`qa.schema.revisions`)
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from qa.schema.kept_tables import kept_tables

# SQLite keeps a table in the order of an INTEGER primary key; BIGINT would cost a second index.
Position = BigInteger().with_variant(Integer(), "sqlite")

event = Table(
    "fact",
    kept_tables,
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
    kept_tables,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="head_is_one_row"),
)

command_receipt = Table(
    "command_receipt",
    kept_tables,
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
    kept_tables,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
