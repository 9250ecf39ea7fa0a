"""Decisions about people: who there is, what they are trusted with, who they report to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from qa.core.carry import carry
from qa.core.clock import civil_day
from qa.core.errors import Conflict, Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event, RecordedEvent
from qa.core.words import Actor, Grant, Role
from qa.people import commands, events
from qa.people.days import not_far_ahead
from qa.people.teams import Team

HANDLE = re.compile(r"^[a-z][a-z0-9.-]{1,38}[a-z0-9]$")
"""The same as `qa.security.accounts.credentials` asks of a sign-in name."""


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody who stands in for a person from `since` to `until`, both days included."""

    person: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Placement:
    """Where somebody works from the day `since` on, until the next placement of theirs."""

    since: date
    team: str | None = None
    service: str | None = None
    manager: str | None = None
    job_title: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person as their events leave them; `on` a day, team, line manager and job title are those
    of that day."""

    id: str = ""
    handle: str = ""
    name: str = ""
    job_title: str = ""
    team: str | None = None
    service: str | None = None
    manager: str | None = None
    grants: tuple[Grant, ...] = ()
    departed_on: date | None = None
    joined_to: str | None = None
    deputies: tuple[Deputy, ...] = ()
    placements: tuple[Placement, ...] = ()

    def on(self, day: date) -> Person:
        """The person as they are placed on `day`: of what was told of one day the last counts."""
        found = [one for one in self.placements if one.since <= day]
        if not found:
            return self
        last = max(found, key=lambda one: one.since)
        return replace(
            self,
            team=last.team,
            service=last.service,
            manager=last.manager,
            job_title=last.job_title,
        )

    def placed(self, placement: Placement) -> Person:
        """The person with a placement, in place of one from the same day."""
        others = (one for one in self.placements if one.since != placement.since)
        return replace(self, placements=(*others, placement))

    @property
    def exists(self) -> bool:
        return bool(self.id)

    def here_on(self, day: date) -> bool:
        return self.exists and (self.departed_on is None or day <= self.departed_on)

    def grants_on(self, day: date) -> tuple[Grant, ...]:
        if not self.here_on(day):
            return ()
        return tuple(grant for grant in self.grants if grant.holds_on(day))

    def actor(self, day: date) -> Actor:
        """The person as somebody who acts on `day`."""
        return Actor(self.id, self.grants_on(day), self.team, self.service)


def evolve(state: Person, recorded: RecordedEvent[Any]) -> Person:
    match recorded.event:
        case events.PersonAdded() as event:
            return carry(Person, event, id=event.person, placements=(_placement(event, date.min),))
        case events.PersonRenamed() as event:
            return replace(state, name=event.new)
        case events.PersonMoved() as event:
            moved = _placement(event, recorded.meta.effective_on)
            return state.placed(moved).on(civil_day(recorded.recorded_at))
        case events.RoleGranted() as event:
            return replace(state, grants=(*state.grants, event.grant))
        case events.RoleEnded() as event:
            ended = event.grant.model_copy(update={"until": recorded.meta.effective_on})
            kept = tuple(ended if grant == event.grant else grant for grant in state.grants)
            return replace(state, grants=kept)
        case events.PersonDeparted():
            return replace(state, departed_on=recorded.meta.effective_on)
        case events.PersonReturned():
            return replace(state, departed_on=None)
        case events.PersonJoined() as event:
            return replace(state, joined_to=event.joined_to)
        case events.PersonParted():
            return replace(state, joined_to=None)
        case events.DeputyNamed() as event:
            named = Deputy(event.deputy, event.since, event.until)
            return replace(state, deputies=(*state.deputies, named))
        case events.DeputyEnded() as event:
            return replace(state, deputies=_ended(state, event, recorded.meta.effective_on))
        case _:
            return state


def _placement(event: events.PersonAdded | events.PersonMoved, since: date) -> Placement:
    return Placement(since, event.team, event.service, event.manager, event.job_title)


def _ended(state: Person, event: events.DeputyEnded, on: date) -> tuple[Deputy, ...]:
    return tuple(
        replace(one, until=min(one.until, on - timedelta(days=1)))
        if (one.person, one.since) == (event.deputy, event.since)
        else one
        for one in state.deputies
    )


def add(command: commands.AddPerson, *, person: str, belongs: Team | None) -> list[Event]:
    """Add a person.

    Raises:
        Refused: handle or name missing or malformed; every fault named.
    """
    faults = command.faults()
    if not HANDLE.match(command.handle):
        sentence = (
            "A sign-in name has 3 to 40 lower-case letters, digits, dots or hyphens, starts "
            "with a letter and ends with a letter or digit."
        )
        faults.insert(0, Fault("handle", "handle-malformed", sentence))
    refuse_any(faults)
    return [
        carry(
            events.PersonAdded,
            command,
            person=person,
            team=None if belongs is None else belongs.code,
            service=None if belongs is None else belongs.service,
            manager=command.manager or None,
        )
    ]


def _known(person: Person) -> None:
    if not person.exists:
        raise Refused("There is no such person.", field="person", code="person-unknown")


def with_account(person: Person) -> None:
    """Raises `NotFound` for somebody who was never added: they have no way of signing in."""
    if not person.exists:
        raise NotFound("There is no such person.")


def rename(person: Person, command: commands.RenamePerson) -> list[Event]:
    _known(person)
    command.refuse_faults()
    if command.name.strip() == person.name:
        return []
    return [events.PersonRenamed(old=person.name, new=command.name.strip())]


def move(
    person: Person, command: commands.MovePerson, *, belongs: Team | None, on: date, today: date
) -> list[Event]:
    """Record where somebody works from the day `on`, be it past or still to come.

    Raises:
        Refused: their own manager; a day too far ahead; they have left by then.
    """
    _known(person)
    not_far_ahead(on, field="effective_on", today=today)
    if not person.here_on(on):
        sentence = f"{person.name} has left by then."
        raise Refused(sentence, field="effective_on", code="person-departed")
    if command.manager == person.id:
        raise Refused("Nobody is their own line manager.", field="manager", code="own-manager")
    moved = events.PersonMoved(
        team=None if belongs is None else belongs.code,
        service=None if belongs is None else belongs.service,
        manager=command.manager or None,
        job_title=command.job_title.strip(),
    )
    placement = person.on(on)
    as_is = (placement.team, placement.service, placement.manager, placement.job_title)
    return [] if as_is == (moved.team, moved.service, moved.manager, moved.job_title) else [moved]


def grant_role(
    person: Person, command: commands.GrantRole, *, today: date
) -> list[events.RoleGranted]:
    """Grant a role, from today on if no first day is given.

    Raises:
        Refused: the person left, the dates are the wrong way round, the role is not grantable.
        Conflict: the same role with the same reach is already held.
    """
    _known(person)
    since = command.since or today
    if not person.here_on(max(since, today)):
        raise Refused(f"{person.name} has left.", field="person", code="person-departed")
    if command.role is Role.SYSTEM:
        raise Refused("Nobody can be given this role.", field="role", code="role-reserved")
    if command.until is not None and command.until < since:
        raise Refused("The last day is before the first day.", field="until", code="dates-reversed")
    for earlier in person.grants:
        if (
            earlier.role is command.role
            and earlier.scope == command.scope
            and earlier.holds_on(since)
        ):
            raise Conflict(f"{person.name} already holds this role there.", code="role-held")
    command.refuse_faults()
    grant = carry(Grant, command, since=since)
    return [events.RoleGranted(grant=grant)]


def end_role(person: Person, command: commands.EndRole, *, today: date) -> list[Event]:
    """End a role; its last day may be past or still to come.

    Raises:
        NotNow: they do not hold it.   Refused: the day is before its first or after its last, or
            too far ahead.
    """
    _known(person)
    if command.grant not in person.grants:
        raise NotNow(f"{person.name} does not hold this role.", code="role-not-held")
    on = command.on or today
    not_far_ahead(on, field="on", today=today)
    if not command.grant.holds_on(on):
        sentence = f"{person.name} does not hold this role on that day."
        raise Refused(sentence, field="on", code="role-not-held-then")
    command.refuse_faults()
    return [events.RoleEnded(grant=command.grant)]


def depart(person: Person, command: commands.RecordDeparture, *, today: date) -> list[Event]:
    """Record that somebody leaves or left; the last day on which they are here may be to come.

    Raises:
        NotNow: it is recorded already.   Refused: a day too far ahead.
    """
    _known(person)
    if person.departed_on is not None:
        sentence = f"The departure of {person.name} is recorded already: call it off first."
        raise NotNow(sentence, code="person-departed")
    not_far_ahead(command.on or today, field="on", today=today)
    command.refuse_faults()
    return [events.PersonDeparted()]


def come_back(person: Person) -> list[Event]:
    _known(person)
    if person.departed_on is None:
        raise NotNow(f"{person.name} has not left.", code="person-present")
    return [events.PersonReturned()]


def join(
    person: Person,
    command: commands.JoinPerson,
    target: Person,
    *,
    written: bool,
    target_known: bool,
) -> list[Event]:
    """Let a name count as somebody on record. `written` says that it is known only from files,
    `target_known` that the other is on record, be it from files alone.

    Raises:
        NotFound: it is no name from a file.   NotNow: it is joined already.
        Refused: there is nobody else of that id, or they are joined to somebody themselves.
    """
    if not written:
        raise NotFound("There is no such name from a file.")
    if person.joined_to is not None:
        raise NotNow("This name is joined already: part it first.", code="person-joined")
    command.refuse_faults()
    if command.joined_to == command.person or not target_known:
        raise Refused("Choose who it is.", field="joined_to", code="person-unknown")
    if target.joined_to is not None:
        sentence = "This name is joined to somebody itself: choose that person."
        raise Refused(sentence, field="joined_to", code="joined-itself")
    return [events.PersonJoined(joined_to=command.joined_to)]


def part(person: Person) -> list[Event]:
    if person.joined_to is None:
        raise NotNow("This name is not joined to anybody.", code="person-not-joined")
    return [events.PersonParted(joined_to=person.joined_to)]


def placed_again(
    person: Person, *, team: str, into: Team, on: date
) -> list[tuple[date, events.PersonMoved]]:
    """The moves of somebody who works in `team` on the day `on` or later, into the team that it
    becomes then: another one, or itself in another service."""
    in_force = person.on(on)
    placements = [
        Placement(on, in_force.team, in_force.service, in_force.manager, in_force.job_title),
        *(one for one in person.placements if one.since > on),
    ]
    return [
        (
            one.since,
            events.PersonMoved(
                team=into.code,
                service=into.on(one.since).service,
                manager=one.manager,
                job_title=one.job_title,
            ),
        )
        for one in placements
        if one.team == team and person.here_on(one.since)
    ]


def may_be_chosen(
    person: Person, *, field: str, role: Role | None, on: date, inspects: bool = False
) -> None:
    """Raises `Refused` unless the person is here `on` that day (and holds `role`, if asked), and
    for an inspector, who comes from outside the council."""
    if not person.exists:
        raise Refused("Choose somebody from the list.", field=field, code="person-unknown")
    if not person.here_on(on):
        raise Refused(f"{person.name} has left.", field=field, code="person-departed")
    if role is not None and not any(grant.role is role for grant in person.grants_on(on)):
        raise Refused(
            f"{person.name} does not hold the role {role.label}.", field=field, code="role-missing"
        )
    if inspects:
        raise Refused(
            f"{person.name} is an inspector. Choose somebody who works for the council.",
            field=field,
            code="person-inspects",
        )


def role_beside_room(role: Role, *, has_room: bool) -> None:
    """Raises `Refused` for the role of inspector, and for any role beside an inspector’s room."""
    if role is Role.INSPECTOR:
        raise Refused(
            "Inspectors read in a room of their own: open one for this person.",
            field="role",
            code="role-inspector",
        )
    if has_room:
        raise Refused(
            "This person has an inspector’s room and can hold no role beside it. Close the "
            "room first.",
            field="role",
            code="has-inspector-room",
        )


def manager_known(known: bool) -> None:
    """Raises `Refused` for a line manager who is not here."""
    if not known:
        raise Refused(
            "Choose the line manager from the list.", field="manager", code="person-unknown"
        )


def no_circle(person: str, name: str, line: Sequence[tuple[str, str]]) -> None:
    """Raises `Refused` where somebody would stand in the line above themselves.

    `line` is who would be above them, each with their name, from the new manager upwards.
    """
    above = [one for one, _ in line]
    if person in above:
        circle = " → ".join([name, *(called for _, called in line[: above.index(person)]), name])
        sentence = f"That would be a circle of line managers: {circle}."
        raise Refused(sentence, field="manager", code="manager-circle")


def handle_free(handle: str, holder: str | None) -> None:
    """Raises `Conflict` for a sign-in name that somebody has."""
    if holder is not None:
        raise Conflict(f"The sign-in name {handle} is taken.", field="handle", code="handle-taken")


def granted_by_another(person: str, *, by: str) -> None:
    """Raises `Refused` for a role of one’s own: nobody grants to themself."""
    if person == by:
        raise Refused(
            "Another administrator must grant you a role.", field="person", code="own-grant"
        )


def managed_by_another(manager: str | None, before: str | None, *, by: str) -> None:
    """Raises `Refused` for making oneself a line manager, who reads what their people did."""
    if manager == by and manager != before:
        raise Refused(
            "Another administrator must make you a line manager.",
            field="manager",
            code="own-line",
        )


def ended_by_another(role: Role, person: str, *, by: str) -> None:
    """Raises `Refused` for one’s own administrator role, so that one administrator stays."""
    if role is Role.ADMINISTRATOR and person == by:
        raise Refused(
            "Another administrator must end your own administrator role.",
            field="person",
            code="own-administrator-role",
        )


def departure_by_another(person: str, *, by: str) -> None:
    """Raises `Refused` for one’s own departure."""
    if person == by:
        raise Refused(
            "Somebody else must record that you left.", field="person", code="own-departure"
        )
