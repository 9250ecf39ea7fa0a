"""An action as its facts leave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from qa.actions import events as facts
from qa.actions.states import ActionState, EvidenceKind
from qa.core.errors import NotFound
from qa.core.fact import Recorded


def action_stream(action: str) -> str:
    return f"action:{action}"


@dataclass(frozen=True, slots=True)
class Action:
    """What an action stands at. `raised_person` raised it; `closed_on` is when its impact was
    confirmed; `discuss` that its owner's supervision is to talk it over first."""

    id: str = ""
    raised: facts.ActionRaised | None = None
    raised_person: str = ""
    raised_on: date = date.min
    owner: str = ""
    team: str = ""
    service: str = ""
    due_on: date = date.min
    contributors: tuple[str, ...] = ()
    linked: frozenset[tuple[str, str | None]] = frozenset()
    state: ActionState = ActionState.RAISED
    verify_from: date | None = None
    closed_on: date | None = None
    discuss: bool = False

    @property
    def audit(self) -> str:
        return "" if self.raised is None else self.raised.audit

    @property
    def evidence_asked(self) -> EvidenceKind | None:
        return None if self.raised is None else self.raised.evidence_asked

    @property
    def about(self) -> str:
        """Whose key seals its texts: the child's, or the first owner's where there is no child."""
        assert self.raised is not None
        return about_of(self.raised)


def about_of(raised: facts.ActionRaised) -> str:
    return f"child:{raised.child}" if raised.child else f"person:{raised.owner}"


def evolve(state: Action, recorded: Recorded[Any]) -> Action:
    match recorded.fact:
        case facts.ActionRaised() as fact:
            return Action(
                id=fact.action,
                raised=fact,
                raised_person=recorded.meta.by,
                raised_on=recorded.meta.effective_on,
                owner=fact.owner,
                team=fact.team,
                service=fact.service,
                due_on=fact.due_on,
            )
        case facts.ActionAccepted():
            return replace(state, state=ActionState.ACCEPTED)
        case facts.ActionChallenged():
            return replace(state, state=ActionState.CHALLENGED)
        case facts.ActionProgressed():
            return replace(state, state=ActionState.IN_PROGRESS)
        case facts.ActionContributorsNamed() as fact:
            return replace(state, contributors=fact.new)
        case facts.ActionDiscussionAsked():
            return replace(state, discuss=True)
        case facts.ActionFindingLinked() as fact:
            return replace(state, linked=state.linked | {(fact.audit, fact.domain)})
        case facts.ActionRescheduled() as fact:
            return replace(state, due_on=fact.new)
        case facts.ActionTransferred() as fact:
            return replace(
                state,
                owner=fact.new,
                team=fact.new_team,
                service=fact.new_service,
                state=ActionState.RAISED,
            )
        case facts.ActionNoLongerApplicable():
            return replace(state, state=ActionState.NO_LONGER_APPLICABLE)
        case _:
            return _towards_effect(state, recorded)


def _towards_effect(state: Action, recorded: Recorded[Any]) -> Action:
    match recorded.fact:
        case facts.ActionClaimedDone():
            return replace(state, state=ActionState.CLAIMED)
        case facts.EvidenceReturned():
            return replace(state, state=ActionState.RETURNED)
        case facts.EvidenceAccepted() | facts.ImpactTooEarly() as fact:
            return replace(state, state=ActionState.VERIFICATION_DUE, verify_from=fact.verify_from)
        case facts.ImpactConfirmed():
            closed = recorded.meta.effective_on
            return replace(state, state=ActionState.EFFECTIVE, closed_on=closed)
        case facts.ImpactNotSeen():
            return replace(state, state=ActionState.NOT_EFFECTIVE)
        case facts.ActionReopened():
            return replace(state, state=ActionState.REOPENED)
        case _:
            return state


def known(action: Action) -> None:
    """Raises `NotFound` for an action that was never raised."""
    if not action.id:
        raise NotFound("There is no such action.")
