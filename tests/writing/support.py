"""The five things that are written in sections besides audits, each with what ends its record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from qa.actions import handlers as actions
from qa.actions.commands import AcceptAction, DropAction
from qa.audits import handlers as audits
from qa.audits.commands import WithdrawAudit
from qa.moderation import handlers as moderation
from qa.moderation.commands import CancelModeration
from qa.plans.handlers import actions as plan_actions
from qa.security.drafts import draft_table
from qa.supervision import handlers as supervision
from qa.supervision.commands import CancelSupervisionCheck
from tests.actions.support import raised
from tests.plans.support import Kept
from tests.supervision.support import QUALITY, asked, begun, managed
from tests.support.council import Council

WHY = "It was given to the wrong person, who told us so."
TYPED = "The plan of March names nobody who does it."


@dataclass(frozen=True)
class Begun:
    """Somebody's writing: where it stands, a long field of one of its sections, how its record is
    ended and how that is told; `whole` are fields with which it can be sent."""

    who: str
    address: str
    section: str
    name: str
    end: Callable[[], Any]
    ended: str
    whole: dict[str, Any] = field(default_factory=dict)
    dated: tuple[str, str] | None = None

    @property
    def page(self) -> str:
        return f"{self.address}/{self.section}"


def judgement(council: Council) -> Begun:
    audit, found = council.assigned()
    domain = council.tool.domains[0].id
    return Begun(
        "moderator",
        f"/audits/{audit}/moderation/judge",
        f"domain-{domain}",
        f"judgements.{domain}.comment",
        lambda: moderation.cancel(
            council.services.desk,
            CancelModeration(audit=audit, moderation=found, reason=WHY),
            by=council.actor("lead"),
        ),
        "This moderation was cancelled.",
        {
            "overall": "good",
            "rationale": TYPED,
            **{f"judgements.{one.id}.grade": "good" for one in council.tool.domains},
        },
        ("overall", "moderated_on"),
    )


def dispute(council: Council) -> Begun:
    audit, _ = council.moderated("good", "inadequate")
    return Begun(
        "auditor",
        f"/audits/{audit}/moderation/dispute",
        "grounds",
        "grounds",
        lambda: audits.withdraw(
            council.services.desk, WithdrawAudit(audit=audit, reason=WHY), by=council.actor("lead")
        ),
        "This audit was withdrawn.",
        {"about": ["overall", "planning"], "grounds": TYPED},
    )


def evidence(council: Council) -> Begun:
    _, action = raised(council)
    desk = council.services.desk
    actions.accept(desk, AcceptAction(action=action), by=council.actor("worker"))
    return Begun(
        "worker",
        f"/actions/{action}/claim",
        "evidence",
        "evidence.0.what",
        lambda: actions.drop(desk, DropAction(action=action, reason=WHY), by=council.actor("lead")),
        "This action is",
        {"evidence.0.kind": "case-record", "evidence.0.what": TYPED},
    )


def check(council: Council) -> Begun:
    managed(council)
    found = asked(council, begun(council, days_ago=40))
    domain = QUALITY.domains[0].id
    return Begun(
        "auditor",
        f"/supervision-checks/{found}/judge",
        f"area-{domain}",
        f"judgements.{domain}.evidence",
        lambda: supervision.cancel(
            council.services.desk,
            CancelSupervisionCheck(check=found, reason=WHY),
            by=council.actor("lead"),
        ),
        "This check is cancelled.",
        dated=("dates", "period_from"),
    )


def review(council: Council) -> Begun:
    kept = Kept.opened(council, since=date(2025, 9, 1))
    action = kept.action("1.1", since=date(2025, 9, 1))
    return Begun(
        "lead",
        f"/plan-actions/{action}/review",
        "commentary",
        "commentary",
        lambda: kept.do(plan_actions.remove, action=action, reason=WHY),
        "This action has ended.",
        {"level": "green", "commentary": TYPED},
        ("rating", "as_at"),
    )


KINDS: tuple[Callable[[Council], Begun], ...] = (judgement, dispute, evidence, check, review)


def drafts_kept(council: Council) -> int:
    with council.services.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(draft_table)).scalar_one())
