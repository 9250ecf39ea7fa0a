"""Decisions on the supervision that one person gives another, and the pair as its events leave
it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from qa.audits.decisions import child_faults
from qa.core.clock import add_months
from qa.core.errors import Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event, RecordedEvent
from qa.core.reasons import owe_reason, reason_faults
from qa.supervision import events
from qa.supervision.states import NotHeldWhy, Standard

LONGEST = 4000
MOST_NAMED = 200


@dataclass(frozen=True, slots=True)
class SupervisionPairState:
    """One pair. `held` and `not_held` are the days of the sessions that stand, by their ids."""

    id: str = ""
    supervisor: str = ""
    practitioner: str = ""
    team: str = ""
    service: str = ""
    standard: Standard = "regular"
    standard_since: date = date.min
    began_on: date = date.min
    ended_on: date | None = None
    held: frozenset[tuple[str, date]] = frozenset()
    not_held: frozenset[tuple[str, date]] = frozenset()

    @property
    def about(self) -> str:
        """Whose key seals what is said of the sessions: the practitioner's."""
        return f"person:{self.practitioner}"


def evolve(state: SupervisionPairState, recorded: RecordedEvent[Any]) -> SupervisionPairState:
    on = recorded.meta.effective_on
    match recorded.event:
        case events.SupervisionBegan() as event:
            return SupervisionPairState(
                id=event.pair,
                supervisor=event.supervisor,
                practitioner=event.practitioner,
                team=event.team,
                service=event.service,
                standard=event.standard,
                standard_since=on,
                began_on=on,
            )
        case events.SupervisionStandardSet() as event:
            return replace(state, standard=event.new, standard_since=on)
        case events.SupervisionHeld() as event:
            return replace(state, held=state.held | {(event.session, event.held_on)})
        case events.SupervisionNotHeld() as event:
            return replace(state, not_held=state.not_held | {(event.session, event.planned_on)})
        case events.SupervisionSessionWithdrawn() as event:
            return replace(
                state,
                held=frozenset(one for one in state.held if one[0] != event.session),
                not_held=frozenset(one for one in state.not_held if one[0] != event.session),
            )
        case events.SupervisionEnded():
            return replace(state, ended_on=on)
        case _:
            return state


def known(pair: SupervisionPairState) -> None:
    """Raises `NotFound` for a supervision that never began."""
    if not pair.id:
        raise NotFound("There is no such supervision.")


def begin(
    began: events.SupervisionBegan,
    *,
    since: date,
    today: date,
    above_supervisor: Collection[str],
    already: bool,
) -> list[Event]:
    """Say that one person supervises another.

    `above_supervisor` is the supervisor's own line, and `already` whether the two are a pair now.

    Raises:
        Refused: self-supervision, a supervisor beneath the practitioner, a second time, the future.
    """
    faults: list[Fault] = []
    if began.supervisor == began.practitioner:
        faults.append(Fault("supervisor", "own-supervision", "Nobody supervises themselves."))
    elif began.practitioner in above_supervisor:
        sentence = "The practitioner is above the supervisor in the line."
        faults.append(Fault("supervisor", "supervisor-beneath", sentence))
    elif already:
        sentence = "This person supervises the practitioner already."
        faults.append(Fault("practitioner", "supervision-twice", sentence))
    faults += _past(since, "since", today)
    if since < add_months(today, -60):
        faults.append(Fault("since", "date-far", "Enter a day within the last five years."))
    if faults:
        raise Refused(faults)
    return [began]


def switch_standard(
    pair: SupervisionPairState, *, standard: Standard, since: date, today: date
) -> list[Event]:
    """From `since` on, sessions are owed by another standard.

    Raises:
        NotNow: the supervision has ended.   Refused: nothing changes; a day in the future, or
            before the standard that it replaces.
    """
    _going_on(pair)
    faults = _past(since, "since", today)
    if standard == pair.standard:
        faults.append(Fault("standard", "standard-same", "This standard holds already."))
    if since < pair.standard_since:
        first = pair.standard_since
        faults.append(
            Fault(
                "since",
                "date-before",
                f"The standard that holds now began on {first.day} {first:%B} {first.year}.",
            )
        )
    if faults:
        raise Refused(faults)
    return [events.SupervisionStandardSet(old=pair.standard, new=standard)]


def hold(pair: SupervisionPairState, held: events.SupervisionHeld, *, today: date) -> list[Event]:
    """Record a session that was held. After the supervision has ended, one held before is taken.

    Raises:
        Refused: a day in the future, outside the supervision, or on which one is recorded already;
            too many references or a note that is too long.
    """
    faults = _day(pair, held.held_on, "held_on", today)
    faults += _named(held.actions, "actions") + _named(held.cases, "cases") + _short(held.note)
    if faults:
        raise Refused(faults)
    tidy = {
        "note": held.note.strip(),
        "cases": tuple(dict.fromkeys(held.cases)),
        "actions": tuple(dict.fromkeys(held.actions)),
    }
    return [held.model_copy(update=tidy)]


def not_hold(
    pair: SupervisionPairState,
    *,
    session: str,
    planned_on: date,
    why: NotHeldWhy,
    note: str,
    today: date,
) -> list[Event]:
    """Record that a planned session was not held, and why.

    Raises:
        Refused: a day in the future, outside the supervision, or on which one is recorded already;
            no words where the reason is something else.
    """
    faults = _day(pair, planned_on, "planned_on", today)
    if why == "other":
        faults += reason_faults(note, "Say why it was not held.", field="note", longest=LONGEST)
    else:
        faults += _short(note)
    if faults:
        raise Refused(faults)
    return [
        events.SupervisionNotHeld(
            session=session, planned_on=planned_on, why=why, note=note.strip()
        )
    ]


def withdraw(pair: SupervisionPairState, *, session: str, reason: str) -> list[Event]:
    """Say that what was recorded of a session was a mistake; both stay on record.

    Raises:
        NotFound: no such session, or it was withdrawn before.   Refused: no reason.
    """
    if session not in {one for one, _ in (*pair.held, *pair.not_held)}:
        raise NotFound("There is no such session on record.")
    owe_reason(reason, "Say what was wrong.")
    return [events.SupervisionSessionWithdrawn(session=session)]


def end(pair: SupervisionPairState, *, on: date, reason: str, today: date) -> list[Event]:
    """Say that the one no longer supervises the other.

    Raises:
        NotNow: it has ended.   Refused: no reason; the future; before a session that was held.
    """
    _going_on(pair)
    last = max([pair.began_on, *(day for _, day in pair.held)])
    faults = _past(on, "on", today)
    if on < last:
        sentence = f"There is something on record for {last.day} {last:%B} {last.year}."
        faults.append(Fault("on", "date-before", sentence))
    faults += reason_faults(reason, "Say why it ends.")
    if faults:
        raise Refused(faults)
    return [events.SupervisionEnded()]


def set_aside(*, practitioner: str, audits: Sequence[str], reason: str) -> list[Event]:
    """Say that no check follows from these audits. Raises `Refused` without a reason or audits."""
    if not audits:
        raise Refused("There is no prompt for this person.", field="audits", code="prompt-none")
    owe_reason(reason, "Say why no check follows.")
    return [
        events.SupervisionPromptSetAside(
            practitioner=practitioner, audits=tuple(dict.fromkeys(audits))
        )
    ]


def _going_on(pair: SupervisionPairState) -> None:
    if pair.ended_on is not None:
        raise NotNow("This supervision has ended.", code="supervision-ended")


def _day(pair: SupervisionPairState, day: date, field: str, today: date) -> list[Fault]:
    faults = _past(day, field, today)
    if day < pair.began_on:
        sentence = "The supervision had not begun on that day."
        faults.append(Fault(field, "date-before", sentence))
    elif pair.ended_on is not None and day > pair.ended_on:
        faults.append(Fault(field, "date-after", "The supervision had ended by that day."))
    if day in {on for _, on in (*pair.held, *pair.not_held)}:
        sentence = "A session is recorded for that day already. Withdraw it if it is wrong."
        faults.append(Fault(field, "session-twice", sentence))
    return faults


def _past(day: date, field: str, today: date) -> list[Fault]:
    if day > today:
        return [Fault(field, "date-future", "Enter today or a day before it.")]
    return []


def _named(references: Sequence[str], field: str) -> list[Fault]:
    if len(references) > MOST_NAMED or any(not 0 < len(one) <= 60 for one in references):
        sentence = f"Name up to {MOST_NAMED}, each with its reference of up to 60 characters."
        return [Fault(field, "references-malformed", sentence)]
    return []


def _short(note: str) -> list[Fault]:
    if len(note) > LONGEST:
        return [Fault("note", "note-long", f"Use {LONGEST} characters or fewer.")]
    return []


def cases_named(cases: Iterable[str]) -> None:
    """Raises `Refused` with every reference that names no child’s file."""
    faults = [fault for case in cases for fault in child_faults(case)]
    refuse_any(replace(fault, field="cases") for fault in faults)


def cases_of(practitioner: str, holders: Set[str | None]) -> None:
    """Raises `Refused` for audits of cases that somebody else holds."""
    if holders - {practitioner}:
        sentence = "These audits are not of this practitioner’s cases."
        raise Refused(sentence, field="audits", code="audit-of-another")
