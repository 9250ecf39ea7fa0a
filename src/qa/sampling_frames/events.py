"""Events of the cases that audits of a cycle are drawn from (stream ``sampling-frame:<id>``, one a
cycle)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.event import Event
from qa.core.fields import FieldWords, day, short_text
from qa.sampling_frames.rows import FrameCase, FrameLeftOut

Cycle = Annotated[
    str,
    short_text(
        "Cycle",
        "For example, Quarter 2 of 2026/27.",
        missing="Say which cycle of audits it is for.",
        longest=100,
    ),
]
ListedOn = Annotated[date, day("As at the end of")]
ReadFrom = Annotated[str, short_text("List", longest=120)]
FrameSource = Annotated[
    str,
    short_text("Where the list comes from", missing="Say where the list comes from."),
]


def frame_stream(frame: str) -> str:
    return f"sampling-frame:{frame}"


class SamplingFrameFrozen(Event):
    """The cases that audits of a cycle are drawn from, as a list gave them at the end of a day. A
    second one of the cycle takes the place of the first, for the reason that is given.

    `read_from` says which list it was; `sha256` is over the cases (`qa.sampling_frames.rows`).
    """

    frame: str
    cycle: Cycle
    read_from: ReadFrom
    listed_on: ListedOn
    source: FrameSource
    cases: tuple[FrameCase, ...]
    left_out: FrameLeftOut
    sha256: Annotated[str, FieldWords(label="SHA-256 over the cases")]


class SamplingFrameWithdrawn(Event):
    """The import that froze the only frame of a cycle was undone: the cycle has none."""

    frame: str
    cycle: Cycle
