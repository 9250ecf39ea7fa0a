"""Events of an audit tool (stream ``audit-tool:<id>``) and of a scale (``scale:<id>``)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.audit_tools.definition import AreaOfDomain, ToolDefinition
from qa.core.event import Event
from qa.core.fields import FieldWords, day
from qa.core.words import Scale


def tool_stream(tool: str) -> str:
    return f"audit-tool:{tool}"


def scale_stream(scale: str) -> str:
    return f"scale:{scale}"


AREAS_STREAM = "judgement-areas"
AreasFrom = Annotated[
    date,
    day(
        "In force from",
        "The first day of a month. Audits of that month and later are reported so.",
        missing="Enter the first day of a month.",
    ),
]
AreasOfDomains = Annotated[tuple[AreaOfDomain, ...], FieldWords(label="Domains and their areas")]


class JudgementAreasMapped(Event):
    """From a month on, these domains are reported under these judgement areas. What is not named
    stands under none, but for a domain that is called as an area is."""

    mapping_version: int
    from_on: AreasFrom
    areas: AreasOfDomains


class ScalePublished(Event):
    """A version of a grade scale became available to tools. It never changes again."""

    scale: Scale


class AuditToolRevised(Event):
    """The working copy of a tool was saved. `changes` says in words what this save changed."""

    definition: ToolDefinition
    changes: tuple[str, ...]


class AuditToolPublished(Event):
    """The working copy became version `tool_version`, frozen for good."""

    tool_version: int
    definition: ToolDefinition
    changes: tuple[str, ...]


class AuditToolRetired(Event):
    """No new audit may be allocated with this tool; audits under way finish on it."""

    retired_version: int
