"""A copy of a SQLite store while it is in use: whole, of one moment, its owner's alone."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from qa.core.errors import Refused, Unavailable


def copy_sqlite(store: Path, to: Path) -> int:
    """Write the store to the new file `to`; the position that it holds the log up to.

    Raises:
        Refused: there is such a file, or no such folder.   Unavailable: the copy failed.
    """
    try:
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        sentence = f"{to} cannot be made: {error.strerror}. Name a new file in a folder of yours."
        raise Refused(sentence, field="FILE", code="file-unwritable") from error
    try:
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as source:
            source.execute("VACUUM INTO ?", (str(to),))
        with closing(sqlite3.connect(to)) as copy:
            return int(copy.execute("SELECT position FROM head").fetchone()[0])
    except sqlite3.Error as error:
        to.unlink(missing_ok=True)
        raise Unavailable(f"The store could not be copied: {error}.") from error
