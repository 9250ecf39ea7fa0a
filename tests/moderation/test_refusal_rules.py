"""What moderation refuses, by name: twice, too late, or without grounds."""

from __future__ import annotations

from typing import Any

from qa.audits.events import CaseAuditReturned
from qa.audits.moderation_events import (
    GradeDisputed,
    ModerationSelected,
    ModerationUnblinded,
)
from qa.audits.state import CaseAudit
from qa.moderation import decisions, disputes
from tests.audits.support import (
    ALLOCATED,
    M1,
    POLICY,
    SELECTED,
    STARTED,
    TOOL,
    assigned,
    audit,
    finalised,
    judged,
    submitted,
)
from tests.moderation.support import PAST, assign
from tests.support.given import TODAY

BACK = CaseAuditReturned(comments="See.")


def select(state: CaseAudit, again: bool = False) -> Any:
    return decisions.select(state, POLICY, moderation="m2", today=TODAY, again=again)


def test_what_is_submitted_and_not_yet_picked_is_picked_by_hand() -> None:
    audit(ALLOCATED, STARTED).when(select).refused("not-submitted")
    audit(ALLOCATED, submitted(), BACK).when(select).refused("not-submitted")
    audit(ALLOCATED, submitted()).when(select).then(ModerationSelected)
    audit(*PAST).when(select).refused("already-selected")
    audit(*PAST).when(lambda s: select(s, again=True)).then(ModerationSelected)
    audit(ALLOCATED, submitted(), finalised()).when(select).refused("already-finalised")
    audit(ALLOCATED, submitted(), finalised()).when(lambda s: select(s, again=True)).then(
        ModerationSelected
    )


def test_nothing_is_moderated_while_the_audit_is_back_with_its_author() -> None:
    audit(*PAST, BACK).when(assign).refused("audit-returned")
    audit(*PAST, assigned(), BACK).when(
        lambda s: decisions.record(s, TOOL, POLICY, judged(), today=TODAY)
    ).refused("audit-returned")


def test_only_a_blind_moderation_is_opened_and_once() -> None:
    def unblind(state: CaseAudit) -> Any:
        return decisions.unblind(state, moderation=M1, reason="The child is at risk now.")

    audit(*PAST, assigned()).when(unblind).then(ModerationUnblinded)
    audit(*PAST, assigned(blind=False)).when(unblind).refused("not-blind")
    audit(*PAST, assigned(), ModerationUnblinded(moderation=M1)).when(unblind).refused("not-blind")


DIFFERS = (ALLOCATED, STARTED, submitted(), SELECTED, assigned(), judged("requires-improvement"))


def test_a_dispute_has_grounds() -> None:
    def dispute(grounds: str) -> Any:
        return lambda state: disputes.dispute(
            state, TOOL, POLICY, moderation=M1, dispute_id="d1", about=("overall",),
            grounds=grounds, evidence="", today=TODAY,
        )  # fmt: skip

    audit(*DIFFERS).when(dispute("Not so.")).refused("grounds-missing")
    audit(*DIFFERS).when(dispute("It is not so.")).then(GradeDisputed)


def test_a_dispute_is_given_to_a_decider_while_it_is_open() -> None:
    audit(*DIFFERS).when(
        lambda s: disputes.assign_dispute(s, moderation=M1, decider="p-head", exceptions=())
    ).refused("no-dispute")
