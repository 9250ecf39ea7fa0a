"""Decisions on audit tools and scales: edit a working copy, publish it for good, retire it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qa.audit_tools import events
from qa.audit_tools.commands import MapJudgementAreas, PublishScale, RetireAuditTool
from qa.audit_tools.definition import ToolDefinition, differences, faults_of
from qa.core.carry import carry
from qa.core.errors import Conflict, Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event, RecordedEvent
from qa.core.words import Scale


@dataclass(frozen=True, slots=True)
class AuditTool:
    """A tool: its working copy, and every published version frozen as it was."""

    id: str = ""
    working: ToolDefinition | None = None
    published: Mapping[int, ToolDefinition] = field(default_factory=dict)
    retired: bool = False

    @property
    def latest(self) -> int:
        """The newest published version, 0 where none is."""
        return max(self.published, default=0)

    def version(self, number: int) -> ToolDefinition:
        """A published version.

        Raises:
            NotFound: there is no such version.
        """
        found = self.published.get(number)
        if found is None:
            raise NotFound("There is no such version of this tool.")
        return found


def evolve(state: AuditTool, recorded: RecordedEvent[Any]) -> AuditTool:
    match recorded.event:
        case events.AuditToolRevised() as event:
            return replace(state, id=event.definition.id, working=event.definition)
        case events.AuditToolPublished() as event:
            published = {**state.published, event.tool_version: event.definition}
            return replace(state, published=published, retired=False)
        case events.AuditToolRetired():
            return replace(state, retired=True)
        case _:
            return state


def revise(state: AuditTool, definition: ToolDefinition, *, tool: str) -> list[Event]:
    """Save the working copy of `tool`. It may be unfinished; only publishing asks for
    consistency."""
    if definition.id != tool:
        raise Conflict("A tool keeps its code.", field="id", code="tool-code-changed")
    if state.working == definition:
        return []
    if state.working is None:
        changes = [f"The tool “{definition.title}” was begun."]
    else:
        changes = differences(state.working, definition)
    return [
        events.AuditToolRevised(
            definition=definition, changes=tuple(changes) or ("The wording was edited.",)
        )
    ]


def publish(tool: AuditTool) -> list[Event]:
    """Freeze the working copy as the next version.

    Raises:
        NotNow: nothing to publish, or nothing changed since the last version.
        Refused: the definition does not hold together; every fault named.
    """
    if tool.working is None:
        raise NotNow("There is no working copy to publish.", code="nothing-to-publish")
    faults = faults_of(tool.working)
    refuse_any(faults)
    last = tool.published.get(tool.latest)
    if last == tool.working and not tool.retired:
        raise NotNow("Nothing has changed since the last version.", code="nothing-to-publish")
    changes = ["First version."] if last is None else differences(last, tool.working)
    return [
        events.AuditToolPublished(
            tool_version=tool.latest + 1,
            definition=tool.working,
            changes=tuple(changes) or ("No change of content.",),
        )
    ]


def retire(tool: AuditTool, command: RetireAuditTool) -> list[Event]:
    """Close a tool to new audits."""
    if not tool.published or tool.retired:
        raise NotNow("Only a published tool can be retired.", code="not-published")
    command.refuse_faults()
    return [events.AuditToolRetired(retired_version=tool.latest)]


def usable(tool: AuditTool, *, for_supervision: bool = False) -> ToolDefinition:
    """The version that a new audit, or a check of supervision, is made with.

    Raises:
        Refused: unknown, unpublished or retired tool; one that judges the other of the two.
    """
    if not tool.published:
        raise Refused("There is no such published tool.", field="tool", code="tool-unknown")
    if tool.retired:
        raise Refused("This tool is retired.", field="tool", code="tool-retired")
    found = tool.version(tool.latest)
    if (found.kind == "supervision") != for_supervision:
        judges = "supervision" if found.kind == "supervision" else "case files"
        raise Refused(f"This tool judges {judges}.", field="tool", code="tool-kind")
    return found


@dataclass(frozen=True, slots=True)
class ScaleVersions:
    """The published versions of one scale."""

    versions: Mapping[int, Scale] = field(default_factory=dict)

    @property
    def latest(self) -> int:
        return max(self.versions, default=0)


def evolve_scale(state: ScaleVersions, recorded: RecordedEvent[Any]) -> ScaleVersions:
    event = recorded.event
    if isinstance(event, events.ScalePublished):
        return ScaleVersions({**state.versions, event.scale.version: event.scale})
    return state


def publish_scale(scales: ScaleVersions, command: PublishScale) -> list[Event]:
    """Publish the next version of a scale; the same version again with the same points is no news.

    Raises:
        Conflict: the version exists with other points, or is not the next one.
    """
    scale = command.scale
    earlier = scales.versions.get(scale.version)
    if earlier == scale:
        return []
    if earlier is not None or scale.version != scales.latest + 1:
        raise Conflict(
            f"The next version of this scale is {scales.latest + 1}.", code="scale-version"
        )
    return [events.ScalePublished(scale=scale)]


def known(tool: AuditTool) -> None:
    """Raises `NotFound` for a tool that nobody began to write."""
    if tool.working is None:
        raise NotFound("There is no such tool.")


def map_areas(
    versions: int, command: MapJudgementAreas, domains: Mapping[str, Collection[str]]
) -> list[Event]:
    """The next mapping of domains to judgement areas. `domains` are those of every tool that was
    ever published, in any of its versions.

    Raises:
        Refused: not the first day of a month, a domain that no tool has or that is named twice,
            or no reason.
    """
    faults = command.faults()
    if command.from_on.day != 1:
        faults.append(Fault("from_on", "not-first-of-month", "Enter the first day of a month."))
    named: set[tuple[str, str]] = set()
    for number, one in enumerate(command.areas):
        at = f"areas.{number}"
        if one.domain not in domains.get(one.tool, ()):
            sentence = f"{one.tool} has no domain {one.domain}."
            faults.append(Fault(at, "domain-unknown", sentence))
        if (one.tool, one.domain) in named:
            sentence = f"The domain {one.domain} of {one.tool} is named twice."
            faults.append(Fault(at, "domain-twice", sentence))
        named.add((one.tool, one.domain))
    refuse_any(faults)
    return [carry(events.JudgementAreasMapped, command, mapping_version=versions + 1)]
