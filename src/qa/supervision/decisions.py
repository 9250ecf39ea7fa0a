"""Decisions on the supervision that one person gives another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date

from qa.audits.decisions import child_faults
from qa.core.carry import carry
from qa.core.clock import add_months
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import ERASED, Event
from qa.core.reasons import owe_reason, reason_faults
from qa.imports.changes import meet
from qa.imports.rows import imported_id
from qa.people.teams import Team
from qa.supervision import commands, events
from qa.supervision.rows import ImportedSession
from qa.supervision.state import SessionRecorded, SupervisionPairState
from qa.supervision.words import NOT_HELD_LABELS

LONGEST = 4000
MOST_NAMED = 200


def known(pair: SupervisionPairState) -> None:
    """Raises `NotFound` for a supervision that never began."""
    if not pair.id:
        raise NotFound("There is no such supervision.")


def begin(
    command: commands.BeginSupervision,
    *,
    pair: str,
    team: Team,
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
    if command.supervisor == command.practitioner:
        faults.append(Fault("supervisor", "own-supervision", "Nobody supervises themselves."))
    elif command.practitioner in above_supervisor:
        sentence = "The practitioner is above the supervisor in the line."
        faults.append(Fault("supervisor", "supervisor-beneath", sentence))
    elif already:
        sentence = "This person supervises the practitioner already."
        faults.append(Fault("practitioner", "supervision-twice", sentence))
    faults += _past(command.since, "since", today)
    if command.since < add_months(today, -60):
        faults.append(Fault("since", "date-far", "Enter a day within the last five years."))
    refuse_any(faults)
    return [
        carry(events.SupervisionBegan, command, pair=pair, team=team.code, service=team.service)
    ]


def switch_standard(
    pair: SupervisionPairState, command: commands.SwitchSupervisionStandard, *, today: date
) -> list[Event]:
    """From `since` on, sessions are owed by another standard.

    Raises:
        NotNow: the supervision has ended.   Refused: nothing changes; a day in the future, or
            before the standard that it replaces.
    """
    _going_on(pair)
    faults = _past(command.since, "since", today)
    if command.standard == pair.standard:
        faults.append(Fault("standard", "standard-same", "This standard holds already."))
    if command.since < pair.standard_since:
        first = pair.standard_since
        faults.append(
            Fault(
                "since",
                "date-before",
                f"The standard that holds now began on {in_words(first)}.",
            )
        )
    refuse_any(faults)
    return [events.SupervisionStandardSet(old=pair.standard, new=command.standard)]


def hold(
    pair: SupervisionPairState, command: commands.RecordSession, *, session: str, today: date
) -> list[Event]:
    """Record a session that took place. After the supervision has ended, one held before is taken.

    Raises:
        Refused: a day in the future, outside the supervision, or on which one is recorded already;
            too many references or a note that is too long.
    """
    faults = _day(pair, command.held_on, "held_on", today)
    faults += _named(command.actions, "actions") + _named(command.cases, "cases")
    refuse_any([*faults, *command.faults()])
    named = {name: tuple(dict.fromkeys(getattr(command, name))) for name in ("actions", "cases")}
    return [carry(events.SupervisionHeld, command, session=session, **named)]


def not_hold(
    pair: SupervisionPairState, command: commands.RecordSessionNotHeld, *, session: str, today: date
) -> list[Event]:
    """Record that a planned session did not take place, and why.

    Raises:
        Refused: a day in the future, outside the supervision, or on which one is recorded already;
            no words where the reason is something else.
    """
    note, faults = command.note, _day(pair, command.planned_on, "planned_on", today)
    if command.why == "other":
        faults += reason_faults(
            note, "Say why it did not take place.", field="note", longest=LONGEST
        )
    elif len(note) > LONGEST:
        faults.append(Fault("note", "note-long", f"Use {LONGEST} characters or fewer."))
    refuse_any(faults)
    return [carry(events.SupervisionNotHeld, command, session=session)]


def bring_session(
    pair: SupervisionPairState, row: ImportedSession, *, today: date, corrects: bool
) -> list[Event]:
    """What a row of a file brings; nothing where a session of that day is on record so.

    Raises:
        Refused: as for a session that is recorded by hand; or the day has one of which the file
            says something else, unless the row `corrects` it.
    """
    of_day = {on: session for session, on in pair.days.items()}
    there = pair.recorded[of_day[row.on]] if row.on in of_day else None
    met = meet(
        None if there is None else _on_record(there, row),
        _stated(row),
        row=row.row,
        column="held_on",
        value=row.reference,
        corrects=corrects,
    )
    if met == "there":
        return []
    gone: list[Event] = []
    cases, note, actions = row.cases, row.note, tuple[str, ...]()
    if met == "changed" and there is not None:
        gone = [events.SupervisionSessionWithdrawn(session=there.session)]
        pair = pair.without(there.session)
        if isinstance(there, events.SupervisionHeld) == (row.not_held is None):
            # What the file leaves blank, and has no column for, stays as it was.
            note = note or ("" if there.note == ERASED else there.note)
            if isinstance(there, events.SupervisionHeld):
                cases, actions = cases or there.cases, there.actions
    session = imported_id(
        "supervision-session", pair.id, row.on.isoformat(), row.not_held or "held"
    )
    if row.not_held is None:
        cases_named(cases)
        recorded = commands.RecordSession(
            pair=pair.id, held_on=row.on, actions=actions, cases=cases, note=note
        )
        return [*gone, *hold(pair, recorded, session=session, today=today)]
    missing = commands.RecordSessionNotHeld(
        pair=pair.id, planned_on=row.on, why=row.not_held, note=note
    )
    return [*gone, *not_hold(pair, missing, session=session, today=today)]


_ANOTHER, _OTHERS = "Another text", "Other children"


def _stated(row: ImportedSession) -> Mapping[str, object]:
    """What a row says of a session, cell by cell."""
    why = None if row.not_held is None else NOT_HELD_LABELS[row.not_held]
    found = {"held": row.not_held is None, "why": why}
    return {**found, "cases": ", ".join(row.cases), "note": row.note}


def _on_record(there: SessionRecorded, row: ImportedSession) -> Mapping[str, object]:
    """The same of the session of that day. Not everybody who sends a file may read what is written
    of it: where that differs, it is only told that it does; what the row leaves blank does not."""
    took_place = isinstance(there, events.SupervisionHeld)
    cases = there.cases if isinstance(there, events.SupervisionHeld) else ()
    same_cases = not row.cases or not took_place or {*row.cases} == {*cases}
    same_note = not row.note or row.note == there.note or there.note == ERASED
    return {
        "held": took_place,
        "why": None if isinstance(there, events.SupervisionHeld) else NOT_HELD_LABELS[there.why],
        "cases": ", ".join(row.cases) if same_cases else _OTHERS if cases else "",
        "note": row.note if same_note else _ANOTHER if there.note else "",
    }


def withdraw(pair: SupervisionPairState, command: commands.WithdrawSession) -> list[Event]:
    """Say that what was recorded of a session was a mistake; both stay on record.

    Raises:
        NotFound: no such session, or it was withdrawn before.   Refused: no reason.
    """
    if command.session not in pair.recorded:
        raise NotFound("There is no such session on record.")
    owe_reason(command.reason, "Say what was wrong.")
    return [events.SupervisionSessionWithdrawn(session=command.session)]


def end(
    pair: SupervisionPairState, command: commands.EndSupervision, *, today: date
) -> list[Event]:
    """Say that the one no longer supervises the other.

    Raises:
        NotNow: it has ended.   Refused: no reason; the future; before a session that was held.
    """
    _going_on(pair)
    those = (
        one.held_on for one in pair.recorded.values() if isinstance(one, events.SupervisionHeld)
    )
    last = max([pair.began_on, *those])
    faults = _past(command.on, "on", today)
    if command.on < last:
        sentence = f"There is something on record for {in_words(last)}."
        faults.append(Fault("on", "date-before", sentence))
    faults += reason_faults(command.reason, "Say why it ends.")
    refuse_any(faults)
    return [events.SupervisionEnded()]


def set_aside(command: commands.SetSupervisionPromptAside) -> list[Event]:
    """Say that no check follows from these audits. Raises `Refused` without a reason or audits."""
    if not command.audits:
        raise Refused("There is no prompt for this person.", field="audits", code="prompt-none")
    owe_reason(command.reason, "Say why no check follows.")
    return [
        events.SupervisionPromptSetAside(
            practitioner=command.practitioner, audits=tuple(dict.fromkeys(command.audits))
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
    if day in pair.days.values():
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


def cases_named(cases: Iterable[str]) -> None:
    """Raises `Refused` with every reference that names no child’s file."""
    faults = [fault for case in cases for fault in child_faults(case)]
    refuse_any(replace(fault, field="cases") for fault in faults)


def cases_of(practitioner: str, holders: Set[str | None]) -> None:
    """Raises `Refused` for audits of cases that somebody else holds."""
    if holders - {practitioner}:
        sentence = "These audits are not of this practitioner’s cases."
        raise Refused(sentence, field="audits", code="audit-of-another")
