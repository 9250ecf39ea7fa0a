"""The baseline: every table that cannot be rebuilt, as release 0.1 made them.

On an empty database it makes them all. A store of that release, which knew no upgrades, is adopted:
what is there must be what is written here, and what is missing is made. The definitions are frozen:
later revisions change the tables, never this file.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
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
    inspect,
    text,
)

from qa.core.errors import Refused
from qa.schema.append_only import append_only

revision = "0001"
down_revision = None

TABLES = MetaData()
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""Only under this type SQLite numbers rows by itself and keeps a table in the order of its key."""

Table(
    "fact",
    TABLES,
    Column("position", NUMBER, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
    UniqueConstraint("stream", "version", name="fact_stream_version"),
    Index("fact_recorded", "recorded_us", "position"),
)
Table(
    "head",
    TABLES,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="head_is_one_row"),
)
Table(
    "command_receipt",
    TABLES,
    Column("person", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_sha256", String(64), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    Column("versions", JSON, nullable=False),
    Column("response", JSON, nullable=False),
)
Table(
    "store_meta",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
Table(
    "subject_key",
    TABLES,
    Column("subject", Text, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=True),
    Column("made_us", BigInteger, nullable=False),
    Column("destroyed_us", BigInteger, nullable=True),
)
Table(
    "account_credentials",
    TABLES,
    Column("person", String(64), primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("password_hash", String(200)),
    Column("set_at_us", BigInteger),
)
Table(
    "account_sessions",
    TABLES,
    Column("id_sha256", String(64), primary_key=True),
    Column("handle", String(32), nullable=False, unique=True),
    Column("person", String(64), nullable=False, index=True),
    Column("role", String(40)),
    Column("csrf", String(64), nullable=False),
    Column("started_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
    Column("agent", String(200), nullable=False, default=""),
)
Table(
    "account_attempts",
    TABLES,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False, index=True),
    Column("name", String(40), nullable=False),
    Column("address", String(64), nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index("account_attempts_name", "name", "at_us"),
    Index("account_attempts_address", "address", "at_us"),
)
Table(
    "account_tokens",
    TABLES,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("person", String(64), nullable=False, index=True),
    Column("label", String(100), nullable=False),
    Column("scopes", String(400), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    Column("used_us", BigInteger),
    Column("revoked_us", BigInteger),
)
Table(
    "account_codes",
    TABLES,
    Column("code_sha256", String(64), primary_key=True),
    Column("person", String(64), nullable=False, index=True),
    Column("expires_us", BigInteger, nullable=False),
)
Table(
    "account_addresses",
    TABLES,
    Column("person", String(64), primary_key=True),
    Column("address", String(200), nullable=False),
    Column("set_us", BigInteger, nullable=False),
)
Table(
    "account_calendars",
    TABLES,
    Column("person", String(64), primary_key=True),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("made_us", BigInteger, nullable=False),
)
Table(
    "access_log",
    TABLES,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False),
    Column("person", String(64), nullable=False),
    Column("in_role", String(40), nullable=False),
    Column("what", String(20), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", String(400), nullable=False),
    Column("purpose", String(200)),
    Column("address_hash", String(64)),
    Column("position", BigInteger),
    Index("access_log_person", "person", "subject", "id"),
    Index("access_log_subject", "subject", "id"),
    Index("access_log_by", "person", "id"),
    Index("access_log_at", "at_us", "id"),
    Index("access_log_what", "what", "id"),
)
Table(
    "access_purpose",
    TABLES,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False),
    Column("session", String(64), nullable=False),
    Column("person", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("purpose", String(200), nullable=False),
    Index("access_purpose_session", "session", "subject"),
)
Table(
    "draft",
    TABLES,
    Column("subject", String(120), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("saved_us", BigInteger, nullable=False),
    Column("about", String(160), nullable=False),
    Column("fields", LargeBinary, nullable=False),
)
Table(
    "upload",
    TABLES,
    Column("upload", String(32), primary_key=True),
    Column("person", String(64), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("name", String(200), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("asked", Text, nullable=False),
    Column("outcome", Text),
)
Table(
    "outbox_notice",
    TABLES,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("person", String(64), nullable=False),
    Column("key", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("thing", String(120), nullable=False),
    Column("audit", String(64), nullable=False),
    Column("href", String(200), nullable=False),
    Column("text", String(300), nullable=False),
    Column("due_on", String(10)),
    Column("made_us", BigInteger, nullable=False),
    Column("read_us", BigInteger),
    Column("delivery", BigInteger),
    UniqueConstraint("person", "key"),
    Index("outbox_notice_of", "person", "id"),
    Index("outbox_notice_thing", "person", "thing"),
    Index(
        "outbox_notice_unread",
        "person",
        sqlite_where=text("read_us IS NULL"),
        postgresql_where=text("read_us IS NULL"),
    ),
    Index("outbox_notice_delivery", "delivery"),
)
Table(
    "outbox_delivery",
    TABLES,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("person", String(64), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried_us", BigInteger),
    Column("error", String(300), nullable=False),
    Index("outbox_delivery_state", "state", "id"),
)
Table(
    "outbox_place",
    TABLES,
    Column("name", String(20), primary_key=True),
    Column("position", BigInteger, nullable=False),
)
Table(
    "ledger_node",
    TABLES,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
)
Table(
    "ledger_batch",
    TABLES,
    Column("size", NUMBER, primary_key=True, autoincrement=False),
    Column("sealed_us", BigInteger, nullable=False),
)
Table(
    "ledger_checkpoint",
    TABLES,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("note", Text, nullable=False),
)
Table(
    "ledger_publication",
    TABLES,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("checkpoint", BigInteger, nullable=False),
    Column("place", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
)
Table(
    "read_model",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("error", Text),
)
Table(
    "read_model_aside",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
)
Table(
    "read_model_rebuild",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("started_us", BigInteger, nullable=False),
    Column("heard_us", BigInteger, nullable=False),
    Column("reached", BigInteger, nullable=False),
    Column("upto", BigInteger, nullable=False),
)

APPEND_ONLY = (
    "fact",
    "command_receipt",
    "access_log",
    "access_purpose",
    "ledger_node",
    "ledger_batch",
    "ledger_checkpoint",
    "ledger_publication",
)

FIRST_ROWS = (
    "INSERT INTO head (id, position, recorded_us)"
    " SELECT 1, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM head)",
    "INSERT INTO store_meta (name, value)"
    " SELECT 'schema', '1' WHERE NOT EXISTS (SELECT 1 FROM store_meta)",
    # A new outbox begins at the head of the log: what was recorded before is told to nobody.
    "INSERT INTO outbox_place (name, position)"
    " SELECT 'facts', position FROM head WHERE NOT EXISTS (SELECT 1 FROM outbox_place)",
)


def upgrade() -> None:
    """Raises `Refused` where a table is there in another form; nothing is changed then."""
    connection = op.get_bind()
    there = set(inspect(connection).get_table_names()) & set(TABLES.tables)
    if there:
        _check_form(connection)
    TABLES.create_all(connection)
    for name in there:
        for index in TABLES.tables[name].indexes:
            index.create(connection, checkfirst=True)
    for name in APPEND_ONLY:
        append_only(connection, name)
    for statement in FIRST_ROWS:
        connection.execute(text(statement))


def _check_form(connection: Connection) -> None:
    context = MigrationContext.configure(
        connection,
        opts={"include_name": lambda name, kind, _: kind != "table" or name in TABLES.tables},
    )
    found = [each for each in compare_metadata(context, TABLES) if not _is_missing(each)]
    if found:
        raise Refused(
            "These tables are not as release 0.1 of Caseloop made them, so nothing was changed: "
            + "; ".join(map(_words, found))
            + ".",
            code="store-tables-changed",
        )


def _is_missing(difference: Any) -> bool:
    return difference[0] in ("add_table", "add_index")


def _words(difference: Any) -> str:
    """A difference as Alembic gives it: a tuple, or a list of what is other about one column."""
    if isinstance(difference, list):
        _, _, table, column = difference[0][:4]
        return f"column {column} of {table} is another"
    kind, *what = difference
    verb, thing = kind.split("_", 1)
    named = what[-1]
    table = getattr(getattr(named, "table", None), "name", None) or what[-2]
    return f"{thing} {named.name} of {table} is {'missing' if verb == 'add' else 'unknown'}"
