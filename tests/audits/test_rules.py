"""The rules of a case audit: given events, when a command, then events or a refusal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qa.audit_tools.definition import ChildStatus
from qa.audits import decisions
from qa.audits import events as audit_events
from qa.audits.commands import (
    ExtendAudit,
    ReassignAudit,
    ReopenAudit,
    ReturnAudit,
    VoidAudit,
    WithdrawAudit,
)
from qa.audits.judgements import (
    DomainJudgement,
    FamilyFeedback,
    Involvement,
    NoActionReason,
    RuleOverride,
)
from qa.audits.moderation_events import (
    ModerationCancelled,
    ModerationNotSelected,
)
from qa.audits.submission import unanswered
from qa.core.words import AuditStatus
from tests.audits.support import (
    ALLOCATED,
    AUDITOR,
    SELECTED,
    STARTED,
    TOOL,
    assigned,
    audit,
    changed,
    content_of,
    finalised,
    judged,
    planned,
    submit,
    submitted,
    when_submitted,
)
from tests.support.given import TODAY, codes_of


def test_a_whole_audit_is_submitted_as_it_is() -> None:
    content = content_of()
    when_submitted(content).then(audit_events.CaseAuditSubmitted(auditor=AUDITOR, content=content))


def test_an_audit_may_be_submitted_without_having_been_begun() -> None:
    audit(ALLOCATED).when(lambda state: submit(state, content_of())).then(
        audit_events.CaseAuditSubmitted
    )


def test_it_is_submitted_once() -> None:
    audit(ALLOCATED, STARTED, submitted()).when(lambda s: submit(s, content_of())).refused(
        "already-submitted"
    )


@pytest.mark.parametrize(
    ("update", "field", "code"),
    [
        ({"audit_date": TODAY + timedelta(days=1)}, "audit_date", "date-future"),
        ({"practice_from": TODAY + timedelta(days=1)}, "practice_to", "dates-reversed"),
        ({"audit_date": TODAY - timedelta(days=9)}, "practice_to", "practice-after-audit"),
        ({"practice_from": TODAY - timedelta(days=3000)}, "practice_from", "practice-long"),
        ({"overall": ""}, "overall", "grade-missing"),
        ({"overall": "excellent"}, "overall", "grade-unknown"),
        ({"rationale": " "}, "rationale", "rationale-missing"),
        ({"rationale": "Good work."}, "rationale", "rationale-short"),
        ({"no_action_reason": ""}, "no_action_reason", "action-missing"),
        ({"involvement": None}, "involvement.status", "involvement-missing"),
        ({"involvement": Involvement(status="declined")}, "involvement.note", "reason-missing"),
        ({"feedback": None}, "feedback.status", "feedback-missing"),
        ({"feedback": FamilyFeedback(status="not-reached")}, "feedback.note", "reason-missing"),
        ({"rationale": "word " * 9000}, "rationale", "text-long"),
        (
            {"overrides": (RuleOverride(rule="no-such", reason="Said with reason."),)},
            "overrides.0.rule",
            "rule-unknown",
        ),
    ],
)
def test_each_missing_or_wrong_part_is_named_at_its_field(
    update: dict[str, Any], field: str, code: str
) -> None:
    content = content_of().model_copy(update=update)
    assert when_submitted(content).faults() == {field: code}


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"grade": None}, "grade", "grade-missing"),
        ({"grade": "excellent"}, "grade", "grade-unknown"),
        ({"evidence": "Too short"}, "evidence", "evidence-missing"),
        ({"not_applicable_reason": "x"}, "not_applicable_reason", "grade-and-not-applicable"),
        ({"answers": ()}, "answers.timescales", "answer-missing"),
    ],
)
def test_each_domain_needs_its_grade_and_evidence(
    values: dict[str, Any], field: str, code: str
) -> None:
    faults = when_submitted(changed("planning", **values)).faults()
    assert faults == {f"judgements.planning.{field}": code}


def test_a_domain_may_be_not_applicable_with_a_reason() -> None:
    content = changed(
        "identity", grade=None, evidence="", not_applicable_reason="A first contact only."
    )
    when_submitted(content).then(audit_events.CaseAuditSubmitted)


def test_some_domains_must_always_be_graded() -> None:
    content = changed(
        "management-grip", grade=None, evidence="", answers=(), not_applicable_reason="No."
    )
    assert when_submitted(content).faults() == {"judgements.management-grip.grade": "grade-missing"}


def test_sections_follow_the_status_of_the_child() -> None:
    in_care = content_of(child_status=ChildStatus.CHILD_IN_CARE)
    assert when_submitted(in_care).faults() == {
        "judgements.permanence.grade": "grade-missing",
        "judgements.health-and-education.grade": "grade-missing",
    }
    extra = DomainJudgement(domain="permanence", grade="good", evidence="Evidence on the file here")
    in_need = content_of(judgements=(*content_of().judgements, extra))
    assert when_submitted(in_need).faults() == {
        "judgements.permanence.grade": "domain-does-not-apply"
    }


def test_an_inadequate_part_limits_the_whole() -> None:
    content = changed("planning", grade="inadequate")
    assert when_submitted(content).faults() == {"overall": "overall-limited"}
    aside = content.model_copy(
        update={"overrides": (RuleOverride(rule="inadequate-anywhere", reason="One lapse."),)}
    )
    when_submitted(aside).then(audit_events.CaseAuditSubmitted)
    lower = content.model_copy(update={"overall": "requires-improvement"})
    when_submitted(lower).then(audit_events.CaseAuditSubmitted)


def test_a_set_aside_rule_needs_its_reason() -> None:
    content = changed("planning", grade="inadequate").model_copy(
        update={"overrides": (RuleOverride(rule="inadequate-anywhere", reason=" "),)}
    )
    assert when_submitted(content).faults() == {
        "overall": "overall-limited",
        "overrides.0.reason": "reason-missing",
    }


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"text": " "}, "actions.0.text", "action-empty"),
        ({"owner": ""}, "actions.0.owner", "owner-missing"),
        ({"owner": "p-nobody"}, "actions.0.owner", "owner-unknown"),
        ({"due_on": TODAY - timedelta(days=1)}, "actions.0.due_on", "date-past"),
        ({"due_on": TODAY + timedelta(days=800)}, "actions.0.due_on", "date-far"),
        ({"domain": "no-such"}, "actions.0.domain", "domain-unknown"),
    ],
)
def test_an_action_has_one_owner_and_a_date(values: dict[str, Any], field: str, code: str) -> None:
    content = content_of(no_action_reason="", actions=(planned(**values),))
    assert when_submitted(content).faults() == {field: code}


def test_actions_and_a_reason_for_none_exclude_one_another() -> None:
    content = content_of(actions=(planned(),))
    assert when_submitted(content).faults() == {"no_action_reason": "action-and-none"}


def test_each_shortfall_has_its_action_or_a_reason_of_its_own() -> None:
    short = changed("planning", grade="requires-improvement")
    none = short.model_copy(update={"no_action_reasons": ()})
    at = "no_action_reasons.planning"
    assert when_submitted(none).faults() == {at: "shortfall-unanswered"}
    action = none.model_copy(
        update={"actions": (planned(domain="planning"),), "no_action_reason": ""}
    )
    when_submitted(action).then(audit_events.CaseAuditSubmitted)
    elsewhere = action.model_copy(update={"actions": (planned(domain="identity"),)})
    assert when_submitted(elsewhere).faults() == {at: "shortfall-unanswered"}
    for reason, code in (("None.", "reason-thin"), (" ", "shortfall-unanswered")):
        given = none.model_copy(update={"no_action_reasons": (because("planning", reason),)})
        assert when_submitted(given).faults() == {at: code}
    nothing_short = content_of(no_action_reasons=(because("planning", "It is in the plan."),))
    assert when_submitted(nothing_short).faults() == {at: "shortfall-none"}


def test_one_reason_does_not_hold_for_every_shortfall() -> None:
    worse = content_of("requires-improvement")
    same = tuple(
        because(one.domain, " Nothing can be done  now." if n else "Nothing can be done now.")
        for n, one in enumerate(worse.no_action_reasons)
    )
    found = when_submitted(worse.model_copy(update={"no_action_reasons": same})).faults()
    assert set(found.values()) == {"reason-repeated"}
    assert len(found) == len(same) - 1 > 1
    asks_none = TOOL.model_copy(update={"needs_action_or_reason": False})
    assert unanswered(worse, asks_none) == []


def because(domain: str, reason: str) -> NoActionReason:
    return NoActionReason(domain=domain, reason=reason)


def test_feedback_from_the_family_is_kept_with_consent_only() -> None:
    feedback = FamilyFeedback(status="obtained")
    assert when_submitted(content_of(feedback=feedback)).faults() == {
        "feedback.who": "who-missing",
        "feedback.how": "how-missing",
        "feedback.said": "feedback-empty",
        "feedback.consent": "consent-missing",
        "feedback.on": "date-missing",
    }


RETURNED = audit_events.CaseAuditReturned(comments="Name the owners.")


def test_a_returned_audit_says_what_changed_and_why() -> None:
    past = (ALLOCATED, STARTED, submitted(), SELECTED, RETURNED)
    new = changed("planning", evidence="Better evidence for planning seen now.")
    audit(*past).when(lambda s: submit(s, new)).refused("reason-missing")
    said = (
        audit(*past)
        .when(lambda s: submit(s, new, **{"*": "oversight"}))
        .then(audit_events.CaseAuditResubmitted)
    )
    assert isinstance(said[0], audit_events.CaseAuditResubmitted)
    assert [(c.field, c.why) for c in said[0].changes] == [
        ("judgements.planning.evidence", "oversight")
    ]


def test_returning_needs_a_comment_and_a_submitted_audit() -> None:
    back = lambda s: decisions.send_back(s, ReturnAudit(audit="a1", comments="Name the owners."))  # noqa: E731
    audit(ALLOCATED, STARTED).when(back).refused("not-returnable")
    audit(ALLOCATED, submitted(), SELECTED).when(back).then(audit_events.CaseAuditReturned)
    audit(ALLOCATED, submitted(), finalised()).when(back).refused("not-returnable")
    audit(ALLOCATED, submitted()).when(
        lambda s: decisions.send_back(s, ReturnAudit(audit="a1", comments=" "))
    ).refused("comments-missing")
    audit(ALLOCATED, submitted()).when(
        lambda s: decisions.send_back(
            s, ReturnAudit(audit="a1", comments="Name the owners. " * 400)
        )
    ).refused("comments-long")


def test_withdrawing_takes_the_moderation_with_it() -> None:
    past = (ALLOCATED, submitted(), SELECTED, assigned(), judged())
    audit(*past).when(
        lambda s: decisions.withdraw(s, WithdrawAudit(audit="a1", reason="Drawn twice."))
    ).then(ModerationCancelled(moderation="m1"), audit_events.CaseAuditWithdrawn)
    audit(*past).when(
        lambda s: decisions.withdraw(s, WithdrawAudit(audit="a1", reason=" "))
    ).refused("reason-missing")
    audit(ALLOCATED, audit_events.CaseAuditWithdrawn()).when(
        lambda s: decisions.withdraw(s, WithdrawAudit(audit="a1", reason="Wrong once again"))
    ).refused("audit-ended")


def test_a_withdrawn_audit_may_still_be_voided_once() -> None:
    void = lambda s: decisions.void(s, VoidAudit(audit="a1", reason="Wrong child."))  # noqa: E731
    audit(ALLOCATED, audit_events.CaseAuditWithdrawn()).when(void).then(
        audit_events.CaseAuditVoided
    )
    audit(ALLOCATED, audit_events.CaseAuditVoided()).when(void).refused("audit-ended")
    audit().when(void).refused("not-found")


def test_only_an_unmoderated_audit_is_finalised_by_hand() -> None:
    not_picked = ModerationNotSelected(policy_version=1)
    said = (
        audit(ALLOCATED, submitted(), not_picked)
        .when(decisions.finalise)
        .then(audit_events.CaseAuditFinalised)
    )
    assert isinstance(said[0], audit_events.CaseAuditFinalised)
    assert (said[0].grade, said[0].source, said[0].cites) == ("good", "auditor", ("fact-2",))
    audit(ALLOCATED, submitted(), SELECTED).when(decisions.finalise).refused("not-finalisable")


def test_reopening_takes_the_grade_back() -> None:
    reopen = lambda s: decisions.reopen(s, ReopenAudit(audit="a1", reason="New evidence."))  # noqa: E731
    audit(ALLOCATED, submitted(), finalised()).when(reopen).then(
        audit_events.CaseAuditReopened(was="good")
    )
    audit(ALLOCATED, submitted()).when(reopen).refused("not-finalised")
    before = audit(ALLOCATED, submitted(), finalised()).state
    assert (before.status, before.final_grade) == (AuditStatus.FINALISED, "good")
    after = audit(ALLOCATED, submitted(), finalised(), audit_events.CaseAuditReopened(was="good"))
    assert (after.state.status, after.state.final_grade) == (AuditStatus.SUBMITTED, None)
    assert after.state.final_source is None


def handed(to: str) -> ReassignAudit:
    return ReassignAudit(audit="a1", auditor=to, reason="On leave until May.")


def moved(day: date) -> ExtendAudit:
    return ExtendAudit(audit="a1", due_on=day, reason="The file came late.")


def test_reassigning_stops_at_submission() -> None:
    to_other = lambda s: decisions.reassign(s, handed("p-other"), exceptions=())  # noqa: E731
    audit(ALLOCATED, STARTED).when(to_other).then(
        audit_events.CaseAuditReassigned(old=AUDITOR, new="p-other")
    )
    audit(ALLOCATED, submitted()).when(to_other).refused("already-submitted")
    audit(ALLOCATED).when(lambda s: decisions.reassign(s, handed(AUDITOR), exceptions=())).refused(
        "same-auditor"
    )


def test_who_began_an_audit_is_never_forgotten() -> None:
    handed = audit_events.CaseAuditReassigned(old=AUDITOR, new="p-other")
    state = audit(ALLOCATED, STARTED, handed).state
    assert state.began_by == {AUDITOR}
    assert state.status is AuditStatus.ALLOCATED


def test_a_due_date_only_moves_later() -> None:
    extend = lambda day: lambda s: decisions.extend(s, moved(day), today=TODAY)  # noqa: E731
    later = ALLOCATED.due_on + timedelta(days=7)
    audit(ALLOCATED).when(extend(later)).then(
        audit_events.CaseAuditExtended(old=ALLOCATED.due_on, new=later)
    )
    audit(ALLOCATED).when(extend(ALLOCATED.due_on)).refused("date-not-later")
    audit(ALLOCATED, submitted()).when(extend(later)).refused("already-submitted")


@pytest.mark.parametrize(
    ("update", "code"),
    [
        ({"child": ""}, "child-missing"),
        ({"child": "Ada Sapling"}, "child-malformed"),
        ({"child": "Sapling"}, "child-looks-like-name"),
        ({"practice_to": TODAY + timedelta(days=1)}, "date-future"),
        ({"due_on": TODAY - timedelta(days=1)}, "date-past"),
    ],
)
def test_an_allocation_names_a_reference_and_sound_dates(update: dict[str, Any], code: str) -> None:
    allocation = ALLOCATED.model_copy(update=update)
    audit().when(lambda s: decisions.allocate(s, allocation, today=TODAY)).refused(code)


def test_an_audit_is_of_a_reference_and_of_a_case_holder_on_record() -> None:
    allowed = decisions.may_be_audited
    assert codes_of(lambda: allowed("C-1001", holder_known=True)) == []
    assert codes_of(lambda: allowed("C-1001", holder_known=False)) == ["person-unknown"]
    assert codes_of(lambda: allowed("Amara", holder_known=True)) == ["child-looks-like-name"]
