"""The audit tools and scales that there are, their versions, and the moderation policy."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.audit_tools.tables import policy_row, scale_row, tool_row, tool_version_row
from projections.core.base import as_at, present
from qa.audit_tools.definition import ToolDefinition
from qa.core.words import Scale
from qa.moderation.events import ModerationPolicySet


def tools(connection: Connection, *, position: int | None = None) -> list[dict[str, Any]]:
    """Every tool with the number of its latest version, by title."""
    query = select(tool_row).where(as_at(tool_row, position)).order_by(tool_row.c.title)
    return [
        {**row._mapping, "working": ToolDefinition.model_validate_json(row.working)}
        for row in connection.execute(query)
    ]


def tool(
    connection: Connection, tool_id: str, *, position: int | None = None
) -> dict[str, Any] | None:
    """One tool's row with its working copy read, or None."""
    query = select(tool_row).where(tool_row.c.tool == tool_id, as_at(tool_row, position))
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return {**row._mapping, "working": ToolDefinition.model_validate_json(row.working)}


def versions(
    connection: Connection, tool_id: str, *, position: int | None = None
) -> list[dict[str, Any]]:
    """The published versions of a tool, newest first."""
    query = (
        select(tool_version_row)
        .where(tool_version_row.c.tool == tool_id, as_at(tool_version_row, position))
        .order_by(tool_version_row.c.tool_version.desc())
    )
    return [
        {
            **row._mapping,
            "definition": ToolDefinition.model_validate_json(row.definition),
            "changes": json.loads(row.changes),
        }
        for row in connection.execute(query)
    ]


def definition(
    connection: Connection, tool_id: str, number: int, *, position: int | None = None
) -> ToolDefinition | None:
    """A published version of a tool, if that was known by then. Versions never change.

    A record is read by the tool it was made with, also on a day before the tool was recorded.
    """
    query = select(tool_version_row.c.definition).where(
        tool_version_row.c.tool == tool_id,
        tool_version_row.c.tool_version == number,
        as_at(tool_version_row, position),
    )
    stored = present(connection).execute(query).scalar_one_or_none()
    return None if stored is None else ToolDefinition.model_validate_json(stored)


def definitions(
    connection: Connection, *, position: int | None = None
) -> dict[tuple[str, int], ToolDefinition]:
    """Every published version of every tool that audits are made with and that was known by then,
    by tool and number. Supervision checks have tools of their own (`definition`)."""
    query = (
        select(tool_version_row)
        .where(as_at(tool_version_row, position))
        .order_by(tool_version_row.c.tool, tool_version_row.c.tool_version)
    )
    found = {
        (row.tool, row.tool_version): ToolDefinition.model_validate_json(row.definition)
        for row in present(connection).execute(query)
    }
    return {key: tool for key, tool in found.items() if tool.kind != "supervision"}


def scales(connection: Connection, *, position: int | None = None) -> list[Scale]:
    """Every published scale version."""
    query = (
        select(scale_row.c.definition)
        .where(as_at(scale_row, position))
        .order_by(scale_row.c.scale, scale_row.c.scale_version)
    )
    return [Scale.model_validate_json(stored) for stored in connection.execute(query).scalars()]


def moderation_policy(
    connection: Connection, *, position: int | None = None
) -> tuple[ModerationPolicySet, int] | None:
    """The policy in force and the version of its stream; None while the default holds."""
    query = select(policy_row).where(
        policy_row.c.policy == "moderation", as_at(policy_row, position)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return ModerationPolicySet.model_validate_json(row.definition), row.stream_version
