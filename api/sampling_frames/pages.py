"""Sampling frames: the list of them, one with what its cases divide into, and its cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.lists.declaration import RecordList
from api.lists.files import list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.sampling_frames import reading as frame_reading
from api.sampling_frames.case_lists import LEFT_OUT
from api.sampling_frames.listing import NONE, case_list, frame_list
from api.sampling_frames.reading import OpenedFrame
from api.web.context import Reader
from api.web.late_routes import PageRouter
from projections.people import queries as people
from projections.sampling_frames.tables import FrameCaseRow, SamplingFrameRow
from qa.authorisation.policy import can
from qa.core.fields import ID
from qa.sampling_frames.events import frame_stream
from qa.sampling_frames.rows import STRATA

router = PageRouter(prefix="/sampling-frames")
NAVIGATION = NavigationItem(
    "Sampling frames", "/sampling-frames", 55, NavigationSection.AUDITS, frame_reading.READ
)
FrameId = Annotated[str, Path(pattern=ID)]


def _frames(reading: Reader) -> RecordList[SamplingFrameRow]:
    return frame_list(frame_reading.frames(reading))


@router.get("")
def list_frames(reading: Reader) -> Response:
    """The frame of every cycle."""
    imports = can(reading.actor, "import").allowed and not reading.at.is_past
    button = ("Import a sampling frame", "/imports/new?kind=sampling-frame") if imports else None
    return list_page(reading, _frames(reading), button=button)


list_files(router, "", _frames)


def _opened(reading: Reader, frame: str) -> OpenedFrame:
    return frame_reading.open_frame(reading, frame)


@router.get("/{frame}")
def show_frame(frame: FrameId, reading: Reader) -> Response:
    """One frame: where it is from, what was left out, and what its cases divide into."""
    opened = _opened(reading, frame)
    row = opened.row
    subject = frame_stream(frame)
    reading.note(subject)
    names = people.names(reading.connection, {row.by}, position=reading.at.position)
    cases = f"/sampling-frames/{frame}/cases"
    return reading.page(
        "sampling_frames/frame.html",
        title=f"Sampling frame of {row.cycle}",
        record_name=subject,
        row=row,
        opened=opened,
        same=frame_reading.gives_its_hash(reading.connection, opened, reading.at),
        by=names.get(row.by, "The operator (command line)"),
        left_out=[(getattr(row, cause), words) for cause, words in LEFT_OUT.items()],
        cases=reading.link(cases),
        tables=[
            (
                STRATA.get(name, "Team"),
                [
                    (words, number, reading.link(cases, {name: value or NONE}))
                    for value, words, number in opened.counts(name)
                ],
            )
            for name in opened.strata
        ],
        may_import=can(reading.actor, "import").allowed,
    )


def _cases(frame: FrameId, reading: Reader) -> RecordList[FrameCaseRow]:
    return case_list(_opened(reading, frame))


@router.get("/{frame}/cases")
def list_cases(frame: FrameId, reading: Reader) -> Response:
    """The cases of a frame."""
    shown = _cases(frame, reading)
    reading.note(frame_stream(frame), "cases")
    back = reading.link(f"/sampling-frames/{frame}")
    return list_page(reading, shown, intro=" ".join(shown.notes), back=back)


list_files(router, "/{frame}/cases", _cases)
