"""Decisions on the finding that an action answers: of an audit that stands, in a domain of it."""

from __future__ import annotations

from qa.audit_tools.definition import ToolDefinition
from qa.audits.state import CaseAudit
from qa.core.errors import Conflict, Refused
from qa.core.words import AuditStatus


def findings_stand(audit: CaseAudit) -> None:
    """Raises `Conflict` for an audit that is not submitted, or no longer counts."""
    if not audit.submitted or audit.status in (AuditStatus.WITHDRAWN, AuditStatus.VOIDED):
        raise Conflict("This audit has no findings that stand.", code="audit-without-findings")


def domain_of(tool: ToolDefinition, domain: str) -> None:
    """Raises `Refused` for a domain that the audit’s tool does not have."""
    if tool.domain(domain) is None:
        sentence = "Choose a domain of the audit’s tool."
        raise Refused(sentence, field="domain", code="domain-unknown")


def audit_named(raised_by: str) -> None:
    """Raises `Refused` for an action of a moderation that names no audit."""
    if raised_by == "moderation":
        sentence = "Say which audit was moderated."
        raise Refused(sentence, field="audit", code="audit-missing")
