"""Loads audit tools for every command that needs one."""

from __future__ import annotations

from qa.audit_tools import decisions
from qa.audit_tools.decisions import AuditTool
from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.events import tool_stream
from qa.authorisation.context import Work


def load_tool(work: Work, tool: str) -> AuditTool:
    return work.unit.load(tool_stream(tool), decisions.evolve, AuditTool())


def tool_version(work: Work, tool: str, number: int) -> ToolDefinition:
    """A published version of a tool. It never changes, so it is read once a process."""
    return work.desk.lasting(("tool", tool, number), lambda: load_tool(work, tool).version(number))
