"""Loads people, teams and the line above a person for every command that needs them."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.core.words import Role
from qa.people import decisions
from qa.people.decisions import Organisation, Person, Team
from qa.people.events import ORGANISATION, person_stream


def load_person(work: Work, person: str) -> Person:
    return work.unit.load(person_stream(person), decisions.evolve, Person())


def load_organisation(work: Work) -> Organisation:
    return work.unit.load(ORGANISATION, decisions.evolve_organisation, Organisation())


def is_here(work: Work, person: str) -> bool:
    """Whether the person is on record and has not left."""
    return load_person(work, person).here_on(work.today)


def present(work: Work, person: str, *, field: str, role: Role | None = None) -> Person:
    """A person who is here today (and holds `role`, if one is asked).

    Raises:
        Refused: unknown, departed, or without the role.
    """
    found = load_person(work, person) if person else Person()
    decisions.may_be_chosen(found, field=field, role=role, on=work.today)
    return found


def team_in_use(work: Work, code: str, *, field: str = "team") -> Team:
    """Raises `Refused` for a team that is unknown or closed."""
    return decisions.team_in_use(load_organisation(work), code, field=field)


def managers_above(work: Work, person: str) -> list[str]:
    """The line above a person, from their own manager upwards."""
    found: list[str] = []
    manager = load_person(work, person).manager
    while manager is not None and manager not in found:
        found.append(manager)
        manager = load_person(work, manager).manager
    return found


def managers_of(work: Work, person: str) -> frozenset[str]:
    """Everybody in the line above a person."""
    return frozenset(managers_above(work, person))


def line_of(work: Work, owner: str) -> frozenset[str]:
    """The people above the owner, and whoever acts where the owner is above them."""
    above = managers_of(work, owner)
    below = {work.by.person} if owner in managers_of(work, work.by.person) else set()
    return above | below
