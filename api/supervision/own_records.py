"""Supervision sessions and the cases that were open, as files that come in again."""

from __future__ import annotations

from api.imports.own_records import (
    GivenRecords,
    OwnRecords,
    RecordsRequest,
    counted,
    sign_in_names,
)
from projections.people import queries as people
from projections.supervision import queries
from projections.supervision.tables import OpenCaseRow, SupervisionPairRow
from qa.core.naming import reference_key
from qa.core.words import Reach


def _within(reach: Reach, row: SupervisionPairRow | OpenCaseRow) -> bool:
    return reach.everything or row.service in reach.services or row.team in reach.teams


def _sessions(request: RecordsRequest) -> GivenRecords:
    handles = sign_in_names(request.connection)
    pairs = [row for row in queries.all_pairs(request.connection) if _within(request.reach, row)]
    sessions = queries.sessions(request.connection, [row.pair for row in pairs])
    rows, closed = [], 0
    for pair in pairs:
        for one in sessions.get(pair.pair, ()):
            cases = one.cases_supervised
            shown = [case for case in cases if reference_key(case) not in request.reach.closed]
            closed += len(cases) - len(shown)
            rows.append(
                {
                    "practitioner": handles.get(pair.practitioner, pair.practitioner),
                    "supervisor": handles.get(pair.supervisor, pair.supervisor),
                    "held_on": one.on,
                    "held": "yes" if one.held else "no",
                    "why": (one.why or "").replace("-", " "),
                    "cases": "; ".join(shown),
                    "note": " ".join(one.note.split()),
                }
            )
    left = counted(
        closed,
        "case of a child whose records are restricted.",
        "cases of children whose records are restricted.",
    )
    return GivenRecords(rows, left)


def _open_cases(request: RecordsRequest) -> GivenRecords:
    """The list of the last day, or of the one that is told."""
    every = queries.open_cases(request.connection)
    wanted = request.about.as_at.isoformat() if request.about.as_at else ""
    day = wanted or max((row.counted_on for row in every), default="")
    listed = [row for row in every if row.counted_on == day]
    within = [row for row in listed if _within(request.reach, row)]
    shown = [row for row in within if reference_key(row.case) not in request.reach.closed]
    places = people.places(request.connection)
    rows = [
        {
            "case": row.case,
            "team": places.get(row.team, (row.team, ""))[0],
            "supervised_on": row.supervised_on or "",
        }
        for row in shown
    ]
    left = counted(
        len(listed) - len(shown),
        "case that you may not read, or of a child whose records are restricted.",
        "cases that you may not read, or of children whose records are restricted.",
    )
    notes = (
        [f"These are the cases that were open at the end of {day}: say so again."] if day else []
    )
    return GivenRecords(rows, [*notes, *left])


OWN_RECORDS = (
    OwnRecords(
        "sessions",
        _sessions,
        "Who supervises whom comes from no file: begin each supervision first. Actions talked "
        "over are in no such file.",
    ),
    OwnRecords("open-cases", _open_cases, "Lists of earlier days are in no such file."),
)
