"""Readers who see nothing behind a position, whoever they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from projections.people import queries


def pin_everybody(monkeypatch: pytest.MonkeyPatch, pin: int) -> None:
    """From now on everybody who asks is pinned to this position."""
    whole = queries.actor

    def pinned(*asked: Any) -> Any:
        wanted = whole(*asked)

        def read(rows: Any) -> Any:
            found = wanted.read(rows)
            return None if found is None else replace(found, pin=pin)

        return replace(wanted, read=read)

    monkeypatch.setattr(queries, "actor", pinned)
