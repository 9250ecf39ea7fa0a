"""The day an event is true of, as we know it now: the rule behind every "as true on".

An event is true of its effective day, with these exceptions, each for a reason given in ADR 0019:

- *Steps* (allocated, started, assigned …) lead up to an act and state no day of their own. A step
  was taken by the day of the act that follows it, whenever it was typed in.
- *Acts* keep the order of the record: nobody moderated what had not been audited. An act is never
  true before the act it follows.
- An audit that is submitted again is another act, true of the day it was sent: until then the
  first judgement stood.
- A *correction* is true of the day of what it corrects: we now say that it was never otherwise.
  A corrected audit date moves the submission itself to the right day.
- *Cancelled (entered in error)* means that there should never have been such an audit: true from
  its first day. The same holds for a moderation that came from a file and is undone.
- What is told of a plan and its actions is true of its own day: a review as at March says nothing
  of when a date was moved. But nothing is true of a thing (a review, a request, a part …) before
  the thing is, and a review withdrawn as a mistake never was. The same holds for the sessions of a
  supervision and for concerns.
- A role is held from the day the grant names, and ends no earlier than it began. Whoever is said
  to have held a role on a day was known by that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from qa.audits import events as audit_events
from qa.audits.moderation_events import (
    DisputeAssigned,
    ModerationAssigned,
    ModerationCancelled,
    ModerationImported,
    ModerationNotSelected,
    ModerationSelected,
    ModerationUnblinded,
)
from qa.core.clock import civil_day
from qa.core.event import Event, RecordedEvent
from qa.people import events as people_events
from qa.plans import action_events
from qa.plans import events as plan_events
from qa.safeguarding import events as safeguarding_events
from qa.supervision import events as supervision_events

STEPS: tuple[type[Event], ...] = (
    audit_events.CaseAuditAllocated,
    audit_events.CaseAuditReassigned,
    audit_events.CaseAuditTeamChanged,
    audit_events.CaseAuditExtended,
    audit_events.CaseAuditStarted,
    ModerationSelected,
    ModerationNotSelected,
    ModerationAssigned,
    ModerationUnblinded,
    DisputeAssigned,
)
CONTENT: tuple[type[Event], ...] = (
    audit_events.CaseAuditSubmitted,
    audit_events.CaseAuditResubmitted,
    audit_events.CaseAuditImported,
)
REACH_BACK: tuple[type[Event], ...] = (
    audit_events.CaseAuditCorrected,
    audit_events.CaseAuditChoiceCorrected,
    audit_events.CaseAuditImportCorrected,
    audit_events.CaseAuditVoided,
    ModerationCancelled,
    action_events.PlanActionAssessmentWithdrawn,
    supervision_events.SupervisionSessionWithdrawn,
    safeguarding_events.SafeguardingConcernImportWithdrawn,
)
"""Events that may be true of an earlier day than they themselves can tell."""


def own_day(recorded: RecordedEvent[Any]) -> date | None:
    """The day that one event states by itself; None where it depends on an earlier event."""
    event = recorded.event
    if isinstance(event, REACH_BACK):
        return None
    if isinstance(event, audit_events.CaseAuditResubmitted):
        return civil_day(recorded.recorded_at)
    if isinstance(event, people_events.RoleGranted):
        return event.grant.since
    return recorded.meta.effective_on


def true_days(stream: Sequence[RecordedEvent[Any]]) -> list[date]:
    """The true day of every event of one stream, given whole up to what is known, in its order."""
    if not stream:
        return []
    kind = stream[0].stream.partition(":")[0]
    if kind == "case-audit":
        return _audit(stream)
    if kind == "person":
        return _person(stream)
    if kind == "indicator":
        return _indicator(stream)
    if kind in ("plan", "plan-action", "supervision"):
        days = _by_thing(stream)
        # Whatever is told of it, it was there by then.
        return [min(days), *days[1:]]
    if kind == "safeguarding":
        return _by_thing(stream)
    return _by_what_follows([recorded.meta.effective_on for recorded in stream])


def _by_what_follows(days: Sequence[date]) -> list[date]:
    """What an event follows was so by the day of that event."""
    found = list(days)
    for at in range(len(found) - 2, -1, -1):
        found[at] = min(found[at], found[at + 1])
    return found


_BRINGS: dict[type[Event], str] = {
    plan_events.PlanPartAdded: "part",
    plan_events.TaskGroupFormed: "group",
    plan_events.BoardMeetingCalled: "meeting",
    action_events.PlanActionAssessed: "assessment",
    action_events.PlanActionRescheduleAsked: "request",
    action_events.SuccessMeasureSet: "measure",
    supervision_events.SupervisionHeld: "session",
    supervision_events.SupervisionNotHeld: "session",
    safeguarding_events.SafeguardingConcernRaised: "concern",
    safeguarding_events.SafeguardingConcernImported: "concern",
}
"""The events that bring a thing into a plan, an action, a supervision or the concerns of an audit,
with the field that names it."""


def _by_thing(stream: Sequence[RecordedEvent[Any]]) -> list[date]:
    days: list[date] = []
    began: dict[tuple[str, str], date] = {}
    for recorded in stream:
        event = recorded.event
        day = recorded.meta.effective_on
        of = [(name, getattr(event, name, "")) for name in set(_BRINGS.values())]
        day = max(day, *(began.get(thing, day) for thing in of))
        if isinstance(event, action_events.PlanActionAssessmentWithdrawn):
            day = began[("assessment", event.assessment)]
        elif isinstance(event, supervision_events.SupervisionSessionWithdrawn):
            day = began[("session", event.session)]
        elif isinstance(event, safeguarding_events.SafeguardingConcernImportWithdrawn):
            day = began[("concern", event.concern)]
        brings = _BRINGS.get(type(event))
        if brings is not None:
            began[(brings, getattr(event, brings))] = day
        days.append(day)
    return days


def _audit(stream: Sequence[RecordedEvent[Any]]) -> list[date]:
    days: dict[int, date] = {}
    dated = _audit_dates(stream)
    last = date.min
    waiting: list[int] = []
    for at, recorded in enumerate(stream):
        if isinstance(recorded.event, STEPS):
            waiting.append(at)
            continue
        if isinstance(recorded.event, audit_events.CaseAuditVoided):
            # What is brought in anew after this follows nothing that went before.
            _place(stream, waiting, days, last, date.max)
            last = date.min
        if _corrects(stream, at):
            continue
        stated = dated.get(at) or own_day(recorded) or recorded.meta.effective_on
        floor, last = last, max(last, stated)
        _place(stream, waiting, days, floor, last)
        days[at] = last
    _place(stream, waiting, days, last, date.max)
    return [
        days[at] if at in days else _corrected_day(stream, at, days) for at in range(len(stream))
    ]


def _place(
    stream: Sequence[RecordedEvent[Any]],
    waiting: list[int],
    days: dict[int, date],
    floor: date,
    ceiling: date,
) -> None:
    """Put the steps that wait between the act before them and the act that follows."""
    for at in waiting:
        floor = min(max(floor, stream[at].meta.effective_on), ceiling)
        days[at] = floor
    waiting.clear()


def _audit_dates(stream: Sequence[RecordedEvent[Any]]) -> dict[int, date]:
    """The days of submissions whose audit date was corrected afterwards."""
    found: dict[int, date] = {}
    content = None
    for at, recorded in enumerate(stream):
        event = recorded.event
        if isinstance(event, CONTENT):
            content = at
        elif (
            isinstance(event, audit_events.CaseAuditCorrected)
            and event.field == "audit_date"
            and event.new_date is not None
            and content is not None
            and not isinstance(stream[content].event, audit_events.CaseAuditResubmitted)
        ):
            found[content] = event.new_date
        elif isinstance(event, audit_events.CaseAuditImportCorrected) and content is not None:
            found[content] = event.new.audit_date
    return found


def _corrects(stream: Sequence[RecordedEvent[Any]], at: int) -> bool:
    """Whether the event at this place says something of an earlier one rather than of a new day."""
    event = stream[at].event
    if isinstance(event, ModerationCancelled):
        return _imported(stream, at, event.moderation) is not None
    return isinstance(event, REACH_BACK)


def _imported(stream: Sequence[RecordedEvent[Any]], at: int, moderation: str) -> int | None:
    """The place of the event that brought in a moderation from a file, before `at`."""
    for earlier in range(at - 1, -1, -1):
        event = stream[earlier].event
        if isinstance(event, ModerationImported) and event.moderation == moderation:
            return earlier
    return None


def _corrected_day(stream: Sequence[RecordedEvent[Any]], at: int, days: dict[int, date]) -> date:
    """The day of what the event at this place corrects."""
    event = stream[at].event
    if isinstance(event, ModerationCancelled):
        brought = _imported(stream, at, event.moderation)
        assert brought is not None
        return days[brought]
    if isinstance(event, audit_events.CaseAuditVoided):
        begun = [
            earlier
            for earlier in range(at)
            if isinstance(
                stream[earlier].event,
                (audit_events.CaseAuditAllocated, audit_events.CaseAuditImported),
            )
        ]
        return days[begun[-1]]
    content = [earlier for earlier in range(at) if isinstance(stream[earlier].event, CONTENT)]
    return days[content[-1]]


def _person(stream: Sequence[RecordedEvent[Any]]) -> list[date]:
    days: list[date] = []
    granted: dict[tuple[Any, ...], date] = {}
    for recorded in stream:
        day = own_day(recorded) or recorded.meta.effective_on
        event = recorded.event
        if isinstance(event, people_events.RoleGranted | people_events.RoleEnded):
            key = (event.grant.role, event.grant.scope, event.grant.since)
            day = max(day, granted.setdefault(key, day))
        days.append(day)
    # Somebody of whom a thing is true on a day was there by that day.
    return [min(days), *days[1:]]


def _indicator(stream: Sequence[RecordedEvent[Any]]) -> list[date]:
    """A value is true of its period whatever was told after it; the indicator was there by then."""
    days = [recorded.meta.effective_on for recorded in stream]
    return [min(days), *days[1:]]
