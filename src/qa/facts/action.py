"""Facts of an action (stream ``action:<id>``). Its life after being raised is added to later."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from qa.facts.base import Fact, SealedText


class ActionRaised(Fact):
    """A finding needs something done. The first due date is kept here for ever."""

    TYPE: ClassVar[str] = "ActionRaised"
    action: str
    raised_by: Literal["case-audit", "moderation"]
    audit: str
    child: str
    team: str
    service: str
    text: SealedText
    kind: Literal["compliance", "practice", "outcome-for-child"]
    owner: str
    due_on: date
    domain: str | None = None


class ActionNoLongerApplicable(Fact):
    """The action fell away (for example: its audit was voided). The reason is in the envelope."""

    TYPE: ClassVar[str] = "ActionNoLongerApplicable"
    action: str
