"""The lists of sampling frames, and of the cases of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.documents.listing import ColumnKind
from api.lists.declaration import (
    ListColumn,
    ListFilter,
    ListSearch,
    RecordList,
    record_column,
)
from api.sampling_frames.reading import OpenedFrame
from projections.sampling_frames.tables import FrameCaseRow, SamplingFrameRow
from qa.sampling_frames.rows import STRATA

NONE = "none"
SHORT = 12


def frame_list(rows: Sequence[SamplingFrameRow]) -> RecordList[SamplingFrameRow]:
    """The frame of every cycle, the latest list first."""
    number = ColumnKind.NUMBER
    return RecordList(
        path="/sampling-frames",
        title="Sampling frames",
        noun=("frame", "frames"),
        rows=rows,
        key=lambda row: row.frame,
        columns=(
            record_column(
                "cycle", "Cycle", lambda row: row.cycle, lambda row: f"/sampling-frames/{row.frame}"
            ),
            ListColumn("read_from", "List", lambda row: row.read_from),
            ListColumn("listed_on", "As at the end of", lambda row: row.listed_on, ColumnKind.DAY),
            ListColumn("cases", "Cases", lambda row: row.cases, number),
            ListColumn("teams", "Teams", lambda row: row.teams, number),
            ListColumn("source", "Where from", lambda row: row.source, on_page=False),
            ListColumn("frozen_at", "Frozen", lambda row: row.frozen_at, ColumnKind.MOMENT),
            ListColumn("sha256", "SHA-256 over the cases", lambda row: row.sha256, on_page=False),
        ),
        filters=(ListFilter("read_from", "List", lambda row: (row.read_from, row.read_from)),),
        order="the latest list first",
        empty=(
            "No sampling frame yet",
            "Import a list of cases for a cycle of audits: a list of Annex A, a table of the "
            "Standard Safeguarding Dataset, or one of your own.",
        ),
        file_name="sampling-frames",
    )


def case_list(frame: OpenedFrame) -> RecordList[FrameCaseRow]:
    """The cases of a frame that its reader may see, by their reference."""

    def cell_of(name: str) -> Callable[[FrameCaseRow], str]:
        return lambda one: getattr(one, name)

    divided = [(name, STRATA[name]) for name in frame.strata if name in STRATA]
    return RecordList(
        path=f"/sampling-frames/{frame.row.frame}/cases",
        title=f"Cases of {frame.row.cycle}",
        noun=("case", "cases"),
        rows=frame.cases,
        key=lambda one: one.case,
        columns=(
            ListColumn("case", "Child’s reference", lambda one: one.case),
            ListColumn("team", "Team", frame.team),
            ListColumn("started_on", "Began on", lambda one: one.started_on, ColumnKind.DAY),
            *(ListColumn(name, words, cell_of(name)) for name, words in divided),
        ),
        filters=(
            ListFilter("team", "Team", lambda one: (one.team or NONE, frame.team(one))),
            *(_by(name, words) for name, words in divided),
        ),
        searches=(ListSearch("q", "Child’s reference", lambda one: one.case),),
        order="by reference",
        empty=("No case that you may see", "The cases of this frame are of other teams."),
        notes=_left(frame),
        file_name=f"sampling-frame-{frame.row.frame[:8]}",
    )


def _by(name: str, words: str) -> ListFilter[FrameCaseRow]:
    def value(one: FrameCaseRow) -> tuple[str, str]:
        text = getattr(one, name)
        return (text or NONE, text or "Nothing said")

    return ListFilter(name, words, value)


def _left(frame: OpenedFrame) -> list[str]:
    lines = [f"{frame.row.read_from}, as at the end of {frame.row.listed_on}."]
    if frame.closed:
        cases = "1 more case is" if frame.closed == 1 else f"{frame.closed:,} more cases are"
        lines.append(f"{cases} not open to you.")
    return lines
