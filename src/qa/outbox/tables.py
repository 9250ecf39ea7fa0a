"""The tables of the outbox. Times are microseconds since 1970 UTC."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    select,
    text,
    update,
)

from qa.schema.kept_tables import kept_tables

_ID = BigInteger().with_variant(Integer(), "sqlite")

notice = Table(
    "outbox_notice",
    kept_tables,
    Column("id", _ID, primary_key=True, autoincrement=True),
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
"""`key` names the event or step that it tells of: nobody is told of it twice."""

delivery = Table(
    "outbox_delivery",
    kept_tables,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("person", String(64), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried_us", BigInteger),
    Column("error", String(300), nullable=False),
    Index("outbox_delivery_state", "state", "id"),
)
"""`state` is ``waiting``, ``sending``, ``sent``, ``failed`` (given up) or ``empty``: nothing was
left to say when it was its turn."""

place = Table(
    "outbox_place",
    kept_tables,
    Column("name", String(20), primary_key=True),
    Column("position", BigInteger, nullable=False),
)
"""How far the log was told of. Its one row is also the queue of those who write the outbox."""


def position(connection: Connection) -> int:
    """The last position of the log that was told of."""
    return int(connection.execute(select(place.c.position)).scalar_one())


def lock(connection: Connection) -> None:
    """Wait for whoever writes the outbox, until the transaction ends."""
    connection.execute(update(place).values(position=place.c.position))


def move_on(connection: Connection, old: int, new: int) -> bool:
    """Take the place on from `old`; False where somebody else did already."""
    moved = connection.execute(update(place).where(place.c.position == old).values(position=new))
    return moved.rowcount == 1
