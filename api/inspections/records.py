"""Inspectors' rooms as records that have a history."""

from __future__ import annotations

from api.records.kinds import KindOfRecord, by_verb, of_council

_VERB = "run-inspection"
RECORDS = (
    KindOfRecord(
        "inspection",
        of_council("inspection", _VERB, title="Inspector room"),
        events=("inspections.events",),
    ),
)
STREAMS = (by_verb("inspection", _VERB),)
