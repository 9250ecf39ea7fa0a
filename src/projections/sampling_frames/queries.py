"""The frames of cycles and their cases, now or as known then."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.core.reach import within_reach
from projections.sampling_frames.tables import (
    FRAME_CASES,
    FRAMES,
    FrameCaseRow,
    SamplingFrameRow,
    frame_case,
    sampling_frame,
)
from qa.core.one_of import one_of
from qa.core.words import Reach


def frames(connection: Connection, *, position: int | None = None) -> list[SamplingFrameRow]:
    """The frame of every cycle, the latest list first."""
    table = sampling_frame.c
    query = FRAMES.select(position=position)
    return FRAMES.rows(connection, query.order_by(table.listed_on.desc(), table.cycle))


def one(
    connection: Connection, frame: str, *, position: int | None = None
) -> SamplingFrameRow | None:
    return FRAMES.one(connection, sampling_frame.c.frame == frame, position=position)


def cases(
    connection: Connection, frame: str, reach: Reach | None, *, position: int | None = None
) -> list[FrameCaseRow]:
    """The cases of a frame that are within a reach (None: all of them), by their reference."""
    within = [] if reach is None else [within_reach(reach, frame_case)]
    query = FRAME_CASES.select(frame_case.c.frame == frame, *within, position=position)
    # Sorted here: databases disagree on what comes first among letters.
    return sorted(FRAME_CASES.rows(connection, query), key=lambda one: one.case)


def listing(
    connection: Connection,
    children: Collection[str],
    reach: Reach,
    *,
    position: int | None = None,
) -> list[FrameCaseRow]:
    """The cases of these children within a reach, by the keys of their references: in whichever
    frames, the latest first."""
    query = FRAME_CASES.select(
        one_of(frame_case.c.child_key, children), within_reach(reach, frame_case), position=position
    )
    found = FRAME_CASES.rows(connection, query)
    order = [row.frame for row in frames(connection, position=position)]
    return sorted(found, key=lambda row: order.index(row.frame))


def ever_holding(connection: Connection, children: Collection[str]) -> set[str]:
    """The frames that ever held a case of these children, by the keys of their references."""
    if not children:
        return set()
    table = frame_case.c
    query = select(table.frame).where(one_of(table.child_key, children))
    return set(connection.execute(query).scalars())
