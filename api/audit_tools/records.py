"""Audit tools and scales as records that have a history."""

from __future__ import annotations

from api.records.kinds import READ_TOOL, KindOfRecord, by_verb, of_council

_EVENTS = ("audit_tools.events",)
RECORDS = (
    KindOfRecord(
        "tool", of_council("tool", title="Audit tool", stream="audit-tool"), events=_EVENTS
    ),
    KindOfRecord("scale", of_council("scale"), events=_EVENTS),
)
STREAMS = (by_verb("audit-tool", READ_TOOL), by_verb("scale", READ_TOOL))
