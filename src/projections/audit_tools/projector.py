"""What each event changes in the read rows of audit tools."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from projections.audit_tools.tables import policy_row, scale_row, tool_row, tool_version_row
from projections.core.base import Amend, Put, RowChange
from qa.audit_tools import events
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.moderation.events import ModerationPolicySet


class AuditTools:
    """Projects the events of tools, scales and the moderation policy."""

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

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        match event:
            case events.AuditToolRevised():
                return [self._revised(recorded, event)]
            case events.AuditToolPublished():
                return self._published(recorded, event)
            case events.AuditToolRetired():
                tool = recorded.stream.partition(":")[2]
                values = {"retired": 1, "stream_version": recorded.version}
                return [Amend(tool_row, (tool,), values)]
            case events.ScalePublished():
                scale = event.scale
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
                    "definition": event.model_dump_json(),
                    "set_us": microseconds(recorded.recorded_at),
                    "set_by": recorded.meta.by,
                }
                return [Put(policy_row, row)]
            case _:
                return ()

    def _revised(self, recorded: RecordedEvent[Any], event: events.AuditToolRevised) -> RowChange:
        working = {
            "stream_version": recorded.version,
            "title": event.definition.title,
            "working": event.definition.model_dump_json(),
            "working_differs": 1,
        }
        if recorded.version == 1:
            begun = {"tool": event.definition.id, "latest": 0, "retired": 0}
            return Put(tool_row, {**begun, **working})
        return Amend(tool_row, (event.definition.id,), working)

    def _published(
        self, recorded: RecordedEvent[Any], event: events.AuditToolPublished
    ) -> list[RowChange]:
        tool = event.definition.id
        values = {
            "latest": event.tool_version,
            "retired": 0,
            "working_differs": 0,
            "stream_version": recorded.version,
        }
        version = {
            "tool": tool,
            "tool_version": event.tool_version,
            "title": event.definition.title,
            "definition": event.definition.model_dump_json(),
            "changes": json.dumps(event.changes),
            "published_us": microseconds(recorded.recorded_at),
            "published_by": recorded.meta.by,
        }
        return [Amend(tool_row, (tool,), values), Put(tool_version_row, version)]


PROJECTORS = (AuditTools,)
