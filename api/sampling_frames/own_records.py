"""The sampling frame of a cycle, as a file that comes in again."""

from __future__ import annotations

from api.imports.own_records import GivenRecords, OwnRecords, RecordsRequest, counted
from projections.people import queries as people
from projections.sampling_frames import queries
from qa.core.errors import Refused
from qa.sampling_frames.rows import STRATA, frame_id


def _frames(request: RecordsRequest) -> GivenRecords:
    """The frame of the cycle that is told, or the one whose list is the latest."""
    found = queries.frames(request.connection)
    if request.about.cycle:
        found = [row for row in found if row.frame == frame_id(request.about.cycle)]
        if not found:
            sentence = f"There is no sampling frame of “{request.about.cycle}”."
            raise Refused(sentence, field="cycle", code="cycle-unknown")
    if not found:
        return GivenRecords(())
    row = found[0]
    names = people.team_names(request.connection)
    cases = queries.cases(request.connection, row.frame, request.reach)
    rows = [
        {
            "case": one.case,
            "cycle": row.cycle,
            "listed_on": row.listed_on,
            "read_from": row.read_from,
            "source": row.source,
            "team": names.get(one.team, one.team),
            "started_on": one.started_on,
            **{name: getattr(one, name) for name in STRATA},
        }
        for one in cases
    ]
    left = counted(
        row.cases - len(cases),
        "case that you may not read, or of a child whose records are restricted.",
        "cases that you may not read, or of children whose records are restricted.",
    )
    return GivenRecords(rows, left)


OWN_RECORDS = OwnRecords(
    "sampling-frame",
    _frames,
    "It is of one cycle, the latest unless another is named; how many rows its list left out, and "
    "frames that it took the place of, are in no such file.",
)
