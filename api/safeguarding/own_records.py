"""Safeguarding concerns from audits, as files that come in again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.imports.own_records import GivenRecords, OwnRecords, RecordsRequest, counted
from projections.audits import queries as audit_queries
from projections.audits import stated_queries
from projections.people import queries as people
from projections.safeguarding import queries
from projections.safeguarding.tables import ConcernRow, ConcernStepRow
from qa.core.clock import civil_day, from_microseconds
from qa.core.frozen import ERASED
from qa.core.naming import reference_key
from qa.core.words import Reach
from qa.safeguarding import events
from qa.safeguarding.words import HOW_LABELS


def _within(reach: Reach, row: ConcernRow) -> bool:
    here = reach.everything or row.service in reach.services or row.team in reach.teams
    return here and reference_key(row.child) not in reach.closed


def _day(us: int | None) -> str:
    return "" if us is None else civil_day(from_microseconds(us)).isoformat()


def _as_stated(stated: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a concern that a file states, as its last file states it."""
    cells = {name: value or "" for name, value in stated.items()}
    return {**cells, "how": HOW_LABELS.get(cells["how"], "")}


def _raised_here(
    row: ConcernRow, steps: Sequence[ConcernStepRow], names: Mapping[str, str]
) -> dict[str, str]:
    """The cells of a concern that was raised here: its times are days in a file, and of those who
    were told it names the first."""
    telling = next((s for s in steps if s.type == events.SafeguardingManagerTold.TYPE), None)
    answered = events.SafeguardingConcernAcknowledged.TYPE
    doing = next((s.fields["doing"] for s in steps if s.type == answered), "")
    return {
        "what": row.what,
        "raised_on": _day(row.raised_us),
        "raised_by": names.get(row.raised_by, row.raised_by),
        "manager": names.get(row.told_people[0], row.told_people[0]) if row.told_people else "",
        "told_on": _day(row.told_us),
        "how": HOW_LABELS[telling.fields["how"]] if telling else "",
        "acknowledged_on": _day(row.acknowledged_us),
        "acknowledged_by": names.get(row.acknowledged_by or "", row.acknowledged_by or ""),
        "doing": doing,
    }


def _concerns(request: RecordsRequest) -> GivenRecords:
    connection = request.connection
    sealed = audit_queries.hidden_for(connection, request.reach)
    every = [row for row in queries.standing(connection) if _within(request.reach, row)]
    shown = [row for row in every if row.audit not in sealed]
    audits = stated_queries.standing(connection)
    those = [row for row in shown if row.audit in audits]
    names = people.names(connection, {one for row in those for one in row.part_of})
    steps = queries.steps_of(connection, {row.concern for row in those})
    rows, erased, more_told = [], 0, 0
    for row in those:
        of_row = steps.get((row.audit, row.concern), [])
        stated = [s.fields for s in of_row if "stated" in s.fields or "new" in s.fields]
        if row.imported:
            cells = _as_stated(stated[-1].get("stated") or stated[-1]["new"])
        else:
            cells = _raised_here(row, of_row, names)
        if any(ERASED in cell for cell in cells.values()):
            erased += 1
            continue
        more_told += not row.imported and len(row.told_people) > 1
        source = next((s["source"] for s in stated if "source" in s), row.concern)
        rows.append({"reference": source, "audit": audits[row.audit], **cells})
    gone = counted(
        len(shown) - len(those),
        "concern of an audit that was withdrawn, voided or not submitted.",
        "concerns of audits that were withdrawn, voided or not submitted.",
    )
    left = counted(erased, "concern that was erased.", "concerns that were erased.")
    beside = counted(
        more_told,
        "concern that further people were told of: the first is named.",
        "concerns that further people were told of: the first of each is named.",
    )
    return GivenRecords(rows, [*gone, *left, *beside])


OWN_RECORDS = OwnRecords(
    "concerns",
    _concerns,
    "Times of the day and escalations are in no such file: a concern that comes in runs no clock.",
)
