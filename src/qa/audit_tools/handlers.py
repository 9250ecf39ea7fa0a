"""Commands on audit tools and scales."""

from __future__ import annotations

from qa.audit_tools import decisions
from qa.audit_tools.decisions import AuditTool, ScaleVersions
from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.events import scale_stream, tool_stream
from qa.authorisation.context import Desk, Once, Work, command
from qa.core.event import Event
from qa.core.words import Actor, Scale
from qa.store.unit import Receipt


@command
def publish_scale(desk: Desk, *, scale: Scale, by: Actor, once: Once | None = None) -> Receipt:
    """Make a version of a scale available to tools."""
    with desk.work(by, once=once) as work:
        work.require("publish-tool")
        stream = scale_stream(scale.id)
        known = work.unit.load(stream, decisions.evolve_scale, ScaleVersions())
        work.append(stream, *decisions.publish_scale(known, scale))
    return work.receipt


@command
def revise_tool(
    desk: Desk,
    *,
    definition: ToolDefinition,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Save the working copy of a tool."""
    with desk.work(by, once=once) as work:
        work.require("edit-tool")
        state = load_tool(work, definition.id)
        _save(work, definition.id, decisions.revise(state, definition), seen)
    return work.receipt


@command
def publish_tool(
    desk: Desk, *, tool: str, seen: int | None = None, by: Actor, once: Once | None = None
) -> Receipt:
    """Freeze the working copy as the next version. The response holds ``tool_version``."""
    with desk.work(by, once=once) as work:
        work.require("publish-tool")
        state = load_tool(work, tool)
        decisions.known(state)
        _save(work, tool, decisions.publish(state), seen)
        work.unit.respond(tool=tool, tool_version=state.latest + 1)
    return work.receipt


@command
def retire_tool(
    desk: Desk,
    *,
    tool: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Close a tool to new audits."""
    with desk.work(by, once=once, reason=reason) as work:
        work.require("publish-tool")
        _save(work, tool, decisions.retire(load_tool(work, tool), reason=reason), seen)
    return work.receipt


def _save(work: Work, tool: str, events: list[Event], seen: int | None) -> None:
    stream = tool_stream(tool)
    if seen is not None:
        work.unit.expect(stream, seen)
    work.append(stream, *events)


def load_tool(work: Work, tool: str) -> AuditTool:
    return work.unit.load(tool_stream(tool), decisions.evolve, AuditTool())


def tool_version(work: Work, tool: str, number: int) -> ToolDefinition:
    """A published version of a tool. It never changes, so it is read once a process."""
    return work.desk.lasting(("tool", tool, number), lambda: load_tool(work, tool).version(number))
