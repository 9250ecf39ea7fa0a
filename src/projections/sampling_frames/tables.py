"""The read rows of sampling frames: the frame in force of each cycle, and its cases."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from projections.core.typed_rows import Position, ReadTable
from qa.core.clock import from_microseconds


class SamplingFrameRow(NamedTuple):
    """The frame of a cycle. `restricted`, `closed`, `later` and `again` count the rows of its list
    that were left out."""

    frame: str
    stream_version: int
    cycle: str
    read_from: str
    listed_on: str
    source: str
    cases: int
    teams: int
    sha256: str
    restricted: int
    closed: int
    later: int
    again: int
    batch: str
    by: str
    frozen_us: Position

    @property
    def frozen_at(self) -> datetime:
        return from_microseconds(self.frozen_us)


FRAMES = ReadTable(SamplingFrameRow, "sampling_frame", key=("frame",))
sampling_frame = FRAMES.table


class FrameCaseRow(NamedTuple):
    """A case of the frame of a cycle, as its list gave it."""

    frame: str
    case: str
    child_key: str
    team: str
    service: str
    started_on: str
    kind: str
    status: str
    referral_source: str
    need: str
    outcome: str
    placement: str


FRAME_CASES = ReadTable(
    FrameCaseRow, "frame_case", key=("frame", "case"), indexes=(("child_key",),)
)
frame_case = FRAME_CASES.table
