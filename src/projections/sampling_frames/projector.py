"""What each event changes in the read rows of sampling frames."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.sampling_frames.tables import (
    FRAME_CASES,
    FRAMES,
    FrameCaseRow,
    SamplingFrameRow,
)
from qa.core.carry import carry
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.core.naming import reference_key
from qa.sampling_frames.events import SamplingFrameFrozen, SamplingFrameWithdrawn


class SamplingFrames:
    """Projects the frame in force of each cycle."""

    name = "sampling_frames"
    version = 2
    tables = (FRAMES.table, FRAME_CASES.table)
    by_stream = True
    handles = (SamplingFrameFrozen, SamplingFrameWithdrawn)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        yield FRAME_CASES.close(event.frame)
        if isinstance(event, SamplingFrameWithdrawn):
            yield FRAMES.close(event.frame)
            return
        source = recorded.meta.source
        yield FRAMES.put(
            SamplingFrameRow(
                event.frame,
                recorded.version,
                event.cycle,
                event.read_from,
                event.listed_on.isoformat(),
                event.source,
                len(event.cases),
                len({one.team for one in event.cases} - {""}),
                event.sha256,
                **event.left_out.model_dump(),
                batch="" if source is None else source.batch,
                by=recorded.meta.by,
                frozen_us=microseconds(recorded.recorded_at),
            )
        )
        for one in event.cases:
            started = "" if one.started_on is None else one.started_on.isoformat()
            yield FRAME_CASES.put(
                carry(
                    FrameCaseRow,
                    one,
                    frame=event.frame,
                    child_key=reference_key(one.case),
                    started_on=started,
                )
            )


PROJECTORS = (SamplingFrames,)
