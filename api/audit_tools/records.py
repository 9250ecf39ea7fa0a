"""Audit tools and scales as records that have a history."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from api.records.kinds import READ_TOOL, KindOfRecord, by_verb, of_council
from api.records.search_kinds import FoundHeading, SearchedKind, with_verb
from api.web.moments import AsAt
from projections.audit_tools import queries

_EVENTS = ("audit_tools.events",)
RECORDS = (
    KindOfRecord(
        "tool", of_council("tool", title="Audit tool", stream="audit-tool"), events=_EVENTS
    ),
    KindOfRecord("scale", of_council("scale"), events=_EVENTS),
)
STREAMS = (by_verb("audit-tool", READ_TOOL), by_verb("scale", READ_TOOL))


def _headings(
    connection: Connection, tools: Collection[str], at: AsAt
) -> Mapping[str, FoundHeading]:
    return {
        row.tool: FoundHeading(row.title, f"/tools/{row.tool}", "Audit tool")
        for row in queries.tools(connection, position=at.position)
        if row.tool in tools
    }


SEARCHED = SearchedKind("audit-tool", "Audit tools", 90, with_verb(READ_TOOL), _headings)
