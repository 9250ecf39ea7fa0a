"""The audit tools and scales that there are, their versions, and the moderation policy."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, Text, select
from sqlalchemy.engine import Connection

from projections.core.base import Amend, Change, Put, as_at, present, versioned_table
from qa.audit_tools import events as facts
from qa.audit_tools.definition import ToolDefinition
from qa.core.clock import microseconds
from qa.core.fact import Recorded
from qa.core.words import Scale
from qa.moderation.events import ModerationPolicySet

tool_row = versioned_table(
    "tool_row",
    Column("tool", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("retired", Integer, nullable=False),
    Column("working", Text, nullable=False),
    Column("working_differs", Integer, nullable=False),
    key=("tool",),
)

tool_version_row = versioned_table(
    "tool_version_row",
    Column("tool", Text, nullable=False),
    Column("tool_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("changes", Text, nullable=False),
    Column("published_us", BigInteger, nullable=False),
    Column("published_by", Text, nullable=False),
    key=("tool", "tool_version"),
)

scale_row = versioned_table(
    "scale_row",
    Column("scale", Text, nullable=False),
    Column("scale_version", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    key=("scale", "scale_version"),
)

policy_row = versioned_table(
    "policy_row",
    Column("policy", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    Column("set_us", BigInteger, nullable=False),
    Column("set_by", Text, nullable=False),
    key=("policy",),
)


class AuditTools:
    """Projects the facts of tools, scales and the moderation policy."""

    name = "audit_tools"
    version = 1
    tables = (tool_row, tool_version_row, scale_row, policy_row)
    handles = (
        facts.AuditToolRevised,
        facts.AuditToolPublished,
        facts.AuditToolRetired,
        facts.ScalePublished,
        ModerationPolicySet,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        fact = recorded.fact
        match fact:
            case facts.AuditToolRevised():
                return [self._revised(recorded, fact)]
            case facts.AuditToolPublished():
                return self._published(recorded, fact)
            case facts.AuditToolRetired():
                tool = recorded.stream.partition(":")[2]
                values = {"retired": 1, "stream_version": recorded.version}
                return [Amend(tool_row, (tool,), values)]
            case facts.ScalePublished():
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

    def _revised(self, recorded: Recorded[Any], fact: facts.AuditToolRevised) -> Change:
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

    def _published(self, recorded: Recorded[Any], fact: facts.AuditToolPublished) -> list[Change]:
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
