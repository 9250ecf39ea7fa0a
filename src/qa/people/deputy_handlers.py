"""Carries out the commands on who stands in for somebody."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.errors import NotFound
from qa.core.event import Event
from qa.core.words import Resource, Role
from qa.people import deputies
from qa.people.commands.loading import load_person, managers_of, present
from qa.people.decisions import Person
from qa.people.deputy_commands import EndDeputy, NameDeputy
from qa.people.events import person_stream


def _load(work: Work, person: str) -> tuple[Person, Role]:
    """The person, and the role in which their deputies may be changed.

    Raises:
        NotFound: no such person.   Forbidden: neither the person, nor their line, nor an
            administrator asks.   MovedOn: stale version.
    """
    state = load_person(work, person)
    if not state.exists:
        raise NotFound("There is no such person.")
    line = managers_of(work, person)
    where = Resource(service=state.service, team=state.team, person=person, line=line)
    return state, work.authorise("name-deputy", where)


def _save(work: Work, person: str, events: list[Event]) -> None:
    work.append(person_stream(person), *events, about=f"person:{person}")


@handles(NameDeputy)
def name_deputy(command: NameDeputy, work: Work) -> None:
    state, role = _load(work, command.person)
    standing = present(work, command.deputy, field="deputy")
    deputies.named_for_another(command.deputy, role, by=work.by.person)
    _save(work, command.person, deputies.name(state, command, standing, today=work.today))


@handles(EndDeputy)
def end_deputy(command: EndDeputy, work: Work) -> None:
    state, _ = _load(work, command.person)
    _save(work, command.person, deputies.end(state, command, today=work.today))
