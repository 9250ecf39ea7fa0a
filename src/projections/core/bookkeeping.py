"""What is kept about read models themselves: who built them, what they could not take, rebuilds.

``read_model``          a projector: which version built its tables, and where they end
``read_model_aside``    a stream that a projector could not take an event of, from where, and why
``read_model_rebuild``  a rebuild under way, and how far it is
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from qa.schema.kept_tables import kept_tables

read_model = Table(
    "read_model",
    kept_tables,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("error", Text),
)
"""`position` is the one its tables were made or rebuilt at or, where the status is ``stale``, the
last one they hold; `version` 0 was never built."""

read_model_aside = Table(
    "read_model_aside",
    kept_tables,
    Column("name", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
)
"""From `position` on, the read model holds nothing of the stream."""

read_model_rebuild = Table(
    "read_model_rebuild",
    kept_tables,
    Column("name", Text, primary_key=True),
    Column("started_us", BigInteger, nullable=False),
    Column("heard_us", BigInteger, nullable=False),
    Column("reached", BigInteger, nullable=False),
    Column("upto", BigInteger, nullable=False),
)
