"""Loads people, teams and the line above a person for every command that needs them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qa.authorisation.context import Work
from qa.core.words import Role
from qa.people import decisions, teams
from qa.people.decisions import Person
from qa.people.events import ORGANISATION, person_stream
from qa.people.teams import Organisation, Team


def load_person(work: Work, person: str) -> Person:
    """The person as they are placed today."""
    return work.unit.load(person_stream(person), decisions.evolve, Person()).on(work.today)


def counts_as(work: Work, person: str) -> str:
    """Who a name from a file was said to be; anybody else counts as themself."""
    seen = {person}
    while (joined := load_person(work, person).joined_to) is not None and joined not in seen:
        seen.add(joined)
        person = joined
    return person


def load_organisation(work: Work, day: date | None = None) -> Organisation:
    """The teams of the council in their services of `day` (today if it is not said)."""
    found = work.unit.load(ORGANISATION, teams.evolve_organisation, Organisation())
    return found.on(day or work.today)


def is_here(work: Work, person: str) -> bool:
    """Whether the person is on record and has not left."""
    return load_person(work, person).here_on(work.today)


def inspects(work: Work, person: Person, day: date) -> bool:
    """Whether the person comes from outside the council: holds no role on `day`, and has an
    inspector's room that is open then or will be."""
    lookups, connection = work.desk.lookups, work.unit.connection
    return not person.grants_on(day) and lookups.has_inspector_room(connection, person.id, day)


def may_be_given_work(work: Work, person: str, day: date | None = None) -> bool:
    """Whether the person is here on `day` (today if it is not said) and works for the council."""
    found, on = load_person(work, person), day or work.today
    return found.here_on(on) and not inspects(work, found, on)


def present(
    work: Work, person: str, *, field: str, role: Role | None = None, outside: bool = False
) -> Person:
    """A person who is here today (and holds `role`, if one is asked); an inspector only where
    those from `outside` may be chosen.

    Raises:
        Refused: unknown, departed, without the role, or an inspector.
    """
    found = load_person(work, person) if person else Person()
    visits = not outside and inspects(work, found, work.today)
    decisions.may_be_chosen(found, field=field, role=role, on=work.today, inspects=visits)
    return found


def team_in_use(work: Work, code: str, *, field: str = "team", day: date | None = None) -> Team:
    """Raises `Refused` for a team that is unknown or closed."""
    return teams.team_in_use(load_organisation(work, day), code, field=field)


def part_today(work: Work, team: str, service: str) -> tuple[str, str]:
    """The team that what begins today in `team` belongs to, with its service: itself, or where it
    was closed the one that took over."""
    answering = load_organisation(work).answering(team)
    if answering is None or answering.code == team:
        return team, service
    return answering.code, answering.service


def person_among(work: Work, person: str, people: dict[str, Person]) -> Person:
    """The person as they stand in `people`, by id, which whoever is loaded is added to."""
    if person not in people:
        people[person] = load_person(work, person)
    return people[person]


def managers_above(
    work: Work, person: str, day: date | None = None, people: dict[str, Person] | None = None
) -> list[str]:
    """The line above a person on `day` (today if it is not said), from their manager upwards.
    Whoever is in `people` is taken as they stand there."""
    on, people = day or work.today, {} if people is None else people
    found: list[str] = []
    manager = person_among(work, person, people).on(on).manager
    while manager is not None and manager not in found:
        found.append(manager)
        manager = person_among(work, manager, people).on(on).manager
    return found


def lines_above(
    work: Work, person: Person, manager: str, on: date, people: dict[str, Person]
) -> Iterator[list[tuple[str, str]]]:
    """Who is above a person whose manager is `manager` from the day `on` until they are placed
    again, each with their name: on that day, and on every later one from which the line may be
    another. Whoever is in `people` is taken as they stand there."""
    until = min((one.since for one in person.placements if one.since > on), default=date.max)
    for day in _days_of_line(work, manager, on, people):
        if day < until:
            line = [manager, *managers_above(work, manager, day, people)]
            yield [(one, person_among(work, one, people).name) for one in line]


def _days_of_line(work: Work, person: str, on: date, people: dict[str, Person]) -> list[date]:
    """The day `on`, and every later one from which somebody above this person works elsewhere."""
    days, seen, queue = {on}, set[str](), [person]
    while queue:
        one = person_among(work, queue.pop(), people)
        seen.add(one.id)
        later = [place for place in one.placements if place.since > on]
        days |= {place.since for place in later}
        above = {place.manager for place in later} | {one.on(on).manager}
        queue += [manager for manager in above if manager and manager not in seen]
    return sorted(days)


def managers_of(work: Work, person: str) -> frozenset[str]:
    """Everybody in the line above a person."""
    return frozenset(managers_above(work, person))


def line_of(work: Work, owner: str) -> frozenset[str]:
    """The people above the owner, and whoever acts where the owner is above them."""
    above = managers_of(work, owner)
    below = {work.by.person} if owner in managers_of(work, work.by.person) else set()
    return above | below
