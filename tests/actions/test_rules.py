"""An action from finding to effect: what may follow what, who may pass it, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from qa.actions import commands, decisions, events, findings
from qa.actions.findings import audit_named, domain_of, findings_stand
from qa.actions.state import Action, evolve
from qa.actions.states import ActionState
from qa.audits.events import CaseAuditWithdrawn
from qa.audits.state import CaseAudit
from qa.core.errors import CaseloopError, NotNow, Refused
from qa.core.event import Event
from qa.core.words import AuditStatus
from tests.actions.support import (
    ACCEPTED,
    CLAIMED,
    FOLLOWING,
    POLICY,
    RAISED,
    RECORD,
    SEEN,
    claim,
    standing,
)
from tests.audits.support import ALLOCATED, STARTED, TOOL, audit, content_of, submitted
from tests.support.given import TODAY, codes_of, recorded


def confirm(state: Action, by: str = "p-lead", today: date = TODAY) -> list[Event]:
    return decisions.confirm_impact(state, SEEN, by=by, line={"p-manager"}, today=today)


def test_an_owner_accepts_or_challenges_and_may_accept_after_all() -> None:
    standing().when(decisions.accept).then(events.ActionAccepted)
    standing().when(
        lambda a: decisions.challenge(
            a, commands.ChallengeAction(action="a1", why="It is not mine.")
        )
    ).then(events.ActionChallenged(why="It is not mine."))
    standing().when(
        lambda a: decisions.challenge(a, commands.ChallengeAction(action="a1", why=" "))
    ).refused("why-missing")
    challenged = standing(events.ActionChallenged(why="It is not mine."))
    challenged.when(decisions.accept).then(events.ActionAccepted)
    challenged.when(
        lambda a: decisions.challenge(
            a, commands.ChallengeAction(action="a1", why="Wrong once again.")
        )
    ).refused("action-challenged")


def test_nothing_is_done_before_it_is_accepted() -> None:
    standing().when(lambda a: claim(a, RECORD)).refused("action-raised")
    standing().when(
        lambda a: decisions.progress(a, commands.NoteActionProgress(action="a1", note="Half way."))
    ).refused("action-raised")


def test_evidence_is_owed_and_of_the_kind_asked_for() -> None:
    accepted = standing(events.ActionAccepted())
    accepted.when(claim).refused("evidence-missing")
    other = events.Evidence(kind="document", what="A plan.")
    accepted.when(lambda a: claim(a, other)).refused("evidence-kind")
    accepted.when(lambda a: claim(a, other, RECORD)).then(events.ActionClaimedDone)
    silent = events.Evidence(kind="case-record", what=" ")
    accepted.when(lambda a: claim(a, silent)).refused("what-missing")


@pytest.mark.parametrize("by", ["p-owner", "p-manager"])
def test_nobody_of_the_owners_line_passes_evidence_or_impact(by: str) -> None:
    claimed = standing(events.ActionAccepted(), CLAIMED)
    line = {"p-manager"}

    def accept_it(a: Action) -> Sequence[Event]:
        return decisions.accept_evidence(a, by=by, line=line, policy=POLICY, today=TODAY)

    claimed.when(accept_it).refused("forbidden")
    claimed.when(
        lambda a: decisions.return_evidence(
            a, commands.ReturnActionEvidence(action="a1", why="Not seen."), by=by, line=line
        )
    ).refused("forbidden")
    standing(events.ActionAccepted(), CLAIMED, ACCEPTED).when(lambda a: confirm(a, by=by)).refused(
        "forbidden"
    )


def test_accepted_evidence_starts_the_interval_of_the_policy() -> None:
    found = standing(events.ActionAccepted(), CLAIMED).when(
        lambda a: decisions.accept_evidence(a, by="p-lead", line=(), policy=POLICY, today=TODAY)
    )
    found.then(
        events.EvidenceAccepted(
            verify_from=TODAY + timedelta(days=56), verify_by=TODAY + timedelta(days=84)
        )
    )


def test_impact_before_the_interval_is_refused_with_the_first_day() -> None:
    later = events.EvidenceAccepted(verify_from=date(2026, 4, 27), verify_by=date(2026, 5, 25))
    error = (
        standing(events.ActionAccepted(), CLAIMED, later).when(confirm).refused("impact-too-early")
    )
    assert "27 April 2026" in str(error)


def test_no_impact_raises_the_next_action_of_the_chain() -> None:
    state = standing(events.ActionAccepted(), CLAIMED, ACCEPTED).state
    not_seen, raised = decisions.impact_not_seen(
        state,
        commands.ReportNoImpact(**dict(SEEN), next=FOLLOWING),
        next_action="a2",
        by="p-lead",
        line=(),
        policy=POLICY,
        today=TODAY,
    )
    assert [type(f) for f in not_seen] == [events.ImpactNotSeen]
    [following] = raised
    assert isinstance(following, events.ActionRaised)
    assert (following.follows, following.action, following.audit) == ("a1", "a2", "audit-1")
    assert (following.owner, following.child, following.domain) == ("p-other", "C-1", None)
    backwards = commands.Next(
        text="Wrong once again.", owner="p-other", due_on=TODAY - timedelta(days=1)
    )
    with pytest.raises(Refused) as refused:
        decisions.impact_not_seen(
            state,
            commands.ReportNoImpact(**dict(SEEN), next=backwards),
            next_action="a2",
            by="x",
            line=(),
            policy=POLICY,
            today=TODAY,
        )
    assert [fault.code for fault in refused.value.faults] == ["date-past"]


def test_a_proof_is_named() -> None:
    unnamed = commands.EffectCheck(action="a1", proof="re-audit", reference="", note="Better.")
    standing(events.ActionAccepted(), CLAIMED, ACCEPTED).when(
        lambda a: decisions.confirm_impact(a, unnamed, by="p-lead", line=(), today=TODAY)
    ).refused("proof-missing")


def _shown(
    checked: commands.EffectCheck, measured: bool = False, supervised: bool = False, **audit: Any
) -> list[str]:
    state = standing(events.ActionAccepted(), CLAIMED, ACCEPTED).state
    later = content_of().model_copy(update={"audit_date": TODAY + timedelta(days=1)})
    there, children = audit.pop("there", True), audit.pop("children", {"c-1"})
    base = CaseAudit(
        id="audit-2", child="C-1", team="west", content=later, status=AuditStatus.SUBMITTED
    )
    named = replace(base, **audit) if there else None
    return codes_of(
        lambda: findings.proof_shown(
            state, checked, audit=named, children=children, measured=measured, supervised=supervised
        )
    )


def test_what_is_named_as_proof_is_there() -> None:
    again = commands.EffectCheck(
        action="a1", proof="re-audit", reference="CA-2", note="Four of five are up to date."
    )
    assert _shown(again) == []
    assert _shown(again, child="C-9", team=RAISED.team) == []
    assert _shown(again, child="C-9", children={"c-1", "c-9"}) == [], "another reference of it"
    on_the_day = content_of().model_copy(update={"audit_date": TODAY})
    for wrong in (
        {"there": False},
        {"child": "C-9"},
        {"id": RAISED.audit},
        {"content": None},
        {"content": on_the_day},
        {"status": AuditStatus.RETURNED},
        {"status": AuditStatus.VOIDED},
        {"status": AuditStatus.WITHDRAWN},
    ):
        assert _shown(again, **wrong) == ["proof-unknown"], wrong
    measure = commands.EffectCheck(
        action="a1", proof="indicator", reference="visits", note="Up for two months."
    )
    assert (_shown(measure, True), _shown(measure)) == ([], ["proof-unknown"])
    talked = commands.EffectCheck(
        action="a1", proof="supervision-check", reference="Check 1", note="Plans are kept."
    )
    assert (_shown(talked, supervised=True), _shown(talked)) == ([], ["proof-unknown"])
    by_hand = commands.EffectCheck(action="a1", proof="other", reference="", note="ok")
    assert _shown(by_hand) == ["reason-thin"]
    assert _shown(SEEN) == []


def test_a_closed_loop_reopens_within_the_interval_and_not_after() -> None:
    confirmed = events.ImpactConfirmed(proof="other", reference="", note="Seen.")
    state = standing(events.ActionAccepted(), CLAIMED, ACCEPTED, confirmed).state

    def on(day: date) -> tuple[list[Event], list[Event]]:
        following = commands.Next(text="Wrong once again.", owner="p-owner", due_on=day)
        return decisions.reopen(
            state,
            commands.ReopenAction(
                action="a1",
                next=following,
                finding="Audit CA-2",
                reason="The plan went out of use again.",
            ),
            next_action="a2",
            policy=POLICY,
            today=day,
        )

    last = TODAY + timedelta(days=POLICY.reopen_within_days)
    reopened, raised = on(last)
    assert [type(f) for f in (*reopened, *raised)] == [events.ActionReopened, events.ActionRaised]
    with pytest.raises(NotNow) as refused:
        on(last + timedelta(days=1))
    assert refused.value.code == "action-closed-long-ago"


def test_dates_move_forward_by_somebody_else_and_the_first_is_kept() -> None:
    def move(day: date, by: str = "p-manager") -> Callable[[Action], list[Event]]:
        return lambda a: decisions.reschedule(
            a,
            commands.RescheduleAction(action="a1", due_on=day, reason="On leave until May."),
            by=by,
            today=TODAY,
        )

    later = TODAY + timedelta(days=60)
    [moved] = standing().when(move(later)).then(events.ActionRescheduled)
    assert moved == events.ActionRescheduled(old=RAISED.due_on, new=later)
    standing().when(move(TODAY - timedelta(days=1))).refused("date-past")
    standing().when(move(later, by="p-owner")).refused("forbidden")
    standing().when(move(RAISED.due_on)).nothing()
    standing(events.ActionAccepted(), CLAIMED).when(move(later)).refused("action-claimed")


def test_handing_over_asks_the_new_owner_to_accept() -> None:
    handed = decisions.transfer(
        standing(events.ActionAccepted()).state,
        commands.TransferAction(action="a1", owner="p-new", reason="The child moved."),
        team="west",
        service="safeguarding",
        policy=POLICY,
        today=TODAY,
    )
    after = standing(events.ActionAccepted(), *handed)
    assert (after.state.owner, after.state.team) == ("p-new", "west")
    after.when(decisions.accept).then(events.ActionAccepted)


def test_an_owner_is_no_contributor() -> None:
    standing().when(
        lambda a: decisions.name_contributors(
            a,
            commands.NameActionContributors(action="a1", contributors=("p-x", "p-owner")),
        )
    ).refused("owner-contributes")


class Loop(RuleBasedStateMachine):
    """Anybody tries anything on any day; what is recorded never breaks the loop's promises."""

    def __init__(self) -> None:
        super().__init__()
        self.today = TODAY
        self.events: list[Event] = []
        self.state = Action()
        self.sentences: list[str] = []
        self._record([RAISED])

    def _record(self, decided: Sequence[Event]) -> None:
        for event in decided:
            self.events.append(event)
            self.state = evolve(self.state, recorded(event, len(self.events)))

    def _try(self, decide: Callable[[], Sequence[Event]]) -> bool:
        try:
            decided = decide()
        except CaseloopError as error:
            self.sentences.append(str(error))
            return False
        self._record(decided)
        return True

    @rule(days=st.integers(1, 70))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule()
    def accept(self) -> None:
        self._try(lambda: decisions.accept(self.state))

    @rule()
    def challenge(self) -> None:
        self._try(
            lambda: decisions.challenge(
                self.state, commands.ChallengeAction(action="a1", why="It shows no change.")
            )
        )

    @rule()
    def progress(self) -> None:
        self._try(
            lambda: decisions.progress(
                self.state, commands.NoteActionProgress(action="a1", note="Going on.")
            )
        )

    @rule(kind=st.sampled_from(["case-record", "document"]))
    def claim(self, kind: str) -> None:
        piece = events.Evidence.model_validate({"kind": kind, "what": "This."})
        done = self._try(
            lambda: decisions.claim_done(
                self.state,
                commands.ClaimActionDone(action="a1", evidence=(piece,)),
                policy=POLICY,
                today=self.today,
            )
        )
        assert not done or kind == "case-record"

    @rule(by=st.sampled_from(["p-owner", "p-new", "p-manager", "p-lead"]))
    def accept_evidence(self, by: str) -> None:
        owner = self.state.owner
        done = self._try(
            lambda: decisions.accept_evidence(
                self.state, by=by, line={"p-manager"}, policy=POLICY, today=self.today
            )
        )
        assert not done or by not in (owner, "p-manager")

    @rule()
    def return_evidence(self) -> None:
        self._try(
            lambda: decisions.return_evidence(
                self.state,
                commands.ReturnActionEvidence(action="a1", why="It shows no change."),
                by="p-lead",
                line=(),
            )
        )

    @rule(by=st.sampled_from(["p-owner", "p-lead"]), seen=st.booleans())
    def look_for_impact(self, by: str, seen: bool) -> None:
        first, owner = self.state.verify_from, self.state.owner

        def look() -> Sequence[Event]:
            if seen:
                return decisions.confirm_impact(self.state, SEEN, by=by, line=(), today=self.today)
            return decisions.impact_too_early(
                self.state, SEEN, by=by, line=(), policy=POLICY, today=self.today
            )

        if self._try(look):
            assert by != owner
            assert first is not None
            assert self.today >= first

    @rule(days=st.integers(-5, 90))
    def reschedule(self, days: int) -> None:
        due = self.today + timedelta(days=days)
        done = self._try(
            lambda: decisions.reschedule(
                self.state,
                commands.RescheduleAction(action="a1", due_on=due, reason="On leave until May."),
                by="p-manager",
                today=self.today,
            )
        )
        assert not done or due >= self.today

    @precondition(lambda self: self.state.owner == "p-owner")
    @rule()
    def hand_over(self) -> None:
        self._try(
            lambda: decisions.transfer(
                self.state,
                commands.TransferAction(action="a1", owner="p-new", reason="They moved team."),
                team="west",
                service="safeguarding",
                policy=POLICY,
                today=self.today,
            )
        )

    @invariant()
    def every_refusal_is_a_sentence(self) -> None:
        assert all(said.endswith(".") for said in self.sentences)

    @invariant()
    def the_first_date_is_kept(self) -> None:
        assert self.state.raised is not None
        assert self.state.raised.due_on == RAISED.due_on

    @invariant()
    def a_loop_closes_only_over_evidence_that_was_claimed_and_accepted(self) -> None:
        types = [type(event) for event in self.events]
        if self.state.state is ActionState.EFFECTIVE:
            claimed, evidenced, confirmed = (
                max(at for at, kind in enumerate(types) if kind is wanted)
                for wanted in (
                    events.ActionClaimedDone,
                    events.EvidenceAccepted,
                    events.ImpactConfirmed,
                )
            )
            assert claimed < evidenced < confirmed
            assert confirmed == len(types) - 1


Loop.TestCase.settings = settings(max_examples=40, stateful_step_count=25)
TestLoop = Loop.TestCase


def test_an_action_answers_a_finding_that_stands_in_a_domain_of_the_tool() -> None:
    stands = findings_stand
    assert codes_of(lambda: stands(audit(ALLOCATED).state)) == ["audit-without-findings"]
    assert codes_of(lambda: stands(audit(ALLOCATED, STARTED, submitted()).state)) == []
    ended = audit(ALLOCATED, STARTED, submitted(), CaseAuditWithdrawn()).state
    assert codes_of(lambda: stands(ended)) == ["audit-without-findings"]
    assert codes_of(lambda: domain_of(TOOL, TOOL.domains[0].id)) == []
    assert codes_of(lambda: domain_of(TOOL, "weather")) == ["domain-unknown"]


def test_an_action_of_a_moderation_names_its_audit() -> None:
    assert codes_of(lambda: audit_named("moderation")) == ["audit-missing"]
    assert codes_of(lambda: audit_named("by-hand")) == []
