"""The audit tools and scales that there are, their versions, and the moderation policy."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from projections.audit_tools.tables import (
    AREA_MAPPINGS,
    AUDIT_TOOLS,
    POLICIES,
    SCALES,
    VERSIONS,
    AreaMappingRow,
    AuditToolRow,
    AuditToolVersionRow,
    policy_row,
    scale_row,
    tool_row,
    tool_version_row,
)
from projections.core.base import present
from projections.figures.judgement_areas import AreaMappings
from qa.audit_tools.definition import ToolDefinition
from qa.core.words import Scale
from qa.moderation.events import ModerationPolicySet


def tools(connection: Connection, *, position: int | None = None) -> list[AuditToolRow]:
    """Every tool with the number of its latest version, by title."""
    query = AUDIT_TOOLS.select(position=position).order_by(tool_row.c.title)
    return AUDIT_TOOLS.rows(connection, query)


def tool(
    connection: Connection, tool_id: str, *, position: int | None = None
) -> AuditToolRow | None:
    return AUDIT_TOOLS.one(connection, tool_row.c.tool == tool_id, position=position)


def versions(
    connection: Connection, tool_id: str, *, position: int | None = None
) -> list[AuditToolVersionRow]:
    """The published versions of a tool, newest first."""
    query = VERSIONS.select(tool_version_row.c.tool == tool_id, position=position)
    return VERSIONS.rows(connection, query.order_by(tool_version_row.c.tool_version.desc()))


def definition(
    connection: Connection, tool_id: str, number: int, *, position: int | None = None
) -> ToolDefinition | None:
    """A published version of a tool, if that was known by then. Versions never change.

    A record is read by the tool it was made with, also on a day before the tool was recorded.
    """
    found = VERSIONS.one(
        present(connection),
        tool_version_row.c.tool == tool_id,
        tool_version_row.c.tool_version == number,
        position=position,
    )
    return None if found is None else found.frozen


def definitions(
    connection: Connection, *, position: int | None = None
) -> dict[tuple[str, int], ToolDefinition]:
    """Every published version of every tool that audits are made with and that was known by then,
    by tool and number. Supervision checks have tools of their own (`definition`)."""
    query = VERSIONS.select(position=position).order_by(
        tool_version_row.c.tool, tool_version_row.c.tool_version
    )
    rows = VERSIONS.rows(present(connection), query)
    found = {(row.tool, row.tool_version): row.frozen for row in rows}
    return {key: tool for key, tool in found.items() if tool.kind != "supervision"}


def scales(connection: Connection, *, position: int | None = None) -> list[Scale]:
    """Every published scale version."""
    query = SCALES.select(position=position).order_by(scale_row.c.scale, scale_row.c.scale_version)
    return [Scale.model_validate_json(row.definition) for row in SCALES.rows(connection, query)]


def moderation_policy(
    connection: Connection, *, position: int | None = None
) -> tuple[ModerationPolicySet, int] | None:
    """The policy in force and the version of its stream; None while the default holds."""
    row = POLICIES.one(connection, policy_row.c.policy == "moderation", position=position)
    if row is None:
        return None
    return ModerationPolicySet.model_validate_json(row.definition), row.stream_version


def area_mappings(connection: Connection, *, position: int | None = None) -> list[AreaMappingRow]:
    """Every mapping of domains to judgement areas, in the order they were made."""
    query = AREA_MAPPINGS.select(position=position)
    rows = AREA_MAPPINGS.rows(present(connection), query)
    return sorted(rows, key=lambda row: row.mapping_version)


def areas(connection: Connection, *, position: int | None = None) -> AreaMappings:
    rows = area_mappings(connection, position=position)
    return AreaMappings(tuple(row.mapped for row in rows))
