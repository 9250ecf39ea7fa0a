"""What each event changes in the read rows of audit tools."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from projections.audit_tools.tables import policy_row, scale_row, tool_row, tool_version_row
from projections.core.base import Amend, Put, RowChange
from qa.audit_tools import events
from qa.core.clock import microseconds
from qa.core.fact import Recorded
from qa.moderation.events import ModerationPolicySet


class AuditTools:
    """Projects the facts of tools, scales and the moderation policy."""

    name = "audit_tools"
    version = 1
    tables = (tool_row, tool_version_row, scale_row, policy_row)
    handles = (
        events.AuditToolRevised,
        events.AuditToolPublished,
        events.AuditToolRetired,
        events.ScalePublished,
        ModerationPolicySet,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[RowChange]:
        fact = recorded.fact
        match fact:
            case events.AuditToolRevised():
                return [self._revised(recorded, fact)]
            case events.AuditToolPublished():
                return self._published(recorded, fact)
            case events.AuditToolRetired():
                tool = recorded.stream.partition(":")[2]
                values = {"retired": 1, "stream_version": recorded.version}
                return [Amend(tool_row, (tool,), values)]
            case events.ScalePublished():
                scale = fact.scale
                row = {
                    "scale": scale.id,
                    "scale_version": scale.version,
                    "definition": scale.model_dump_json(),
                }
                return [Put(scale_row, row)]
            case ModerationPolicySet():
                row = {
                    "policy": "moderation",
                    "stream_version": recorded.version,
                    "definition": fact.model_dump_json(),
                    "set_us": microseconds(recorded.recorded_at),
                    "set_by": recorded.meta.by,
                }
                return [Put(policy_row, row)]
            case _:
                return ()

    def _revised(self, recorded: Recorded[Any], fact: events.AuditToolRevised) -> RowChange:
        working = {
            "stream_version": recorded.version,
            "title": fact.definition.title,
            "working": fact.definition.model_dump_json(),
            "working_differs": 1,
        }
        if recorded.version == 1:
            begun = {"tool": fact.definition.id, "latest": 0, "retired": 0}
            return Put(tool_row, {**begun, **working})
        return Amend(tool_row, (fact.definition.id,), working)

    def _published(
        self, recorded: Recorded[Any], fact: events.AuditToolPublished
    ) -> list[RowChange]:
        tool = fact.definition.id
        values = {
            "latest": fact.tool_version,
            "retired": 0,
            "working_differs": 0,
            "stream_version": recorded.version,
        }
        version = {
            "tool": tool,
            "tool_version": fact.tool_version,
            "title": fact.definition.title,
            "definition": fact.definition.model_dump_json(),
            "changes": json.dumps(fact.changes),
            "published_us": microseconds(recorded.recorded_at),
            "published_by": recorded.meta.by,
        }
        return [Amend(tool_row, (tool,), values), Put(tool_version_row, version)]
