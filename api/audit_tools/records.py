"""Audit tools and scales as records that have a history."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from api.records.compared_kinds import ComparedKind, ComparedTable, person, yes_or_no
from api.records.kinds import READ_TOOL, KindOfRecord, Record, by_verb, of_council
from api.records.search_kinds import FoundHeading, SearchedKind, with_verb
from api.web.access_notes import ServedLook
from api.web.moments import AsAt
from projections.audit_tools import queries
from projections.audit_tools.tables import (
    AREA_MAPPINGS,
    policy_row,
    scale_row,
    tool_row,
    tool_version_row,
)
from projections.history.question import HistoryScope
from qa.audit_tools.events import AREAS_STREAM
from qa.authorisation.policy import require


def _open_areas(look: ServedLook, _key: str) -> Record:
    require(look.actor, READ_TOOL)
    scope = HistoryScope((AREAS_STREAM,))
    return Record(AREAS_STREAM, "", "Judgement areas", AREAS_STREAM, scope)


_EVENTS = ("audit_tools.events",)
RECORDS = (
    KindOfRecord(
        "tool", of_council("tool", title="Audit tool", stream="audit-tool"), events=_EVENTS
    ),
    KindOfRecord("scale", of_council("scale"), events=_EVENTS),
    KindOfRecord(AREAS_STREAM, _open_areas, events=_EVENTS),
)
STREAMS = (
    by_verb("audit-tool", READ_TOOL),
    by_verb("scale", READ_TOOL),
    by_verb(AREAS_STREAM, READ_TOOL),
)


def _headings(
    connection: Connection, tools: Collection[str], at: AsAt
) -> Mapping[str, FoundHeading]:
    return {
        row.tool: FoundHeading(row.title, f"/tools/{row.tool}", "Audit tool")
        for row in queries.tools(connection, position=at.position)
        if row.tool in tools
    }


SEARCHED = SearchedKind("audit-tool", "Audit tools", 90, with_verb(READ_TOOL), _headings)

COMPARED = (
    ComparedKind(
        "audit-tool",
        "Audit tools",
        "Audit tool",
        150,
        (
            ComparedTable(
                tool_row,
                {
                    "title": "Name",
                    "latest": "Latest version",
                    "retired": yes_or_no("Retired"),
                    "working_differs": yes_or_no("Has a draft of a new version"),
                },
                left_out=("working",),
            ),
            ComparedTable(
                tool_version_row,
                {"changes": "what changed", "published_by": person("published by")},
                each="Version {tool_version}",
                left_out=("title", "definition", "published_us"),
            ),
        ),
        named=("title",),
        href="/tools/{}",
    ),
    ComparedKind(
        "scale",
        "Scales of grades",
        "Scale",
        155,
        (ComparedTable(scale_row, {"definition": "points"}, each="Version {scale_version}"),),
    ),
    ComparedKind(
        AREAS_STREAM,
        "Judgement areas",
        "Judgement areas, version",
        160,
        (
            ComparedTable(
                AREA_MAPPINGS.table,
                {
                    "from_on": "From",
                    "definition": "Areas of the domains",
                    "set_by": person("Set by"),
                },
                left_out=("set_us",),
            ),
        ),
        whole=True,
    ),
    ComparedKind(
        "moderation-policy",
        "Policy of moderation",
        "Policy of moderation",
        205,
        (
            ComparedTable(
                policy_row,
                {"set_by": person("Set by")},
                left_out=("set_us", "definition"),
                spread="definition",
            ),
        ),
        whole=True,
    ),
)
