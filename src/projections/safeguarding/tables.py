"""The read rows of safeguarding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from projections.core.policy_table import policy_table
from projections.core.typed_rows import JsonText, Position, ReadJournal, ReadTable, texts
from qa.core.clock import from_microseconds


class ConcernRow(NamedTuple):
    """A concern. `acknowledge_by_us` is the first deadline, which stays, and `next_by_us` when it
    goes a rung higher. Of one that is `imported` the times are the beginnings of days, and nothing
    waits; it is `withdrawn` where its import was undone."""

    concern: str
    audit: str
    stream_version: int
    opened: Position
    reference: str
    child: str
    team: str
    service: str
    what: str
    raised_by: str
    raised_us: Position
    told: JsonText = JsonText("[]")
    told_us: Position | None = None
    acknowledge_by_us: Position | None = None
    next_by_us: Position | None = None
    rungs: int = 0
    acknowledged_by: str | None = None
    acknowledged_us: Position | None = None
    imported: int = 0
    withdrawn: int = 0

    @property
    def told_people(self) -> tuple[str, ...]:
        return texts(self.told)

    @property
    def part_of(self) -> frozenset[str]:
        """Whoever raised it or was told of it."""
        return frozenset({self.raised_by, *self.told_people} - {""})


class ConcernStepRow(NamedTuple):
    """One event of a concern; `content` holds its own fields."""

    audit: str
    concern: str
    type: str
    at_us: Position
    by: str
    content: JsonText

    @property
    def at(self) -> datetime:
        return from_microseconds(self.at_us)

    @property
    def fields(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = orjson.loads(self.content)
        return found


CONCERNS = ReadTable(
    ConcernRow,
    "concern_row",
    key=("audit", "concern"),
    indexes=(("opened",), ("team", "opened"), ("service", "opened")),
    open_indexes=(("acknowledged_us", "next_by_us"),),
)
concern_row = CONCERNS.table
CONCERN_STEPS = ReadJournal(ConcernStepRow, "concern_step", indexes=(("audit", "concern"),))
concern_step = CONCERN_STEPS.table
concern_policy = policy_table("concern_policy")
