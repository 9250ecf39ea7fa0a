"""The tables of sign-in. Times are microseconds since 1970 UTC; secrets are kept only as hashes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
)

from qa.schema.kept_tables import kept_tables

_ID = BigInteger().with_variant(Integer(), "sqlite")

credentials = Table(
    "account_credentials",
    kept_tables,
    Column("person", String(64), primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("password_hash", String(200)),
    Column("set_at_us", BigInteger),
)

sessions = Table(
    "account_sessions",
    kept_tables,
    Column("id_sha256", String(64), primary_key=True),
    Column("handle", String(32), nullable=False, unique=True),
    Column("person", String(64), nullable=False, index=True),
    Column("role", String(40)),
    Column("csrf", String(64), nullable=False),
    Column("started_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
    Column("agent", String(200), nullable=False, default=""),
)

attempts = Table(
    "account_attempts",
    kept_tables,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False, index=True),
    Column("name", String(40), nullable=False),
    Column("address", String(64), nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index("account_attempts_name", "name", "at_us"),
    Index("account_attempts_address", "address", "at_us"),
)

tokens = Table(
    "account_tokens",
    kept_tables,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("person", String(64), nullable=False, index=True),
    Column("label", String(100), nullable=False),
    Column("scopes", String(400), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    Column("used_us", BigInteger),
    Column("revoked_us", BigInteger),
)

codes = Table(
    "account_codes",
    kept_tables,
    Column("code_sha256", String(64), primary_key=True),
    Column("person", String(64), nullable=False, index=True),
    Column("expires_us", BigInteger, nullable=False),
)


addresses = Table(
    "account_addresses",
    kept_tables,
    Column("person", String(64), primary_key=True),
    Column("address", String(200), nullable=False),
    Column("set_us", BigInteger, nullable=False),
)


calendars = Table(
    "account_calendars",
    kept_tables,
    Column("person", String(64), primary_key=True),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("made_us", BigInteger, nullable=False),
)
