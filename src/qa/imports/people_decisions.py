"""Decisions on teams and people that a file states: what it brings to what is on record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from qa.core.carry import carry
from qa.core.errors import Conflict, Fault, NotNow, Refused, refuse_any
from qa.core.event import Event, RecordedEvent
from qa.core.words import Grant, code_of
from qa.imports.changes import meet
from qa.imports.people_rows import ImportedPerson, ImportedTeam
from qa.people import decisions, events, teams
from qa.people.commands import (
    AddPerson,
    GrantRole,
    MovePerson,
    OpenTeam,
    RecordDeparture,
    RenamePerson,
)
from qa.people.decisions import Person, Placement
from qa.people.teams import Organisation, Team


@contextmanager
def refused_at(row: int, faults: list[Fault]) -> Iterator[None]:
    """Says whatever is refused within at the row."""
    try:
        yield
    except Refused as refused:
        faults += [replace(fault, row=fault.row or row) for fault in refused.faults]
    except Conflict as conflict:
        faults.append(Fault(conflict.field or "", conflict.code, conflict.sentence, row=row))


def bring_team(organisation: Organisation, row: ImportedTeam) -> list[events.TeamOpened]:
    """Open the team; nothing where it is open in this service.

    Raises:
        Refused: it is closed, or belongs to another service.
    """
    team = organisation.teams.get(code_of(row.name))
    if team is None:
        return teams.open_team(organisation, OpenTeam(name=row.name, service_name=row.service))
    if team.closed:
        sentence = f"The team {team.name} is closed. Open it again on its page first."
        raise Refused(sentence, field="team", code="team-closed")
    if team.service != code_of(row.service):
        sentence = f"{team.name} belongs to the service {team.service_name}: move it on its page."
        fault = Fault("service", "team-elsewhere", sentence, row.row, "service", row.service)
        raise Refused([fault])
    return []


def manager_comes_in(row: ImportedPerson, *, is_here: bool, inspects: bool) -> None:
    """Raises `Refused` where the line manager of a row is neither on record nor in a row that comes
    in, has left, or is an inspector."""
    if inspects:
        sentence = f"The line manager {row.manager} is an inspector. Name somebody of the council."
        fault = Fault("manager", "person-inspects", sentence, row.row, "manager", row.manager)
        raise Refused([fault])
    if row.manager is not None and not is_here:
        sentence = (
            f"The line manager {row.manager} is not on record, and no row that comes in adds them."
        )
        fault = Fault("manager", "manager-unknown", sentence, row.row, "manager", row.manager)
        raise Refused([fault])


@dataclass(frozen=True, slots=True)
class Decided:
    """An event that a row brings, and the day that it is true of where the row says one."""

    row: int
    event: Event
    on: date | None = None

    @property
    def corrects(self) -> bool:
        return isinstance(self.event, (events.PersonRenamed, events.PersonMoved))


def bring_person(
    state: Person,
    rows: Sequence[ImportedPerson],
    *,
    person: str,
    belongs: Team | None,
    manager: str | None,
    held_manager: str = "",
    today: date,
    corrects: bool = False,
) -> list[Decided]:
    """Add the person with their roles, or the roles that they do not hold yet. `held_manager` is
    the sign-in name of the line manager on record. A row that `corrects` what is on record changes
    name, team, line manager and job title from today on.

    Raises:
        Refused: every rule of adding people, granting roles and leaving, each at the row that it
            refuses; or they are on record with other values.
    """
    first, decided = rows[0], list[Decided]()
    if state.exists:
        if _met(state, first, held_manager, corrects) == "changed":
            decided += _changed(state, first, belongs, manager, today)
    else:
        command = carry(AddPerson, first, job_title=first.job_title or "", manager=manager)
        decided += [
            Decided(first.row, e) for e in decisions.add(command, person=person, belongs=belongs)
        ]
        state = Person(id=person, handle=first.handle, name=first.name)
    faults: list[Fault] = []
    for row in rows:
        with refused_at(row.row, faults):
            for grant in _granted(state, row, today):
                state = replace(state, grants=(*state.grants, grant))
                decided.append(Decided(row.row, events.RoleGranted(grant=grant), grant.since))
    if first.last_day is not None and state.departed_on != first.last_day:
        leaves = RecordDeparture(person=person, on=first.last_day)
        with refused_at(first.row, faults):
            decided += [
                Decided(first.row, event, first.last_day)
                for event in decisions.depart(state, leaves, today=today)
            ]
    refuse_any(faults)
    return decided


def _granted(state: Person, row: ImportedPerson, today: date) -> list[Grant]:
    """The roles of a row that the person does not hold yet."""
    since, new = row.since or today, list[Grant]()
    for role, scope in row.roles:
        grants = [g for g in (*state.grants, *new) if (g.role, g.scope) == (role, scope)]
        if any(_as_granted(grant, row, since) for grant in grants):
            continue
        asked_for = GrantRole(person=state.id, role=role, scope=scope, since=since, until=row.until)
        granted = decisions.grant_role(state, asked_for, today=today)
        new += [event.grant for event in granted]
    return new


def _met(state: Person, row: ImportedPerson, manager: str, corrects: bool) -> str:
    """How a row stands to a person on record: what it leaves blank says nothing."""
    stated = {
        "name": row.name, "job_title": row.job_title, "team": row.team, "manager": row.manager
    }  # fmt: skip
    return meet(
        {"name": state.name, "job_title": state.job_title, "team": state.team, "manager": manager},
        stated,
        row=row.row,
        column="name",
        value=row.name,
        columns=[name for name, value in stated.items() if value is not None],
        corrects=corrects,
    )


def _changed(
    state: Person, row: ImportedPerson, belongs: Team | None, manager: str | None, today: date
) -> list[Decided]:
    renamed = decisions.rename(state, RenamePerson(person=state.id, name=row.name))
    place = MovePerson(
        person=state.id,
        team=row.team or state.team,
        manager=manager if row.manager else state.manager,
        job_title=state.job_title if row.job_title is None else row.job_title,
    )
    if row.team is None and state.team is not None:
        belongs = Team(state.team, "", state.service or "", "")
    moved = decisions.move(state, place, belongs=belongs, on=today, today=today)
    return [Decided(row.row, event) for event in (*renamed, *moved)]


def _as_granted(grant: Grant, row: ImportedPerson, since: date) -> bool:
    if row.since is None:
        return grant.holds_on(since)
    return grant.since == since and grant.holds_on(since)


def as_placed(
    state: Person, row: ImportedPerson, *, person: str, manager: str | None, today: date
) -> Person:
    """The person below the line manager that a row states, from today on."""
    if not state.exists:
        return Person(id=person, name=row.name, manager=manager)
    placed = Placement(today, state.team, state.service, manager, state.job_title)
    return replace(state.placed(placed), name=row.name)


@dataclass(frozen=True, slots=True)
class FromBatch:
    """What a batch brought to a person or to the organisation, and what stands of it. `before` is
    where the person worked from the day on from which the batch moved them."""

    person: Person = field(default_factory=Person)
    organisation: Organisation = field(default_factory=Organisation)
    grants: tuple[Grant, ...] = ()
    opened: tuple[str, ...] = ()
    departed: bool = False
    renamed: events.PersonRenamed | None = None
    before: Placement | None = None

    @property
    def placed_back(self) -> Person:
        return self.person if self.before is None else self.person.placed(self.before)


def trace(state: FromBatch, recorded: RecordedEvent[Any], batch: str) -> FromBatch:
    source, event, person = recorded.meta.source, recorded.event, state.person
    ours = source is not None and source.batch == batch
    state = replace(
        state,
        person=decisions.evolve(state.person, recorded),
        organisation=teams.evolve_organisation(state.organisation, recorded),
    )
    match event:
        case events.RoleGranted() if ours:
            return replace(state, grants=(*state.grants, event.grant))
        case events.TeamOpened() if ours:
            return replace(state, opened=(*state.opened, event.team))
        case events.PersonDeparted():
            return replace(state, departed=ours)
        case events.PersonReturned():
            return replace(state, departed=False)
        case events.PersonRenamed():
            return replace(state, renamed=event if ours else None)
        case events.PersonMoved():
            on = recorded.meta.effective_on
            was = person.on(on)
            place = Placement(on, was.team, was.service, was.manager, was.job_title)
            return replace(state, before=place if ours else None)
        case _:
            return state


def take_back(brought: FromBatch, organisation: Organisation, *, by: str) -> list[Decided]:
    """End the roles that a batch granted, as if they had never begun, put name and place back as
    they were before it, and call off the departure that it recorded: where nobody changed them
    since. The person stays on record.

    Raises:
        Refused: it is the own administrator role of whoever takes it back, or makes them a line
            manager; or the team that somebody worked in before is closed.
    """
    decided, person = list[Decided](), brought.person
    for grant in brought.grants:
        if grant in person.grants:
            decisions.ended_by_another(grant.role, person.id, by=by)
            before = grant.since - timedelta(days=1)
            decided.append(Decided(0, events.RoleEnded(grant=grant), before))
    if brought.renamed is not None:
        name = events.PersonRenamed(old=brought.renamed.new, new=brought.renamed.old)
        decided.append(Decided(0, name))
    if brought.before is not None:
        now = person.on(brought.before.since).manager
        decisions.managed_by_another(brought.before.manager, now, by=by)
        decided += _moved_back(person, brought.before, organisation)
    if brought.departed:
        decided.append(Decided(0, events.PersonReturned()))
    return decided


def _moved_back(person: Person, before: Placement, organisation: Organisation) -> list[Decided]:
    """The moves of somebody back to where they worked: from that day on, and from every later one
    from which their team belongs to another service."""
    team = None if before.team is None else organisation.teams[before.team]
    if team is not None and team.closed:
        sentence = (
            f"{person.name} worked in the team {team.name}, which is closed. Move them on their "
            "page first."
        )
        raise Refused(sentence, field="team", code="team-closed")
    until = min((p.since for p in person.placements if p.since > before.since), default=date.max)
    changes = [] if team is None else sorted(since for since, *_ in team.services)
    return [
        Decided(
            0,
            carry(
                events.PersonMoved, before, service=None if team is None else team.on(since).service
            ),
            since,
        )
        for since in (before.since, *(day for day in changes if before.since < day < until))
    ]


def something_taken_back(records: int, *, replaced: bool = False) -> None:
    """Raises `NotNow` where nothing that a batch brought stands any more, or a later one
    `replaced` it."""
    if not records and replaced:
        sentence = "A later file has taken the place of this one. Undo that one first."
        raise NotNow(sentence, code="batch-replaced")
    if not records:
        raise NotNow("Nothing of this batch is left to undo.", code="nothing-left")
