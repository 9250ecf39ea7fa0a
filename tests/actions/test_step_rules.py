"""Which step an action may take in which state, and what taking it again means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from qa.actions import clocks, commands, decisions, events
from qa.actions.decisions import CARRIED_ON_DAYS
from qa.actions.state import Action
from qa.actions.states import OPEN_STATES, OWED, ActionState
from tests.actions.support import (
    ACCEPTED,
    CLAIMED,
    FOLLOWING,
    POLICY,
    RECORD,
    SEEN,
    claim,
    standing,
)  # fmt: skip
from tests.support.given import TODAY, codes_of

S = ActionState
BASE = replace(standing().state, closed_on=TODAY, verify_from=TODAY)
OTHER = {"by": "p-lead", "line": ()}
WHEN = {"policy": POLICY, "today": TODAY}
STEPS: dict[str, tuple[set[ActionState], Callable[[Action], Any]]] = {
    "accept": ({S.RAISED, S.CHALLENGED}, decisions.accept),
    "challenge": (
        {S.RAISED},
        lambda a: decisions.challenge(
            a, commands.ChallengeAction(action="a1", why="The case is not mine.")
        ),
    ),
    "progress": (
        {S.ACCEPTED, S.IN_PROGRESS, S.RETURNED},
        lambda a: decisions.progress(a, commands.NoteActionProgress(action="a1", note="Half way.")),
    ),
    "name contributors": (
        set(OPEN_STATES),
        lambda a: decisions.name_contributors(
            a, commands.NameActionContributors(action="a1", contributors=("p-other",))
        ),
    ),
    "link a finding": (
        set(OPEN_STATES),
        lambda a: decisions.link_finding(
            a, commands.LinkActionFinding(action="a1", audit="audit-2", domain=None)
        ),
    ),
    "reschedule": (
        set(OWED),
        lambda a: decisions.reschedule(
            a,
            commands.RescheduleAction(action="a1", due_on=TODAY, reason="On leave until May."),
            by="p-lead",
            today=TODAY,
        ),
    ),
    "transfer": (
        set(OWED),
        lambda a: decisions.transfer(
            a,
            commands.TransferAction(action="a1", owner="p-other", reason="A new post."),
            team="east",
            service="s",
            **WHEN,
        ),
    ),
    "drop": (
        set(OPEN_STATES),
        lambda a: decisions.drop(a, commands.DropAction(action="a1", reason="They moved away.")),
    ),
    "claim": ({S.ACCEPTED, S.IN_PROGRESS, S.RETURNED}, lambda a: claim(a, RECORD)),
    "accept evidence": ({S.CLAIMED}, lambda a: decisions.accept_evidence(a, **OTHER, **WHEN)),
    "return evidence": (
        {S.CLAIMED},
        lambda a: decisions.return_evidence(
            a, commands.ReturnActionEvidence(action="a1", why="The visit was not seen."), **OTHER
        ),
    ),
    "ask for a discussion": (set(OPEN_STATES), decisions.ask_discussion),
    "confirm": (
        {S.VERIFICATION_DUE},
        lambda a: decisions.confirm_impact(a, SEEN, today=TODAY, **OTHER),
    ),
    "too early": (
        {S.VERIFICATION_DUE},
        lambda a: decisions.impact_too_early(a, SEEN, **OTHER, **WHEN),
    ),
    "not seen": (
        {S.VERIFICATION_DUE},
        lambda a: decisions.impact_not_seen(
            a,
            commands.ReportNoImpact(**dict(SEEN), next=FOLLOWING),
            next_action="n",
            **OTHER,
            **WHEN,
        ),
    ),
    "reopen": (
        {S.EFFECTIVE},
        lambda a: decisions.reopen(
            a,
            commands.ReopenAction(
                action="a1", next=FOLLOWING, finding="Again.", reason="The same was seen again."
            ),
            next_action="n",
            **WHEN,
        ),
    ),
    "recur": (
        {S.EFFECTIVE},
        lambda a: decisions.recur(
            a, finding="Again.", planned="", owner_here=True, new_id="n", **WHEN
        ),
    ),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", ActionState)
def test_a_step_is_taken_in_its_states_alone(step: str, state: ActionState) -> None:
    allowed, decide = STEPS[step]
    if state in allowed:
        assert decide(replace(BASE, state=state)), "it is recorded"
    else:
        found = codes_of(lambda: decide(replace(BASE, state=state)))
        ended = "action-ended" if state not in OPEN_STATES else "action-claimed"
        assert found in ([f"action-{state.value}"], [ended])


@pytest.mark.parametrize(
    "decide",
    [
        lambda a: decisions.progress(a, commands.NoteActionProgress(action="a1", note=" ")),
        lambda a: decisions.drop(a, commands.DropAction(action="a1", reason=" ")),
        lambda a: decisions.transfer(
            a,
            commands.TransferAction(action="a1", owner="p-other", reason=" "),
            team="east",
            service="s",
            **WHEN,
        ),
        lambda a: decisions.reschedule(
            a,
            commands.RescheduleAction(action="a1", due_on=TODAY, reason=" "),
            by="p-lead",
            today=TODAY,
        ),
    ],
)
def test_a_step_says_why(decide: Callable[[Action], Any]) -> None:
    [code] = codes_of(lambda: decide(replace(BASE, state=S.ACCEPTED)))
    assert code in ("note-missing", "reason-missing")


def test_returned_evidence_says_what_is_missing() -> None:
    claimed = replace(BASE, state=S.CLAIMED)

    def back(why: str) -> list[str]:
        command = commands.ReturnActionEvidence(action="a1", why=why)
        return codes_of(lambda: decisions.return_evidence(claimed, command, **OTHER))

    assert back(" ") == ["why-missing"]
    assert back("The May visit.") == []


def test_what_is_so_already_is_not_recorded_again() -> None:
    helped = standing(events.ActionContributorsNamed(old=(), new=("p-other",)))
    helped.when(
        lambda a: decisions.name_contributors(
            a, commands.NameActionContributors(action="a1", contributors=("p-other",))
        )
    ).nothing()
    helped.when(
        lambda a: decisions.name_contributors(
            a, commands.NameActionContributors(action="a1", contributors=("p-owner",))
        )
    ).refused("owner-contributes")
    linked = standing(events.ActionFindingLinked(audit="audit-2", domain="planning"))

    def link(audit: str, domain: str | None) -> Callable[[Action], Any]:
        return lambda a: decisions.link_finding(
            a, commands.LinkActionFinding(action="a1", audit=audit, domain=domain)
        )

    linked.when(link("audit-2", "planning")).nothing()
    linked.when(link("audit-1", "planning")).nothing()
    linked.when(link("audit-2", None)).then(
        events.ActionFindingLinked(audit="audit-2", domain=None)
    )
    same = standing().state.due_on
    standing().when(
        lambda a: decisions.reschedule(
            a,
            commands.RescheduleAction(action="a1", due_on=same, reason="On leave until May."),
            by="p-lead",
            today=TODAY,
        )
    ).nothing()


def test_a_discussion_is_asked_for_once_and_comes_first() -> None:
    standing().when(decisions.ask_discussion).then(events.ActionDiscussionAsked())
    asked = standing(events.ActionDiscussionAsked())
    asked.when(decisions.ask_discussion).nothing()

    def talked(action: Action, discussed: bool) -> list[str]:
        return codes_of(lambda: decisions.talked_over(action, discussed=discussed))

    assert talked(asked.state, False) == ["supervision-not-recorded"]
    assert talked(asked.state, True) == talked(standing().state, False) == []


def closed() -> Action:
    return standing(
        events.ActionAccepted(), CLAIMED, ACCEPTED,
        events.ImpactConfirmed(proof="other", reference="", note="Better."),
    ).state  # fmt: skip


def recur(today: date = TODAY, **values: Any) -> tuple[list[Any], list[Any]]:
    asked = {"planned": "", "owner_here": True, "new_id": "n", **values}
    return decisions.recur(closed(), finding="Again.", policy=POLICY, today=today, **asked)


def test_what_comes_back_goes_on_as_one_action_if_its_owner_can_take_it() -> None:
    reopened, [raised] = recur()
    assert reopened == [events.ActionReopened(finding="Again.", next="n")]
    assert (raised.action, raised.owner, raised.follows) == ("n", "p-owner", "a1")
    assert raised.due_on == clocks.accept_by(POLICY, TODAY) + timedelta(days=CARRIED_ON_DAYS)
    assert CARRIED_ON_DAYS == 28
    planned = recur(planned="a9")
    assert planned == ([events.ActionReopened(finding="Again.", next="a9")], [])
    assert recur(planned="a9", owner_here=False) == planned
    assert recur(owner_here=False) == ([events.ActionReopened(finding="Again.", next="")], [])


def test_a_loop_closed_long_ago_is_not_reopened() -> None:
    last = TODAY + timedelta(days=POLICY.reopen_within_days)
    assert recur(today=last)[0]
    assert recur(today=last + timedelta(days=1)) == ([], [])
    again = commands.ReopenAction(
        action="a1", next=FOLLOWING, finding="Again.", reason="The same was seen again."
    )
    after = last + timedelta(days=1)
    late = codes_of(
        lambda: decisions.reopen(closed(), again, next_action="n", policy=POLICY, today=after)
    )
    assert late == ["action-closed-long-ago"]
