"""Decisions on the finding that an action answers, and on what is named to show its effect."""

from __future__ import annotations

from collections.abc import Collection

from qa.actions.commands import EffectCheck
from qa.actions.state import Action
from qa.audit_tools.definition import ToolDefinition
from qa.audits.state import CaseAudit
from qa.core.errors import Conflict, Refused
from qa.core.naming import reference_key
from qa.core.reasons import of_substance
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


def proof_shown(
    action: Action,
    checked: EffectCheck,
    *,
    audit: CaseAudit | None,
    children: Collection[str],
    measured: bool,
    supervised: bool,
) -> None:
    """Whether what is named to show an effect is there: `audit` has the reference that was given,
    `children` are the keys of the references of the action's child,
    `measured` says that an indicator so named has values from after the action was raised, and
    `supervised` that such a check of supervision in this team, or of its owner, was made after it.

    What is on no record, such as a sample taken by hand, is told so that somebody can look again.

    Raises:
        Refused: no such proof.
    """
    if checked.proof == "re-audit" and (audit is None or not _later(action, audit, children)):
        sentence = "Name a submitted audit of this child or team, made after the action was raised."
        raise Refused(sentence, field="reference", code="proof-unknown")
    if checked.proof == "indicator" and not measured:
        sentence = "Name an indicator that has values from after the action was raised."
        raise Refused(sentence, field="reference", code="proof-unknown")
    if checked.proof == "supervision-check" and not supervised:
        sentence = "Name a check of supervision in this team, made after the action was raised."
        raise Refused(sentence, field="reference", code="proof-unknown")
    if not of_substance(checked.note):
        sentence = "Say what was seen, so that somebody else can weigh it."
        raise Refused(sentence, field="note", code="reason-thin")


def _later(action: Action, audit: CaseAudit, children: Collection[str]) -> bool:
    stated = audit.content or audit.imported
    same_child = bool(audit.child) and reference_key(audit.child) in children
    return (
        stated is not None
        and audit.id != action.audit
        and audit.status not in (AuditStatus.RETURNED, AuditStatus.WITHDRAWN, AuditStatus.VOIDED)
        and (same_child or audit.team == action.team)
        and stated.audit_date > action.raised_on
    )
