"""The lines of the policy table about case audits: who writes, runs and reads them."""

from __future__ import annotations

from qa.core.policy_lines import (
    OPERATOR,
    PolicyLine,
    assigned_moderator,
    deciding,
    each_role,
    own_audit,
    own_case,
    submitted,
)
from qa.core.words import Role

READ = ("read-audit", "read-judgement", "read-history")
JUDGEMENT_VERBS = ("read-judgement", "read-history")

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(
        ("start-audit", "write-audit", "submit-audit"),
        Role.AUDITOR,
        "The auditor it was allocated to writes and submits the audit.",
        own_audit,
        anywhere=True,
    ),
    PolicyLine(
        (*READ, "correct-audit", "confirm-correction", "withdraw-audit"),
        Role.AUDITOR,
        "Auditors read their own audits, and put right or withdraw what they submitted.",
        own_audit,
        anywhere=True,
    ),
    PolicyLine(
        (*READ, "return-audit", "confirm-correction"),
        Role.MODERATOR,
        "The assigned moderator reads the audit, returns it, and settles a difference.",
        assigned_moderator,
        anywhere=True,
    ),
    *each_role(
        READ,
        (Role.MODERATOR, Role.QA_LEAD),
        "The decider named for a dispute reads the audit and decides.",
        deciding,
        anywhere=True,
    ),
    PolicyLine(
        READ,
        Role.MODERATOR,
        "Moderators read the submitted audits of their service.",
        submitted,
    ),
    PolicyLine(
        (
            *READ,
            "allocate-audit",
            "reassign-audit",
            "extend-audit",
            "return-audit",
            "correct-audit",
            "confirm-correction",
            "withdraw-audit",
            "void-audit",
            "finalise-audit",
            "reopen-audit",
        ),
        Role.QA_LEAD,
        "QA leads run the audits and moderations of their part of the council.",
    ),
    PolicyLine(READ, Role.TEAM_MANAGER, "Managers read submitted audits of their team.", submitted),
    PolicyLine(READ, Role.READER, "Readers read submitted audits of their scope.", submitted),
    PolicyLine(
        READ,
        Role.INSPECTOR,
        "Inspectors read submitted audits within the scope of their room.",
        submitted,
    ),
    *each_role(
        ("read-audit", "read-judgement"),
        (Role.PRACTITIONER, Role.TEAM_MANAGER, Role.AUDITOR),
        "Practitioners read the final audit of their own case, reflect on it, and say where "
        "a fact in it is wrong.",
        own_case,
        anywhere=True,
    ),
    PolicyLine(("allocate-audit",), Role.SYSTEM, OPERATOR),
)
