"""An action as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from qa.actions import events
from qa.actions.states import ActionState, EvidenceKind
from qa.core.carry import carry
from qa.core.errors import NotFound
from qa.core.event import RecordedEvent


@dataclass(frozen=True, slots=True)
class Action:
    """What an action stands at. `raised_person` raised it; `closed_on` is when its impact was
    confirmed; `discuss` that its owner's supervision is to talk it over first."""

    id: str = ""
    raised: events.ActionRaised | None = None
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
    batch: str = ""

    @property
    def audit(self) -> str:
        return "" if self.raised is None else self.raised.audit

    @property
    def child(self) -> str:
        return "" if self.raised is None else self.raised.child

    @property
    def evidence_kinds(self) -> tuple[EvidenceKind, ...]:
        """The kinds of evidence that will do; none where any does."""
        if self.raised is None:
            return ()
        kind = self.raised.evidence_asked
        return self.raised.evidence_kinds if kind is None else (kind,)

    @property
    def about(self) -> str:
        """Whose key seals its texts: the child's, or the first owner's where there is no child."""
        assert self.raised is not None
        return about_of(self.raised)


def about_of(raised: events.ActionRaised) -> str:
    return f"child:{raised.child}" if raised.child else f"person:{raised.owner}"


def evolve(state: Action, recorded: RecordedEvent[Any]) -> Action:
    match recorded.event:
        case events.ActionRaised() as event:
            return carry(
                Action,
                event,
                id=event.action,
                raised=event,
                raised_person=recorded.meta.by,
                raised_on=recorded.meta.effective_on,
                batch=recorded.meta.source.batch if recorded.meta.source else "",
            )
        case events.ActionCorrected() as event:
            assert state.raised is not None
            return replace(
                state,
                raised=state.raised.model_copy(update={"text": event.new_text}),
                owner=event.new_owner,
                due_on=event.new_due_on,
            )
        case events.ActionAccepted():
            return replace(state, state=ActionState.ACCEPTED)
        case events.ActionChallenged():
            return replace(state, state=ActionState.CHALLENGED)
        case events.ActionProgressed():
            return replace(state, state=ActionState.IN_PROGRESS)
        case events.ActionContributorsNamed() as event:
            return replace(state, contributors=event.new)
        case events.ActionDiscussionAsked():
            return replace(state, discuss=True)
        case events.ActionFindingLinked() as event:
            return replace(state, linked=state.linked | {(event.audit, event.domain)})
        case events.ActionRescheduled() as event:
            return replace(state, due_on=event.new)
        case events.ActionTransferred() as event:
            return replace(
                state,
                owner=event.new,
                team=event.new_team,
                service=event.new_service,
                state=ActionState.RAISED,
            )
        case events.ActionTeamChanged() as event:
            return replace(state, team=event.new_team, service=event.new_service)
        case events.ActionNoLongerApplicable():
            return replace(state, state=ActionState.NO_LONGER_APPLICABLE)
        case _:
            return _towards_effect(state, recorded)


def _towards_effect(state: Action, recorded: RecordedEvent[Any]) -> Action:
    match recorded.event:
        case events.ActionClaimedDone():
            return replace(state, state=ActionState.CLAIMED)
        case events.EvidenceReturned():
            return replace(state, state=ActionState.RETURNED)
        case events.EvidenceAccepted() | events.ImpactTooEarly() as event:
            return replace(state, state=ActionState.VERIFICATION_DUE, verify_from=event.verify_from)
        case events.ImpactConfirmed():
            closed = recorded.meta.effective_on
            return replace(state, state=ActionState.EFFECTIVE, closed_on=closed)
        case events.ImpactNotSeen():
            return replace(state, state=ActionState.NOT_EFFECTIVE)
        case events.ActionReopened():
            return replace(state, state=ActionState.REOPENED)
        case _:
            return state


def known(action: Action) -> None:
    """Raises `NotFound` for an action that was never raised."""
    if not action.id:
        raise NotFound("There is no such action.")
