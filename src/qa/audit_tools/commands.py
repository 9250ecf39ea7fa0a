"""What can be asked of audit tools and scales."""

from __future__ import annotations

from typing import Annotated

from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.events import AreasFrom, AreasOfDomains
from qa.core.command import Command
from qa.core.fields import FieldWords, reason_text, target
from qa.core.frozen import Frozen
from qa.core.words import CODE, Scale

Definition = Annotated[ToolDefinition, FieldWords(label="The tool")]


class PublishScale(Command, writes="scale:{scale.id}"):
    """Publish the next version of a scale."""

    scale: Annotated[Scale, FieldWords(label="The scale")]


class AuditToolBegun(Frozen):
    """The code of the tool."""

    tool: str


class BeginAuditTool(Command, writes="audit-tool:{tool}", result=AuditToolBegun):
    """Start a tool with its first working copy."""

    definition: Definition


class OfAuditTool(Command, stream="audit-tool:{tool}"):
    tool: Annotated[str, target("The code of the tool.", pattern=CODE)]


class ReviseAuditTool(OfAuditTool):
    """Save the working copy. It may be unfinished; publishing asks for more. In YAML, scales may be
    named (``id@version``)."""

    definition: Definition


class AuditToolVersionMade(Frozen):
    """The tool, and the number of its new version."""

    tool: str
    tool_version: int


class PublishAuditTool(OfAuditTool, result=AuditToolVersionMade):
    """Freeze the working copy as the next version."""


class RetireAuditTool(OfAuditTool):
    """Close a tool to new audits; audits under way finish on it."""

    reason: Annotated[
        str,
        reason_text("Why is it retired?", missing="Say why no audit is to be made with the tool."),
    ]


class MapJudgementAreas(Command, stream="judgement-areas"):
    """Say which judgement area each domain is reported under from a month on. A later mapping ends
    an earlier one where it begins; figures of earlier months stay as they were."""

    from_on: AreasFrom
    areas: AreasOfDomains
    reason: Annotated[
        str,
        reason_text("Why is it mapped so?", missing="Say why the domains are mapped so."),
    ]
