"""When a database cannot go on: how the two say it, and the refusal it becomes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from qa.core.asking import postgres_errors
from qa.core.errors import Unavailable

_TROUBLE = (
    OperationalError,
    InterfaceError,
    InternalError,
    PoolTimeout,
    sqlite3.OperationalError,
    sqlite3.InterfaceError,
    sqlite3.InternalError,
)


def database_trouble() -> tuple[type[Exception], ...]:
    """Errors of a database that cannot go on. Read rows and what every request asks go through the
    driver, whose errors come as they are."""
    return _TROUBLE + postgres_errors("OperationalError", "InterfaceError", "InternalError")


BUSY = ("locked", "timeout", "busy", "timed out", "too many clients", "connection slots")
_UNDEFINED = ("42P01", "42703")
"""How PostgreSQL says that there is no such table, and no such column."""
REBUILD = (
    "The tables that figures and pages are read from were made by another version of Caseloop."
    " Nothing is lost: the person who looks after this service has to run caseloop rebuild."
)


def _of_another_version(error: BaseException) -> bool:
    """Whether a table or column is missing that this version reads."""
    cause = getattr(error, "orig", None) or error
    return getattr(cause, "sqlstate", None) in _UNDEFINED or (
        isinstance(cause, sqlite3.OperationalError)
        and str(cause).startswith(("no such table", "no such column"))
    )


def _misunderstood() -> tuple[type[Exception], ...]:
    return (DBAPIError, *postgres_errors("ProgrammingError"))


@contextmanager
def trouble_named() -> Iterator[None]:
    """Turn what a database raises when it cannot go on into `Unavailable`."""
    try:
        yield
    except database_trouble() as error:
        raise unavailable(error) from error
    except _misunderstood() as error:
        if getattr(error, "connection_invalidated", False) or _of_another_version(error):
            raise unavailable(error) from error
        raise


def unavailable(error: BaseException) -> Unavailable:
    """The refusal for a database error. Its text stays in the chained cause: it may quote rows."""
    text = str(getattr(error, "orig", None) or error).lower()
    if _of_another_version(error):
        return Unavailable(REBUILD, code="rebuild-needed")
    if any(word in text for word in ("readonly", "read-only", "unable to open", "permission")):
        return Unavailable(
            "The records cannot be written to: their file, folder or database is read-only or"
            " closed to this service. Nothing was saved.",
            code="store-read-only",
        )
    if "full" in text or "no space" in text:
        return Unavailable(
            "There is no room left to save to. Nothing was saved.", code="store-full"
        )
    if any(word in text for word in BUSY):
        return Unavailable(
            "The records are busy. Nothing was saved; try again in a moment.", code="store-busy"
        )
    return Unavailable("The records cannot be reached just now. Nothing was saved.")
