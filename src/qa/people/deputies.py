"""Decisions on deputies: who stands in for somebody's work while they are away.

A deputy sees what waits for the person and answers for their actions; they never judge in the
person's place, and never judge what they themselves answered for.
"""

from __future__ import annotations

from datetime import date, timedelta

from qa.core.errors import Conflict, Fault, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.core.words import Role
from qa.people.commands import EndDeputy, NameDeputy
from qa.people.decisions import Deputy, Person
from qa.people.events import DeputyEnded, DeputyNamed

LONGEST = timedelta(days=366)


def named_for_another(deputy: str, role: Role, *, by: str) -> None:
    """Raises `Refused` for an administrator who would stand in themselves: it opens the work of
    others, which is closed to them."""
    if role is Role.ADMINISTRATOR and deputy == by:
        raise Refused("Name somebody else to stand in.", field="deputy", code="own-emergency")


def name(person: Person, command: NameDeputy, deputy: Person, *, today: date) -> list[Event]:
    """Let `deputy` stand in.

    Raises:
        Refused: every fault, by field.   Conflict: somebody stands in on one of these days.
    """
    command.refuse_faults()
    faults, since, until = list[Fault](), command.since, command.until
    if deputy.id == person.id:
        faults.append(Fault("deputy", "own-deputy", "Nobody stands in for themselves."))
    elif not deputy.here_on(since) or not deputy.grants_on(since):
        sentence = f"{deputy.name} holds no role on that day."
        faults.append(Fault("deputy", "deputy-without-role", sentence))
    if since < today:
        faults.append(Fault("since", "date-past", "The first day cannot be in the past."))
    if until < since:
        sentence = "The last day is before the first day."
        faults.append(Fault("until", "dates-reversed", sentence))
    elif until - since > LONGEST:
        sentence = "Nobody stands in for longer than a year: move the work instead."
        faults.append(Fault("until", "cover-long", sentence))
    refuse_any(faults)
    if any(one.since <= until and since <= one.until for one in person.deputies):
        sentence = f"Somebody stands in for {person.name} on one of these days already."
        raise Conflict(sentence, code="deputy-named")
    return [DeputyNamed(deputy=deputy.id, since=since, until=until)]


def end(person: Person, command: EndDeputy, *, today: date) -> list[Event]:
    """End this cover, from today on.

    Raises:
        NotNow: there is none of this deputy from that day, or it is over.
    """
    deputy, since = command.deputy, command.since
    if not any(_open(one, deputy, since, today) for one in person.deputies):
        raise NotNow("This deputy does not stand in any more.", code="deputy-ended")
    return [DeputyEnded(deputy=deputy, since=since)]


def _open(one: Deputy, deputy: str, since: date, today: date) -> bool:
    return (one.person, one.since) == (deputy, since) and max(today, since) <= one.until


def stood_in(person: Person, since: date) -> frozenset[str]:
    """Whoever stood in for the person on any day from `since` on: they do not check that work."""
    return frozenset(
        one.person for one in person.deputies if one.since <= one.until and one.until >= since
    )
