"""What moderation refuses, by name: twice, too late, or without grounds."""

from __future__ import annotations

from typing import Any

import pytest

from qa.audits.events import CaseAuditReturned, CaseAuditVoided
from qa.audits.moderation_events import (
    GradeDisputed,
    ModerationCancelled,
    ModerationNotSelected,
    ModerationSelected,
    ModerationUnblinded,
)
from qa.audits.state import CaseAudit
from qa.moderation import decisions, disputes
from qa.moderation.commands import AssignDispute
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
from tests.moderation.support import PAST, assign, cancel, challenging, record, unblind
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
    audit(*PAST, assigned(), BACK).when(lambda s: record(s, judged())).refused("audit-returned")


def test_only_a_blind_moderation_is_opened_and_once() -> None:
    audit(*PAST, assigned()).when(unblind).then(ModerationUnblinded)
    audit(*PAST, assigned(blind=False)).when(unblind).refused("not-blind")
    audit(*PAST, assigned(), ModerationUnblinded(moderation=M1)).when(unblind).refused("not-blind")


DIFFERS = (ALLOCATED, STARTED, submitted(), SELECTED, assigned(), judged("requires-improvement"))


def test_a_dispute_has_grounds() -> None:
    def dispute(grounds: str) -> Any:
        return lambda state: disputes.dispute(
            state, TOOL, POLICY, challenging(grounds=grounds), dispute_id="d1", today=TODAY
        )

    audit(*DIFFERS).when(dispute("Not so.")).refused("grounds-missing")
    audit(*DIFFERS).when(dispute("It is not so.")).then(GradeDisputed)


def test_a_dispute_is_given_to_a_decider_while_it_is_open() -> None:
    audit(*DIFFERS).when(
        lambda s: disputes.assign_dispute(
            s, AssignDispute(audit="a1", moderation=M1, decider="p-head"), exceptions=()
        )
    ).refused("no-dispute")


def recorded(**values: Any) -> dict[str, str]:
    """The faults of a moderator's judgement: field → code."""
    judgement = judged().model_copy(update=values)
    return audit(*PAST, assigned()).when(lambda s: record(s, judgement)).faults()


@pytest.mark.parametrize(
    ("rationale", "refused"), [("Not good.", True), ("It is good.", False), (" ", True)]
)
def test_a_grade_has_reasons_of_three_words(rationale: str, refused: bool) -> None:
    judgement = judged().model_copy(update={"rationale": rationale})
    found = audit(*PAST, assigned()).when(lambda s: record(s, judgement))
    if refused:
        assert found.faults() == {"rationale": "rationale-missing"}
    else:
        assert found.error is None


def test_each_domain_is_judged_once_on_its_own_scale() -> None:
    first, *others = judged().judgements

    def of_first(**values: Any) -> dict[str, str]:
        return recorded(judgements=(first.model_copy(update=values), *others))

    at = f"judgements.{first.domain}.grade"
    assert of_first(grade="") == {at: "grade-missing"}
    assert of_first(grade="splendid") == {at: "grade-unknown"}
    assert recorded(judgements=others) == {at: "grade-missing"}
    unknown = first.model_copy(update={"domain": "no-such"})
    assert recorded(judgements=(first, *others, unknown)) == {
        "judgements.no-such": "domain-unknown"
    }


def test_opening_and_calling_off_say_why() -> None:
    blind = audit(*PAST, assigned())
    blind.when(lambda s: unblind(s, " ")).refused("reason-missing")
    blind.when(lambda s: cancel(s, " ")).refused("reason-missing")
    blind.when(lambda s: cancel(s, "Drawn twice.")).then(
        ModerationCancelled(moderation=M1), ModerationNotSelected(policy_version=0)
    )


def test_it_is_on_record_why_an_audit_is_moderated() -> None:
    [by_hand] = audit(ALLOCATED, submitted()).when(select).then(ModerationSelected)
    [again] = audit(*PAST).when(lambda s: select(s, again=True)).then(ModerationSelected)
    assert isinstance(by_hand, ModerationSelected)
    assert isinstance(again, ModerationSelected)
    assert (by_hand.reasons, again.reasons) == (("by-hand",), ("again",))
    audit(ALLOCATED, submitted(), CaseAuditVoided()).when(select).refused("audit-ended")
