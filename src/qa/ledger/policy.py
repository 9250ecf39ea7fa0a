"""The lines of the policy table about the proof of the records: who checks and signs."""

from __future__ import annotations

from qa.core.policy_lines import (
    ADMINISTRATORS_MANAGE,
    INSPECTORS_READ,
    LEADS_KEEP,
    OPERATOR,
    PolicyLine,
    each_role,
)
from qa.core.words import Role

LINES: tuple[PolicyLine, ...] = (
    PolicyLine(("verify",), Role.QA_LEAD, LEADS_KEEP, council=True),
    PolicyLine(("verify",), Role.ADMINISTRATOR, ADMINISTRATORS_MANAGE, council=True),
    PolicyLine(("verify",), Role.SYSTEM, OPERATOR, council=True),
    PolicyLine(("read-ledger",), Role.INSPECTOR, INSPECTORS_READ),
    *each_role(
        ("read-ledger",),
        (Role.QA_LEAD, Role.ADMINISTRATOR, Role.TEAM_MANAGER, Role.READER, Role.SYSTEM),
        "The seal over the records holds hashes only; everybody who may check it sees it.",
    ),
    *each_role(
        ("make-checkpoint",),
        (Role.QA_LEAD, Role.ADMINISTRATOR, Role.SYSTEM),
        "Leads and administrators sign a checkpoint on demand.",
        council=True,
    ),
)
