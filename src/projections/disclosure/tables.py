"""The read rows of copies for outside the council."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import orjson

from projections.core.policy_table import policy_table
from projections.core.typed_rows import JsonText, Position, ReadTable
from qa.core.clock import from_microseconds
from qa.disclosure.events import ReleasedText, ShownTable

disclosure_rule = policy_table("disclosure_rule")
"""One row; `content` holds the event's own fields as JSON."""


class OutsideCopyRow(NamedTuple):
    """A copy that was given out; `stream_version` is that of what was last done to it."""

    given: str
    stream_version: int
    published: str
    audience: str
    least: int
    policy_version: int
    made_at: Position
    tables: JsonText
    texts: JsonText
    salt: str
    rendering: int
    by: str
    given_us: Position
    withdrawn_us: Position | None = None
    withdrawn_because: str | None = None

    @property
    def withdrawn_at(self) -> datetime | None:
        return None if self.withdrawn_us is None else from_microseconds(self.withdrawn_us)

    @property
    def shown(self) -> tuple[ShownTable, ...]:
        return tuple(ShownTable.model_validate(one) for one in orjson.loads(self.tables))

    @property
    def released(self) -> tuple[ReleasedText, ...]:
        return tuple(ReleasedText.model_validate(one) for one in orjson.loads(self.texts))

    @property
    def given_at(self) -> datetime:
        return from_microseconds(self.given_us)


COPIES = ReadTable(OutsideCopyRow, "outside_copy", key=("given",), indexes=(("published",),))
outside_copy = COPIES.table
