"""Sampling frames over the API: the list of them, one, and its cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Response

from api.json.deps import Call, Limit, tag
from api.json.routing import ApiRouter
from api.sampling_frames import reading, schemas
from projections.sampling_frames.tables import SamplingFrameRow
from qa.core.fields import ID
from qa.sampling_frames.events import frame_stream

router = ApiRouter(prefix="/sampling-frames", tags=["imports"])

FrameId = Annotated[str, Path(pattern=ID, description="The id of the frame.")]


def _out(row: SamplingFrameRow) -> schemas.SamplingFrameOut:
    return schemas.SamplingFrameOut.of(row, frozen_at=row.frozen_at)


@router.get("", operation_id="listSamplingFrames")
def list_frames(call: Call) -> schemas.SamplingFramesOut:
    """The frame of every cycle: the cases that its audits are drawn from."""
    found = reading.frames(call)
    return schemas.SamplingFramesOut(**call.moment, frames=[*map(_out, found)])


@router.record("/{frame}", operation_id="readSamplingFrame")
def read_frame(call: Call, frame: FrameId, response: Response) -> schemas.OpenedFrameOut:
    """A frame: where it is from, what was left out, and what its cases divide into."""
    opened = reading.open_frame(call, frame)
    call.note(frame_stream(frame))
    tag(response, call.at, opened.row.stream_version)
    return schemas.OpenedFrameOut(
        **call.moment,
        frame=_out(opened.row),
        counts=[
            schemas.FrameCountOut(divided_by=name, value=value, cases=number)
            for name in opened.strata
            for value, _, number in opened.counts(name)
        ],
        closed_to_you=opened.closed,
        same=reading.gives_its_hash(call.connection, opened, call.at),
    )


@router.get("/{frame}/cases", operation_id="listFrameCases")
def list_cases(
    call: Call,
    frame: FrameId,
    after: Annotated[
        str, Query(description="Reference of the case that the page before ends with: its `next`.")
    ] = "",
    limit: Limit = 50,
) -> schemas.FrameCasesOut:
    """The cases of a frame that the caller may see, by reference."""
    opened = reading.open_frame(call, frame)
    call.note(frame_stream(frame), "cases")
    rows = [one for one in opened.cases if one.case > after][: limit + 1]
    return schemas.FrameCasesOut(
        **call.moment,
        cases=[*map(schemas.FrameCaseOut.of, rows[:limit])],
        next=rows[limit - 1].case if len(rows) > limit else None,
        closed_to_you=opened.closed,
    )
