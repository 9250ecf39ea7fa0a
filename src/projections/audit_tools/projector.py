"""What each event changes in the read rows of audit tools."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from projections.audit_tools import tables
from projections.core.base import RowChange
from projections.core.typed_rows import JsonText
from qa.audit_tools import events
from qa.audit_tools.definition import ToolDefinition
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent, events_of
from qa.moderation.events import ModerationPolicySet


class AuditTools:
    """Projects the events of tools, scales and the moderation policy."""

    name = "audit_tools"
    version = 2
    tables = (
        tables.tool_row,
        tables.tool_version_row,
        tables.scale_row,
        tables.policy_row,
        tables.AREA_MAPPINGS.table,
    )
    handles = (*events_of(events), ModerationPolicySet)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, version = recorded.event, recorded.version
        match event:
            case events.AuditToolRevised():
                return [_revised(version, event.definition)]
            case events.AuditToolPublished():
                return _published(recorded, event)
            case events.AuditToolRetired():
                tool = recorded.stream.partition(":")[2]
                return [
                    tables.AUDIT_TOOLS.amend(
                        (tool,), lambda row: row._replace(retired=1, stream_version=version)
                    )
                ]
            case events.ScalePublished():
                scale = event.scale
                return [tables.SCALES.put(tables.ScaleRow(scale.id, scale.version, _json(scale)))]
            case events.JudgementAreasMapped():
                at, by = microseconds(recorded.recorded_at), recorded.meta.by
                number, day = event.mapping_version, event.from_on.isoformat()
                return [
                    tables.AREA_MAPPINGS.put(
                        tables.AreaMappingRow(number, day, _json(event), at, by)
                    )
                ]
            case ModerationPolicySet():
                at, by = microseconds(recorded.recorded_at), recorded.meta.by
                return [
                    tables.POLICIES.put(
                        tables.PolicyRow("moderation", version, _json(event), at, by)
                    )
                ]
            case _:
                return ()


def _json(value: BaseModel) -> JsonText:
    return JsonText(value.model_dump_json())


def _revised(version: int, working: ToolDefinition) -> RowChange:
    if version == 1:
        row = tables.AuditToolRow(working.id, version, working.title, 0, 0, _json(working), 1)
        return tables.AUDIT_TOOLS.put(row)
    return tables.AUDIT_TOOLS.amend(
        (working.id,),
        lambda row: row._replace(
            stream_version=version, title=working.title, working=_json(working), working_differs=1
        ),
    )


def _published(recorded: RecordedEvent[Any], event: events.AuditToolPublished) -> list[RowChange]:
    tool, frozen = event.definition.id, event.definition
    version = tables.AuditToolVersionRow(
        tool,
        event.tool_version,
        frozen.title,
        _json(frozen),
        JsonText(json.dumps(event.changes)),
        microseconds(recorded.recorded_at),
        recorded.meta.by,
    )
    return [
        tables.AUDIT_TOOLS.amend(
            (tool,),
            lambda row: row._replace(
                latest=event.tool_version,
                retired=0,
                working_differs=0,
                stream_version=recorded.version,
            ),
        ),
        tables.VERSIONS.put(version),
    ]


PROJECTORS = (AuditTools,)
