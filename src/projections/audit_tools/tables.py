"""The read rows of audit tools."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from projections.core.typed_rows import JsonText, Position, ReadTable, texts
from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.events import JudgementAreasMapped


class AuditToolRow(NamedTuple):
    """A tool; `latest` is its newest version, 0 where none is published."""

    tool: str
    stream_version: int
    title: str
    latest: int
    retired: int
    working: JsonText
    working_differs: int

    @property
    def working_copy(self) -> ToolDefinition:
        return ToolDefinition.model_validate_json(self.working)


@lru_cache(maxsize=64)
def _tool_of(definition: str) -> ToolDefinition:
    """Asked for by every report and every audit that is opened, and the same for ever."""
    return ToolDefinition.model_validate_json(definition)


class AuditToolVersionRow(NamedTuple):
    tool: str
    tool_version: int
    title: str
    definition: JsonText
    changes: JsonText
    published_us: Position
    published_by: str

    @property
    def frozen(self) -> ToolDefinition:
        return _tool_of(self.definition)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it changed, in words."""
        return texts(self.changes)


class ScaleRow(NamedTuple):
    scale: str
    scale_version: int
    definition: JsonText


class PolicyRow(NamedTuple):
    policy: str
    stream_version: int
    definition: JsonText
    set_us: Position
    set_by: str


class AreaMappingRow(NamedTuple):
    """A mapping of domains to judgement areas, in force from a month on."""

    mapping_version: int
    from_on: str
    definition: JsonText
    set_us: Position
    set_by: str

    @property
    def mapped(self) -> JudgementAreasMapped:
        return JudgementAreasMapped.model_validate_json(self.definition)


AUDIT_TOOLS = ReadTable(AuditToolRow, "tool_row", key=("tool",))
VERSIONS = ReadTable(AuditToolVersionRow, "tool_version_row", key=("tool", "tool_version"))
SCALES = ReadTable(ScaleRow, "scale_row", key=("scale", "scale_version"))
AREA_MAPPINGS = ReadTable(AreaMappingRow, "area_mapping_row", key=("mapping_version",))
POLICIES = ReadTable(PolicyRow, "policy_row", key=("policy",))
tool_row = AUDIT_TOOLS.table
tool_version_row = VERSIONS.table
scale_row = SCALES.table
policy_row = POLICIES.table
