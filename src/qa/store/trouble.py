"""When a database cannot go on: how the two say it, and the refusal it becomes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from qa.core.errors import Unavailable

DATABASE_TROUBLE = (
    OperationalError,
    InterfaceError,
    InternalError,
    PoolTimeout,
    sqlite3.OperationalError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
"""Read rows are written through the driver itself, whose errors come as they are."""


@contextmanager
def trouble_named() -> Iterator[None]:
    """Turn what a database raises when it cannot go on into `Unavailable`."""
    try:
        yield
    except DATABASE_TROUBLE as error:
        raise unavailable(error) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise unavailable(error) from error
        raise


def unavailable(error: BaseException) -> Unavailable:
    """The refusal for a database error. Its text stays in the chained cause: it may quote rows."""
    text = str(getattr(error, "orig", None) or error).lower()
    if "full" in text or "no space" in text:
        return Unavailable(
            "There is no room left to save to. Nothing was saved.", code="store-full"
        )
    if any(word in text for word in ("locked", "timeout", "busy", "timed out")):
        return Unavailable(
            "The records are busy. Nothing was saved; try again in a moment.", code="store-busy"
        )
    return Unavailable("The records cannot be reached just now. Nothing was saved.")
