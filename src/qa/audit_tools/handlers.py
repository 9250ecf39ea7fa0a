"""Carries out the commands on audit tools and scales."""

from __future__ import annotations

from qa.audit_tools import commands, decisions
from qa.audit_tools.decisions import AuditTool, ScaleVersions
from qa.audit_tools.events import AREAS_STREAM, scale_stream, tool_stream
from qa.audit_tools.loading import load_tool
from qa.authorisation.context import Work
from qa.authorisation.handling import handles


@handles(commands.PublishScale)
def publish_scale(command: commands.PublishScale, work: Work) -> None:
    work.require("publish-tool")
    stream = scale_stream(command.scale.id)
    known = work.unit.load(stream, decisions.evolve_scale, ScaleVersions())
    work.append(stream, *decisions.publish_scale(known, command))


@handles(commands.BeginAuditTool)
def begin_tool(command: commands.BeginAuditTool, work: Work) -> commands.AuditToolBegun:
    """Raises `MovedOn` for a code that another tool has."""
    work.require("edit-tool")
    tool = command.definition.id
    work.unit.expect(tool_stream(tool), 0)
    decided = decisions.revise(AuditTool(), command.definition, tool=tool)
    work.append(tool_stream(tool), *decided)
    return commands.AuditToolBegun(tool=tool)


def _load(work: Work, verb: str, command: commands.OfAuditTool) -> AuditTool:
    """Raises `Forbidden`, then `MovedOn`."""
    work.authorise(verb)
    return load_tool(work, command.tool)


@handles(commands.ReviseAuditTool)
def revise_tool(command: commands.ReviseAuditTool, work: Work) -> None:
    state = _load(work, "edit-tool", command)
    decided = decisions.revise(state, command.definition, tool=command.tool)
    work.append(tool_stream(command.tool), *decided)


@handles(commands.PublishAuditTool)
def publish_tool(command: commands.PublishAuditTool, work: Work) -> commands.AuditToolVersionMade:
    state = _load(work, "publish-tool", command)
    decisions.known(state)
    work.append(tool_stream(command.tool), *decisions.publish(state))
    return commands.AuditToolVersionMade(tool=command.tool, tool_version=state.latest + 1)


@handles(commands.RetireAuditTool)
def retire_tool(command: commands.RetireAuditTool, work: Work) -> None:
    state = _load(work, "publish-tool", command)
    decided = decisions.retire(state, command)
    work.append(tool_stream(command.tool), *decided, reason=command.reason)


@handles(commands.MapJudgementAreas)
def map_areas(command: commands.MapJudgementAreas, work: Work) -> None:
    work.authorise("publish-tool")
    published = {
        tool: load_tool(work, tool).published.values() for tool in {a.tool for a in command.areas}
    }
    domains = {
        tool: {domain.id for one in versions for domain in one.domains}
        for tool, versions in published.items()
    }
    version = work.unit.version(AREAS_STREAM)
    decided = decisions.map_areas(version, command, domains)
    work.append(AREAS_STREAM, *decided, reason=command.reason)
