"""Decisions on inspectors' rooms: who may read from outside, how long, up to which event."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, NotNow, refuse_any
from qa.core.event import Event
from qa.core.naming import reference_key
from qa.inspections import events
from qa.inspections.commands import (
    AnswerInInspectorRoom,
    AskInInspectorRoom,
    ChangeInspectorRoomReach,
    CloseInspectorRoom,
    ExtendInspectorRoom,
    OpenInspectorRoom,
)
from qa.inspections.events import RoomAudit, RoomReach
from qa.inspections.state import COUNCIL, Room, RoomCase

C = TypeVar("C", bound=Hashable)

LONGEST = timedelta(days=366)
"""No room is open for longer at a time; it can be extended."""
MOST_CASES = 500
"""As many cases are named for a room."""


@dataclass(frozen=True, slots=True)
class ReachChoice:
    """What a room would open, the cases that are left out because their records are restricted,
    and what is wrong with what was asked."""

    reach: RoomReach
    left_out: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def known(room: Room) -> None:
    """Raises `NotFound` for a room that was never opened."""
    if not room.id:
        raise NotFound("There is no such inspector room.")


def reach_asked(
    command: OpenInspectorRoom | ChangeInspectorRoomReach,
    *,
    cases: Sequence[RoomCase],
    restricted: Collection[str],
    tools: Collection[str],
) -> ReachChoice:
    """What a room would open, and what is wrong with it.

    `cases` are the audits that could be meant, `restricted` the keys of children whose records are
    not for the inspector, `tools` those that exist. What is not within the scope is told as what
    does not exist is.
    """
    scope = command.scope or COUNCIL
    within = [one for one in cases if scope.covers(service=one.service, team=one.team)]
    audits = {one.reference.casefold(): one for one in within}
    children = {one.child_key: one.child for one in within if one.child_key}
    wanted = {reference_key(one): one.strip() for one in command.cases if one.strip()}
    named: list[RoomAudit] = []
    files: list[str] = []
    left_out, unknown = [], []
    for key, typed in wanted.items():
        audit = audits.get(key)
        child = key if audit is None else audit.child_key
        if audit is None and key not in children:
            unknown.append(typed)
        elif child in restricted:
            left_out.append(typed)
        elif audit is not None:
            named.append(RoomAudit(audit=audit.audit, reference=audit.reference))
        else:
            files.append(children[key])
    faults = []
    if len(wanted) > MOST_CASES:
        sentence = f"Name {MOST_CASES} cases at most; a scope or tools can open more."
        faults.append(Fault("cases", "cases-many", sentence))
    elif unknown:
        sentence = f"No audit or child within the scope is called {', '.join(unknown)}."
        faults.append(Fault("cases", "case-unknown", sentence))
    elif wanted and not (named or files):
        sentence = "The records of every case that you name are restricted, so nothing is left."
        faults.append(Fault("cases", "cases-left-out", sentence))
    chosen = tuple(dict.fromkeys(command.tools))
    missing = [tool for tool in chosen if tool not in tools]
    if missing:
        faults.append(Fault("tools", "tool-unknown", f"There is no tool {', '.join(missing)}."))
    reach = RoomReach(scope=scope, audits=tuple(named), children=tuple(files), tools=chosen)
    return ReachChoice(reach, tuple(left_out), tuple(faults))


def open_room(
    command: OpenInspectorRoom,
    *,
    reach: ReachChoice,
    room: str,
    pin: int | None,
    today: date,
    holds_roles: bool,
    manages: bool,
    owns_action: bool,
    has_room: bool,
) -> list[Event]:
    """Open a room for somebody from outside.

    Raises:
        Refused: every fault, by field.
    """
    faults, since = command.faults(), command.since or today
    if holds_roles:
        sentence = "This person holds a role in the council. An inspector holds none."
        faults.append(Fault("inspector", "inspector-has-roles", sentence))
    elif manages:
        sentence = "This person is a line manager. An inspector is none: move their people first."
        faults.append(Fault("inspector", "inspector-manages", sentence))
    elif owns_action:
        sentence = "This person owns actions. An inspector owns none: hand them over first."
        faults.append(Fault("inspector", "inspector-owns-actions", sentence))
    elif has_room:
        sentence = "This person has a room already. Close that first, or extend it."
        faults.append(Fault("inspector", "inspector-has-room", sentence))
    if since < today:
        faults.append(Fault("since", "date-past", "A room opens today or later."))
    faults += _until_faults(since, command.until)
    if command.pinned_on is not None and command.pinned_on > today:
        sentence = "Nothing is known yet of a day in the future."
        faults.append(Fault("pinned_on", "date-future", sentence))
    refuse_any([*faults, *reach.faults])
    return [
        carry(
            events.InspectorRoomOpened,
            command,
            room=room,
            since=since,
            pin=pin,
            **{name: getattr(reach.reach, name) for name in RoomReach.model_fields},
        )
    ]


def _until_faults(since: date, until: date) -> list[Fault]:
    if until < since:
        return [Fault("until", "date-before-start", "The last day is before the first.")]
    if until - since > LONGEST:
        return [Fault("until", "room-too-long", "A room is open for a year at the most.")]
    return []


def extend(room: Room, command: ExtendInspectorRoom, *, today: date) -> list[Event]:
    """Move the last day of a room, to an earlier or a later one.

    Raises:
        NotNow: the room is closed.   Refused: the day is past, or too far off.
    """
    _not_closed(room)
    faults = _until_faults(max(room.since, today), command.until)
    refuse_any(faults)
    if command.until == room.until:
        return []
    return [events.InspectorRoomExtended(old=room.until, new=command.until)]


def change_reach(
    room: Room,
    command: ChangeInspectorRoomReach,
    *,
    reach: ReachChoice,
    hidden: Collection[str] = (),
) -> list[Event]:
    """Say anew what a room opens. Cases of it that are `hidden` from whoever acts (ids of audits,
    children as they are named) stay: they can neither be named nor taken out by somebody who may
    not know of them, and a room about them alone never becomes one about everything.

    Raises:
        NotNow: the room is closed.   Refused: every fault, by field.
    """
    _not_closed(room)
    refuse_any([*command.faults(), *reach.faults])
    old, choice = room.reach, reach.reach
    new = RoomReach(
        scope=choice.scope,
        audits=_with(old.audits, choice.audits, [one for one in old.audits if one.audit in hidden]),
        children=_with(old.children, choice.children, [c for c in old.children if c in hidden]),
        tools=choice.tools,
    )
    return [] if new == old else [events.InspectorRoomReachChanged(old=old, new=new)]


def _with(old: Sequence[C], choice: Sequence[C], kept: Sequence[C]) -> tuple[C, ...]:
    """What is asked with what is kept, each once, in the order that they had."""
    places = {one: at for at, one in enumerate(old)}
    both = dict.fromkeys((*choice, *kept))
    return tuple(sorted(both, key=lambda one: places.get(one, len(places))))


def close(room: Room, command: CloseInspectorRoom) -> list[Event]:
    """Close a room at once.

    Raises:
        NotNow: it is closed already.   Refused: no reason is given.
    """
    _not_closed(room)
    command.check_each()
    return [events.InspectorRoomClosed()]


def ask(room: Room, command: AskInInspectorRoom, *, question: str, today: date) -> list[Event]:
    """Ask the council a question.

    Raises:
        NotNow: the room is not open.   Refused: nothing was asked.
    """
    if not room.open_on(today):
        raise NotNow("This room is not open.", code="room-not-open")
    command.check_each()
    text, subject = command.asked.strip(), command.subject[:200]
    return [events.InspectorQuestionAsked(question=question, asked=text, subject=subject)]


def answer(room: Room, command: AnswerInInspectorRoom) -> list[Event]:
    """Answer a question, or add to an answer.

    Raises:
        NotFound: no such question.   Refused: nothing is answered.
    """
    if command.question not in room.questions:
        raise NotFound("There is no such question.")
    command.check_each()
    answer = command.answer.strip()
    return [events.InspectorQuestionAnswered(question=command.question, answer=answer)]


def _not_closed(room: Room) -> None:
    if room.closed:
        raise NotNow("This room is closed.", code="room-closed")
