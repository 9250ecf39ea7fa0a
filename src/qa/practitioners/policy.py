"""The lines of the policy table about practitioners and the audits of their own cases."""

from __future__ import annotations

from qa.core.policy_lines import PolicyLine, each_role, own_audit, own_case
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    *each_role(
        ("reflect-on-audit",),
        (Role.PRACTITIONER, Role.TEAM_MANAGER, Role.AUDITOR),
        "Practitioners read the final audit of their own case, reflect on it, and say where "
        "a fact in it is wrong.",
        own_case,
        anywhere=True,
    ),
    *each_role(
        ("read-own-cases",),
        (Role.PRACTITIONER, Role.TEAM_MANAGER, Role.AUDITOR),
        "People who may hold a case see the audits of their own.",
    ),
    PolicyLine(
        ("answer-fact-dispute",),
        Role.AUDITOR,
        "The auditor answers where a statement in their audit is disputed.",
        own_audit,
        anywhere=True,
    ),
    PolicyLine(
        ("answer-fact-dispute",), Role.QA_LEAD, "QA leads answer disputed statements of their part."
    ),
)
