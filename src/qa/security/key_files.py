"""Files that hold keys: readable by their owner only, whole from the start, never written over."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_new(path: Path, text: str) -> None:
    """Write a new file (mode 0600), which nobody ever sees empty or half written.

    Raises `FileExistsError` where there is one, also where another process made it just now.
    """
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text)
        os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
