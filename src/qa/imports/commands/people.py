"""Teams and people of a file: what is asked for, and how it is carried out."""

from __future__ import annotations

from typing import Annotated

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.command import Command
from qa.core.errors import Fault, refuse_any
from qa.core.fields import FieldWords
from qa.imports import people_decisions
from qa.imports.commands.batches import BatchMade, File, close_batch
from qa.imports.people_decisions import Decided, refused_at
from qa.imports.people_rows import ImportedPerson, ImportedTeam
from qa.people import decisions, teams
from qa.people.decisions import Person
from qa.people.events import ORGANISATION, TeamOpened, person_stream
from qa.people.loading import (
    inspects,
    lines_above,
    load_organisation,
    load_person,
    person_among,
)
from qa.people.teams import Organisation, Team

_ImportedFile = Annotated[File, FieldWords(label="File")]


class ImportTeams(Command, result=BatchMade):
    """Open the teams of a file in their services."""

    file: _ImportedFile
    rows: Annotated[tuple[ImportedTeam, ...], FieldWords(label="Rows")]


class ImportPeople(Command, result=BatchMade):
    """Add the people of a file with their roles, and record who of them leaves."""

    file: _ImportedFile
    rows: Annotated[tuple[ImportedPerson, ...], FieldWords(label="Rows")]


@handles(ImportTeams)
def import_teams(command: ImportTeams, work: Work) -> BatchMade:
    work.require("import-teams")
    organisation, batch = load_organisation(work), work.new_id()
    faults: list[Fault] = []
    new = 0
    for row in work.each(command.rows):
        opened: list[TeamOpened] = []
        with refused_at(row.row, faults):
            opened = people_decisions.bring_team(organisation, row)
        for event in opened:
            team = Team(event.team, event.name, event.service, event.service_name)
            organisation = Organisation({**organisation.teams, team.code: team})
        work.append(ORGANISATION, *opened, source=command.file.source(batch, row.row))
        new += bool(opened)
    refuse_any(faults)
    return close_batch(work, batch, "teams", command.file, new, len(command.rows) - new)


@handles(ImportPeople)
def import_people(command: ImportPeople, work: Work) -> BatchMade:
    """Whoever is added first, so that a line manager may stand below those whom they manage."""
    work.require("manage-people")
    batch = work.new_id()
    stated: dict[str, list[ImportedPerson]] = {}
    for row in command.rows:
        stated.setdefault(row.handle, []).append(row)
    above = {one: rows[0].manager for one, rows in stated.items()}
    named = {*stated, *filter(None, above.values())}
    known = work.desk.lookups.people_with_handles(work.unit.connection, named)
    ids = {handle: known.get(handle) or work.new_id() for handle in stated}
    managers = {
        one: ids.get(manager_handle, known.get(manager_handle)) if manager_handle else None
        for one, manager_handle in above.items()
    }
    work.unit.read_ahead(*map(person_stream, known.values()))
    states = {one: load_person(work, known[one]) if one in known else Person() for one in stated}
    corrects = bool(command.file.corrects)
    people = {one.id: one for one in states.values() if one.exists}
    for handle, rows in stated.items():
        person, manager, state = ids[handle], managers[handle], states[handle]
        if not state.exists or (corrects and manager):
            people[person] = people_decisions.as_placed(
                state, rows[0], person=person, manager=manager, today=work.today
            )
    organisation, faults = load_organisation(work), list[Fault]()
    decided: list[tuple[str, Decided]] = []
    for handle in work.each(list(stated)):
        rows = stated[handle]
        person, manager, state = ids[handle], managers[handle], states[handle]
        for row in rows:
            with refused_at(row.row, faults):
                _may_hold(work, row, person, is_new=not state.exists)
        with refused_at(rows[0].row, faults):
            _allowed(work, rows[0], person, state, manager)
            team = rows[0].team
            belongs = None if team is None else teams.team_in_use(organisation, team, field="team")
            above_them = person_among(work, manager, people) if manager else Person()
            visits = manager != state.manager and inspects(work, above_them, work.today)
            here = above_them.here_on(work.today)
            people_decisions.manager_comes_in(rows[0], is_here=here, inspects=visits)
            manager_handle = (
                person_among(work, state.manager, people).handle if state.manager else ""
            )
            found = people_decisions.bring_person(
                state,
                rows,
                person=person,
                belongs=belongs,
                manager=manager,
                held_manager=manager_handle,
                today=work.today,
                corrects=corrects,
            )
            if manager and manager != state.manager:
                placed = people[person]
                for line in lines_above(work, placed, manager, work.today, people):
                    decisions.no_circle(person, placed.name, line)
            decided += [(person, one) for one in found]
    refuse_any(faults)
    for person, one in decided:
        work.append(
            person_stream(person),
            one.event,
            about=f"person:{person}",
            effective_on=one.on,
            reason=command.file.corrects if one.corrects else None,
            source=command.file.source(batch, one.row),
        )
    corrected = {one.row for _, one in decided if one.corrects}
    new = len({one.row for _, one in decided} - corrected)
    already = len(command.rows) - new - len(corrected)
    return close_batch(work, batch, "people", command.file, new, already, len(corrected))


def _allowed(
    work: Work, row: ImportedPerson, person: str, state: Person, manager: str | None
) -> None:
    """What nobody does to themself: as where each is done alone."""
    decisions.managed_by_another(manager, state.manager, by=work.by.person)
    if row.last_day is not None and state.departed_on is None:
        decisions.departure_by_another(person, by=work.by.person)


def _may_hold(work: Work, row: ImportedPerson, person: str, *, is_new: bool) -> None:
    """Who can hold no role, and what nobody grants to themself: as where a role is granted alone.
    Somebody new has no room."""
    if row.roles:
        decisions.granted_by_another(person, by=work.by.person)
        lookups, connection = work.desk.lookups, work.unit.connection
        has_room = not is_new and lookups.has_inspector_room(connection, person, work.today)
        for role, _ in row.roles:
            decisions.role_beside_room(role, has_room=has_room)
