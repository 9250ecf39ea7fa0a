"""What several tests of moderation begin with."""

from __future__ import annotations

from typing import Any

from qa.audits.state import CaseAudit
from qa.moderation import decisions
from tests.audits.support import (
    ALLOCATED,
    M1,
    MODERATOR,
    SELECTED,
    STARTED,
    submitted,
)
from tests.support.given import TODAY

PAST = (ALLOCATED, STARTED, submitted(), SELECTED)


def assign(state: CaseAudit, moderator: str = MODERATOR, **values: Any) -> Any:
    return decisions.assign(
        state,
        **{
            "moderation": M1,
            "moderator": moderator,
            "blind": True,
            "already_seen": False,
            "exceptions": (),
            "due_on": TODAY,
            "today": TODAY,
            **values,
        },
    )
