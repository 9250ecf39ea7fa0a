"""The rules of moderation: picked, assigned, judged blind or open, settled or decided."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from qa.audits import events as audit_events
from qa.audits import independence, moderation_events
from qa.audits.comparison import GradesGiven
from qa.audits.independence import Member
from qa.audits.judgements import ModeratedJudgement
from qa.audits.state import CaseAudit
from qa.core.clock import add_working_days
from qa.core.words import AuditStatus, ModerationStatus
from qa.moderation import decisions, disputes
from qa.moderation.commands import AssignDispute
from tests.audits.support import (
    ALLOCATED,
    AUDITOR,
    DECIDER,
    M1,
    MODERATOR,
    POLICY,
    SELECTED,
    STARTED,
    TOOL,
    assigned,
    audit,
    content_of,
    judged,
    submitted,
)
from tests.moderation.support import (
    DIFFERS,
    PAST,
    assign,
    cancel,
    challenge,
    decide,
    reconcile,
    record,
)
from tests.support.given import TODAY, codes_of, given


def after(state: CaseAudit, overall: str = "good") -> Any:
    return decisions.after_submission(
        state,
        POLICY.model_copy(update={"share_percent": 0}),
        grades=GradesGiven(overall, {}),
        tool=TOOL,
        submitted_before=50,
        moderation="m2",
        today=TODAY,
    )


def test_a_submission_is_picked_or_recorded_as_not_picked() -> None:
    first = audit(ALLOCATED, STARTED)
    chosen = first.when(lambda s: after(s, "inadequate")).then(moderation_events.ModerationSelected)
    assert isinstance(chosen[0], moderation_events.ModerationSelected)
    assert chosen[0].due_on == add_working_days(TODAY, 10)
    first.when(after).then(moderation_events.ModerationNotSelected)


def test_a_resubmission_supersedes_what_was_moderated_and_asks_anew() -> None:
    past = (
        *PAST,
        assigned(),
        judged("inadequate"),
        audit_events.CaseAuditReturned(comments="See page three."),
    )
    audit(*past).when(after).then(
        moderation_events.ModerationSuperseded(moderation=M1, cause="returned"),
        moderation_events.ModerationSelected,
    )


def test_a_moderation_that_waited_goes_on_with_the_new_content() -> None:
    past = (*PAST, assigned(), audit_events.CaseAuditReturned(comments="See page three."))
    again = (
        audit(*past)
        .when(after)
        .then(moderation_events.ModerationSelected, moderation_events.ModerationAssigned)
    )
    assert [event.moderation for event in again] == [M1, M1]  # type: ignore[attr-defined]
    assert isinstance(again[1], moderation_events.ModerationAssigned)
    assert (again[1].moderator, again[1].blind) == (MODERATOR, True)


def test_a_moderator_who_has_seen_the_judgement_is_not_blind_again_after_a_return() -> None:
    back = audit_events.CaseAuditReturned(comments="See page three.")
    for opened in (
        (assigned(), moderation_events.ModerationUnblinded(moderation=M1)),
        (assigned(already_seen=True),),
        (assigned(blind=False),),
    ):
        again = (
            audit(*PAST, *opened, back)
            .when(after)
            .then(moderation_events.ModerationSelected, moderation_events.ModerationAssigned)
        )
        resumed = audit(*PAST, *opened, back, *again).state.moderations[M1]
        assert (resumed.blind, resumed.sealed) == (False, False)


def test_being_told_of_a_concern_opens_a_blind_moderation_and_no_other() -> None:
    told = decisions.shown_by_a_concern
    blind = audit(*PAST, assigned())
    blind.when(lambda s: told(s, {MODERATOR})).then(
        moderation_events.ModerationUnblinded(moderation=M1)
    )
    assert told(blind.state, {"p-other"}) == []
    for past in ((assigned(blind=False),), (assigned(), judged()), ()):
        assert told(audit(*PAST, *past).state, {MODERATOR}) == []


def test_a_moderator_is_named_while_no_judgement_is_in() -> None:
    audit(*PAST).when(assign).then(moderation_events.ModerationAssigned)
    audit(*PAST, assigned()).when(lambda s: assign(s, "p-other")).then(
        moderation_events.ModerationAssigned
    )
    audit(*PAST, assigned(), judged()).when(assign).refused("already-moderated")
    audit(*PAST).when(lambda s: assign(s, AUDITOR)).refused("began-audit")
    audit(*PAST).when(lambda s: assign(s, due_on=TODAY - timedelta(days=1))).refused("date-past")
    audit(*PAST).when(lambda s: assign(s, moderation="m9")).refused("not-found")


def test_somebody_who_began_the_audit_before_handing_it_over_cannot_moderate_it() -> None:
    past = (
        ALLOCATED,
        STARTED,
        audit_events.CaseAuditReassigned(old=AUDITOR, new="p-other"),
        submitted().model_copy(update={"auditor": "p-other"}),
        SELECTED,
    )
    audit(*past).when(lambda s: assign(s, AUDITOR)).refused("began-audit")


def test_blind_is_only_blind_for_who_has_not_seen() -> None:
    blind = audit(*PAST, assigned()).state.moderations[M1]
    seen = audit(*PAST, assigned(already_seen=True)).state.moderations[M1]
    opened = audit(*PAST, assigned(), moderation_events.ModerationUnblinded(moderation=M1)).state
    assert (blind.sealed, seen.sealed, opened.moderations[M1].sealed) == (True, False, False)
    assert not audit(*PAST, assigned(), judged()).state.moderations[M1].sealed


def test_agreement_is_computed_and_makes_the_grade_final() -> None:
    ready = audit(*PAST, assigned())
    agreed = ready.when(lambda s: record(s, judged("good"))).then(
        moderation_events.ModerationRecorded, audit_events.CaseAuditFinalised
    )
    assert isinstance(agreed[1], audit_events.CaseAuditFinalised)
    assert (agreed[1].source, agreed[1].rule) == ("auditor", "auditor-and-moderator-agree")
    ready.when(lambda s: record(s, judged("inadequate"))).then(moderation_events.ModerationRecorded)
    last_word = POLICY.model_copy(update={"moderator_is_final": True})
    final = ready.when(lambda s: record(s, judged("inadequate"), last_word)).then(
        moderation_events.ModerationRecorded, audit_events.CaseAuditFinalised
    )
    assert isinstance(final[1], audit_events.CaseAuditFinalised)
    assert (final[1].grade, final[1].source) == ("inadequate", "moderator")


def test_status_follows_from_the_two_judgements() -> None:
    agreed = audit(*PAST, assigned(), judged("good")).state
    differs = audit(*PAST, assigned(), judged("inadequate")).state
    assert agreed.moderations[M1].status is ModerationStatus.AGREED
    assert differs.moderations[M1].status is ModerationStatus.DIFFERS
    assert differs.status is AuditStatus.DIFFERS


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"overall": ""}, {"overall": "grade-missing"}),
        ({"overall": "fine"}, {"overall": "grade-unknown"}),
        ({"rationale": "No"}, {"rationale": "rationale-missing"}),
        ({"moderated_on": TODAY + timedelta(days=1)}, {"moderated_on": "date-future"}),
        ({"moderated_on": TODAY - timedelta(days=1)}, {"moderated_on": "date-early"}),
        ({"audit_quality": "weak"}, {"audit_quality_comment": "comment-missing"}),
    ],
)
def test_a_moderators_judgement_is_checked_too(
    values: dict[str, Any], faults: dict[str, str]
) -> None:
    given_ = judged().model_copy(update=values)
    assert audit(*PAST, assigned()).when(lambda s: record(s, given_)).faults() == faults


def test_every_domain_the_auditor_graded_is_graded_or_explained() -> None:
    whole = judged()
    short = whole.model_copy(update={"judgements": whole.judgements[1:]})
    domain = whole.judgements[0].domain
    faults = audit(*PAST, assigned()).when(lambda s: record(s, short)).faults()
    assert faults == {f"judgements.{domain}.grade": "grade-missing"}
    unexplained = (ModeratedJudgement(domain=domain, grade=None), *whole.judgements[1:])
    faults = (
        audit(*PAST, assigned())
        .when(lambda s: record(s, whole.model_copy(update={"judgements": unexplained})))
        .faults()
    )
    assert faults == {f"judgements.{domain}.comment": "reason-missing"}


def test_a_refusal_never_tells_which_domains_the_auditor_left_out() -> None:
    whole = content_of()
    first = whole.judgements[0].model_copy(
        update={"grade": None, "not_applicable_reason": "None was needed.", "answers": ()}
    )
    left_out = submitted(judgements=(first, *whole.judgements[1:]))
    empty = judged().model_copy(update={"judgements": ()})
    asked = [
        audit(ALLOCATED, STARTED, theirs, SELECTED, assigned())
        .when(lambda s: record(s, empty))
        .faults()
        for theirs in (submitted(), left_out)
    ]
    applying = {d.id for d in TOOL.domains if d.applies(whole.child_status)}
    assert asked[0] == asked[1] == {f"judgements.{d}.grade": "grade-missing" for d in applying}


def test_the_childs_status_decides_what_a_moderator_judges_as_for_the_auditor() -> None:
    other = next(d for d in TOOL.domains if not d.applies(content_of().child_status))
    more = ModeratedJudgement(domain=other.id, grade="good")
    judgement = judged().model_copy(update={"judgements": (*judged().judgements, more)})
    faults = audit(*PAST, assigned()).when(lambda s: record(s, judgement)).faults()
    assert faults == {f"judgements.{other.id}.grade": "domain-does-not-apply"}


def test_only_an_open_moderation_is_called_off() -> None:
    off = lambda s: cancel(s, "Moderator left.")  # noqa: E731
    audit(*PAST, assigned()).when(off).then(
        moderation_events.ModerationCancelled, moderation_events.ModerationNotSelected
    )
    audit(*DIFFERS).when(off).refused("already-moderated")


def test_independence_of_the_auditor() -> None:
    def rules(auditor: Member) -> list[tuple[str, bool]]:
        found = independence.auditor_breaches(
            auditor, case_holder="worker", case_manager="boss", team="east"
        )
        return [(breach.rule, breach.hard) for breach in found]

    assert rules(Member("worker", "W", "east")) == [("own-case", True), ("own-team", False)]
    assert rules(Member("boss", "B", "west")) == [("own-line", True)]
    assert rules(Member("other", "O", "west")) == []


def test_independence_of_the_moderator_and_the_decider() -> None:
    auditor = Member("aud", "A", "west", None, "boss")
    found = independence.moderator_breaches(
        Member("boss", "B", "east"),
        auditor=auditor,
        began_by=["first"],
        case_holder="worker",
        case_manager=None,
        team="east",
    )
    assert [(b.rule, b.hard) for b in found] == [("auditor-line", False), ("own-team", False)]
    decider = independence.decider_breaches(
        Member("boss", "B"), auditor=auditor, moderator=Member("mod", "M", None, None, "boss")
    )
    assert [(b.rule, b.hard) for b in decider] == [("party-line", False), ("party-line", False)]


def test_a_soft_rule_is_set_aside_only_with_a_recorded_reason() -> None:
    soft = [independence.Breach("own-team", "Own team.", hard=False)]
    hard = [independence.Breach("own-case", "Own case.", hard=True)]

    def settle(breaches: Any, why: str | None) -> Any:
        return independence.settle(breaches, field="auditor", exception=why, approved_by="lead")

    given(None, lambda s, r: s).when(lambda _: settle(soft, " ")).refused(
        "independence-exception-needed"
    )
    given(None, lambda s, r: s).when(lambda _: settle(hard, "We are few")).refused(
        "independence-own-case"
    )
    kept = settle(soft, "We are few")
    assert [(e.rule, e.approved_by, e.why) for e in kept] == [("own-team", "lead", "We are few")]


@for_all(st.lists(st.sampled_from(range(7)), max_size=12))
def test_whatever_is_done_in_whatever_order_the_state_stays_sound(moves: list[int]) -> None:
    """No order of commands gives two standing moderations, a final grade from nowhere, or a
    moderator who began the audit."""
    past: list[Any] = [ALLOCATED, STARTED, submitted(), SELECTED]
    steps = [
        assign,
        lambda s: record(s, judged("good")),
        lambda s: record(s, judged("inadequate")),
        reconcile,
        challenge,
        lambda s: disputes.assign_dispute(
            s, AssignDispute(audit="a1", moderation=M1, decider=DECIDER), exceptions=()
        ),
        decide,
    ]
    for move in moves:
        done = audit(*past).when(steps[move])
        past += list(done.events)
        state = audit(*past).state
        standing = Counter(m.status.completed or m.status.open for m in state.moderations.values())
        assert standing[True] <= 1
        assert (state.status is AuditStatus.FINALISED) == (state.final_grade is not None)
        assert all(m.moderator not in state.began_by for m in state.moderations.values())
        if state.final_grade is not None:
            grades = {state.overall, *(m.overall for m in state.moderations.values())}
            assert state.final_source == "consensus" or state.final_grade in grades


def test_only_the_named_moderator_records_and_says_how_good_the_audit_is() -> None:
    state = audit(*PAST, assigned()).state

    def recording(by: str = MODERATOR, quality: str | None = None) -> list[str]:
        judgement = judged().model_copy(update={"audit_quality": quality})
        return codes_of(lambda: record(state, judgement, by=by))

    assert recording() == recording(quality="sound") == []
    assert recording(by=AUDITOR) == ["not-moderator"]
    assert recording(quality="brilliant") == ["quality-unknown"]
