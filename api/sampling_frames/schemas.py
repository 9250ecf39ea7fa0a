"""What the API answers about sampling frames."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from api.json.moment_out import OfMomentOut
from api.json.row_out import RowOut
from projections.sampling_frames.tables import FrameCaseRow, SamplingFrameRow


class SamplingFrameOut(RowOut, row=SamplingFrameRow, without=("stream_version", "frozen_us")):
    """The frame of a cycle: which list it was read from, and how many of its rows were left out."""

    frozen_at: datetime


class SamplingFramesOut(OfMomentOut):
    """The frame of every cycle, the latest list first."""

    frames: list[SamplingFrameOut]


class FrameCountOut(BaseModel):
    """How many of the cases that the caller may see have a value."""

    divided_by: str
    value: str
    cases: int


class OpenedFrameOut(OfMomentOut):
    """A frame with what its cases divide into; `closed_to_you` are not among the counts."""

    frame: SamplingFrameOut
    counts: list[FrameCountOut]
    closed_to_you: int
    same: bool


class FrameCaseOut(RowOut, row=FrameCaseRow, without=("frame", "child_key")):
    """A case of a frame, as its list gave it."""


class FrameCasesOut(OfMomentOut):
    """A page of the cases that the caller may see, by reference. `next` is the cursor of the next
    page, null on the last."""

    cases: list[FrameCaseOut]
    next: str | None
    closed_to_you: int
