"""A pair and a check as their events leave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from qa.core.carry import carry
from qa.core.event import RecordedEvent
from qa.supervision import check_events, events
from qa.supervision.check_events import CheckContent
from qa.supervision.states import CheckState, Standard

SessionRecorded = events.SupervisionHeld | events.SupervisionNotHeld


@dataclass(frozen=True, slots=True)
class SupervisionPairState:
    """One pair, with what was `recorded` of each of its sessions that stand, by id."""

    id: str = ""
    supervisor: str = ""
    practitioner: str = ""
    team: str = ""
    service: str = ""
    standard: Standard = "regular"
    standard_since: date = date.min
    began_on: date = date.min
    ended_on: date | None = None
    recorded: Mapping[str, SessionRecorded] = field(default_factory=dict)

    @property
    def days(self) -> dict[str, date]:
        """The day of each session: that it took place on, or was planned for."""
        return {
            of: one.held_on if isinstance(one, events.SupervisionHeld) else one.planned_on
            for of, one in self.recorded.items()
        }

    def without(self, session: str) -> SupervisionPairState:
        """The pair as if that session had not been recorded."""
        left = {of: one for of, one in self.recorded.items() if of != session}
        return replace(self, recorded=left)

    @property
    def about(self) -> str:
        """Whose key seals what is said of the sessions: the practitioner's."""
        return f"person:{self.practitioner}"


def evolve_pair(state: SupervisionPairState, recorded: RecordedEvent[Any]) -> SupervisionPairState:
    on = recorded.meta.effective_on
    match recorded.event:
        case events.SupervisionBegan() as event:
            return carry(SupervisionPairState, event, id=event.pair, standard_since=on, began_on=on)
        case events.SupervisionStandardSet() as event:
            return replace(state, standard=event.new, standard_since=on)
        case events.SupervisionTeamChanged() as event:
            return replace(state, team=event.new_team, service=event.new_service)
        case events.SupervisionHeld() | events.SupervisionNotHeld() as event:
            return replace(state, recorded={**state.recorded, event.session: event})
        case events.SupervisionSessionWithdrawn() as event:
            return state.without(event.session)
        case events.SupervisionEnded():
            return replace(state, ended_on=on)
        case _:
            return state


@dataclass(frozen=True, slots=True)
class BroughtSessions:
    """A pair, its sessions that stand, each with its event, and those that batches withdrew for
    others of the same day, by batch and day."""

    pair: SupervisionPairState = field(default_factory=SupervisionPairState)
    standing: Mapping[str, RecordedEvent[Any]] = field(default_factory=dict)
    before: Mapping[tuple[str, date], RecordedEvent[Any]] = field(default_factory=dict)


def evolve_brought_sessions(
    state: BroughtSessions, recorded: RecordedEvent[Any]
) -> BroughtSessions:
    source, event = recorded.meta.source, recorded.event
    state = replace(state, pair=evolve_pair(state.pair, recorded))
    standing, before = dict(state.standing), state.before
    if isinstance(event, events.SupervisionHeld | events.SupervisionNotHeld):
        standing[event.session] = recorded
        return replace(state, standing=standing)
    if isinstance(event, events.SupervisionSessionWithdrawn):
        gone = standing.pop(event.session, None)
        if source is not None and gone is not None:
            before = {(source.batch, gone.meta.effective_on): gone, **before}
        return replace(state, standing=standing, before=before)
    return state


@dataclass(frozen=True, slots=True)
class SupervisionCheck:
    """What a check stands at. `moderator` is empty where nobody was asked; `waiting` says that
    their grades are not in yet."""

    id: str = ""
    scheduled: check_events.SupervisionCheckScheduled | None = None
    state: CheckState = CheckState.SCHEDULED
    content: CheckContent | None = None
    moderator: str = ""
    waiting: bool = False

    @property
    def schedule(self) -> check_events.SupervisionCheckScheduled:
        assert self.scheduled is not None
        return self.scheduled

    @property
    def pair(self) -> frozenset[str]:
        return frozenset({self.schedule.supervisor, self.schedule.practitioner})

    @property
    def about(self) -> str:
        """Whose key seals its texts: the practitioner's."""
        return f"person:{self.schedule.practitioner}"


def evolve_check(state: SupervisionCheck, recorded: RecordedEvent[Any]) -> SupervisionCheck:
    match recorded.event:
        case check_events.SupervisionCheckScheduled() as event:
            return SupervisionCheck(id=event.check, scheduled=event)
        case check_events.SupervisionCheckTeamChanged() as event:
            now = {"team": event.new_team, "service": event.new_service}
            return replace(state, scheduled=state.schedule.model_copy(update=now))
        case check_events.SupervisionCheckStarted():
            return replace(state, state=CheckState.IN_PROGRESS)
        case check_events.SupervisionCheckSubmitted() as event:
            return replace(state, state=CheckState.SUBMITTED, content=event.content)
        case check_events.SupervisionCheckCorrected() as event:
            return replace(
                state,
                state=CheckState.SUBMITTED,
                content=event.content,
                waiting=bool(state.moderator),
            )
        case check_events.SupervisionModerationAssigned() as event:
            return replace(state, moderator=event.moderator, waiting=True)
        case check_events.SupervisionCheckModerated():
            return replace(state, state=CheckState.MODERATED, waiting=False)
        case check_events.SupervisionFeedbackGiven():
            return replace(state, state=CheckState.FEEDBACK_GIVEN)
        case check_events.SupervisionCheckClosed():
            return replace(state, state=CheckState.CLOSED)
        case check_events.SupervisionCheckCancelled():
            return replace(state, state=CheckState.CANCELLED)
        case _:
            return state
