"""Carries out the commands on people, their roles and deputies, and on the teams of the council."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from qa.authorisation.context import Reaction, Work, reactions
from qa.authorisation.handling import handles
from qa.core.errors import NotFound
from qa.core.event import Event
from qa.core.words import Resource, Role
from qa.people import commands, decisions, deputies, teams
from qa.people.decisions import Person
from qa.people.events import ORGANISATION, SignInChanged, person_stream
from qa.people.loading import (
    lines_above,
    load_organisation,
    load_person,
    managers_of,
    may_be_given_work,
    present,
    team_in_use,
)
from qa.people.teams import Organisation, Team


class TeamReactions(Reaction):
    """A capability says in its `reactions.py` which of its records run in a team, and hands each
    of them to the team that takes over. `called` is what one of them, and several, are called."""

    called: ClassVar[tuple[str, str]] = ("", "")

    def running(self, work: Work, team: str) -> Sequence[str]:
        """The records of the team that go on."""
        raise NotImplementedError

    def taken_over(self, work: Work, record: str, new: Team) -> None:
        """The team of the record was closed, and it goes to `new`."""
        raise NotImplementedError


def _load(work: Work, command: commands.OfPerson) -> Person:
    """Raises `Forbidden`, then `MovedOn`."""
    work.authorise("manage-people")
    return load_person(work, command.person)


def _save(
    work: Work,
    person: str,
    events: Sequence[Event],
    effective_on: date | None = None,
    reason: str | None = None,
) -> None:
    work.append(
        person_stream(person),
        *events,
        about=f"person:{person}",
        effective_on=effective_on,
        reason=(reason or "").strip() or None,
    )


@handles(commands.AddPerson)
def add_person(command: commands.AddPerson, work: Work) -> commands.PersonMade:
    work.require("manage-people")
    entry = command.model_copy(update={"handle": command.handle.strip().lower()})
    belongs = team_in_use(work, entry.team) if entry.team else None
    decisions.manager_known(not entry.manager or may_be_given_work(work, entry.manager))
    decisions.managed_by_another(entry.manager, None, by=work.by.person)
    people_by_handle = work.desk.lookups.people_with_handles(work.unit.connection, [entry.handle])
    decisions.handle_free(entry.handle, people_by_handle.get(entry.handle))
    person = work.new_id()
    _save(work, person, decisions.add(entry, person=person, belongs=belongs))
    return commands.PersonMade(person=person, handle=entry.handle)


@handles(commands.RenamePerson)
def rename_person(command: commands.RenamePerson, work: Work) -> None:
    _save(work, command.person, decisions.rename(_load(work, command), command))


@handles(commands.MovePerson)
def move_person(command: commands.MovePerson, work: Work) -> None:
    state = _load(work, command)
    person, manager = command.person, command.manager
    on = command.effective_on or work.today
    belongs = team_in_use(work, command.team, day=on) if command.team else None
    decisions.manager_known(not manager or may_be_given_work(work, manager, on))
    decisions.managed_by_another(manager, state.on(on).manager, by=work.by.person)
    if manager and manager != person:
        for line in lines_above(work, state, manager, on, {}):
            decisions.no_circle(person, state.name, line)
    decided = decisions.move(state, command, belongs=belongs, on=on, today=work.today)
    _save(work, person, decided, on)


@handles(commands.GrantRole)
def grant_role(command: commands.GrantRole, work: Work) -> None:
    state = _load(work, command)
    decisions.granted_by_another(command.person, by=work.by.person)
    teams.scope_exists(load_organisation(work), command.scope)
    has_room = work.desk.lookups.has_inspector_room(
        work.unit.connection, command.person, work.today
    )
    decisions.role_beside_room(command.role, has_room=has_room)
    for granted in decisions.grant_role(state, command, today=work.today):
        _save(work, command.person, [granted], granted.grant.since, command.reason)


@handles(commands.EndRole)
def end_role(command: commands.EndRole, work: Work) -> None:
    state = _load(work, command)
    decisions.ended_by_another(command.grant.role, command.person, by=work.by.person)
    decided = decisions.end_role(state, command, today=work.today)
    _save(work, command.person, decided, command.on, command.reason)


@handles(commands.RecordDeparture)
def depart(command: commands.RecordDeparture, work: Work) -> None:
    state = _load(work, command)
    decisions.departure_by_another(command.person, by=work.by.person)
    decided = decisions.depart(state, command, today=work.today)
    _save(work, command.person, decided, command.on, command.reason)


@handles(commands.RecordReturn)
def come_back(command: commands.RecordReturn, work: Work) -> None:
    _save(work, command.person, decisions.come_back(_load(work, command)))


@handles(commands.JoinPerson)
def join_person(command: commands.JoinPerson, work: Work) -> None:
    work.authorise("join-people")
    work.unit.in_turn("joining")  # or two names could be joined to each other
    state, target = load_person(work, command.person), load_person(work, command.joined_to)
    written = set(work.desk.lookups.people_from_files(work.unit.connection))
    known = target.exists or command.joined_to in written
    decided = decisions.join(
        state, command, target, written=command.person in written, target_known=known
    )
    _save(work, command.person, decided, reason=command.reason)


@handles(commands.PartPerson)
def part_person(command: commands.PartPerson, work: Work) -> None:
    work.authorise("join-people")
    decided = decisions.part(load_person(work, command.person))
    _save(work, command.person, decided, reason=command.reason)


def _note(work: Work, command: commands.OfSignIn, changed: SignInChanged) -> Person:
    """Keep on record that a way of signing in changed.

    Raises:
        Forbidden: only administrators and the operator may.   NotFound: nobody who could sign in.
    """
    work.require("manage-people")
    state = load_person(work, command.person)
    decisions.with_account(state)
    _save(work, command.person, [changed])
    return state


@handles(commands.EndAccess)
def end_access(command: commands.EndAccess, work: Work) -> None:
    _note(work, command, SignInChanged(what="sessions-ended", detail="and tokens"))


@handles(commands.MakeSignInCode)
def make_sign_in_code(command: commands.MakeSignInCode, work: Work) -> commands.PersonMade:
    person = _note(work, command, SignInChanged(what="link-made"))
    return commands.PersonMade(person=person.id, handle=person.handle)


@handles(commands.MakeToken)
def make_token(command: commands.MakeToken, work: Work) -> None:
    _note(work, command, SignInChanged(what="token-made", detail=command.label))


def _load_covered(work: Work, command: commands.OfDeputy) -> tuple[Person, Role]:
    """The person, and the role in which their deputies may be changed.

    Raises:
        NotFound: no such person.   Forbidden: neither the person, nor their line, nor an
            administrator asks.   MovedOn: stale version.
    """
    state = load_person(work, command.person)
    if not state.exists:
        raise NotFound("There is no such person.")
    line = managers_of(work, command.person)
    where = Resource(service=state.service, team=state.team, person=command.person, line=line)
    return state, work.authorise("name-deputy", where)


@handles(commands.NameDeputy)
def name_deputy(command: commands.NameDeputy, work: Work) -> None:
    state, role = _load_covered(work, command)
    standing = present(work, command.deputy, field="deputy")
    deputies.named_for_another(command.deputy, role, by=work.by.person)
    _save(work, command.person, deputies.name(state, command, standing, today=work.today))


@handles(commands.EndDeputy)
def end_deputy(command: commands.EndDeputy, work: Work) -> None:
    state, _ = _load_covered(work, command)
    _save(work, command.person, deputies.end(state, command, today=work.today))


def _load_teams(work: Work) -> tuple[Organisation, int | None]:
    """The teams, and the version of the one that is to change as the asker saw it."""
    work.require("manage-people")
    return load_organisation(work), work.take_seen()


@handles(commands.OpenTeam)
def open_team(command: commands.OpenTeam, work: Work) -> commands.TeamMade:
    organisation, _ = _load_teams(work)
    [opened] = teams.open_team(organisation, command)
    work.append(ORGANISATION, opened)
    return commands.TeamMade(team=opened.team, service=opened.service)


@handles(commands.RenameTeam)
def rename_team(command: commands.RenameTeam, work: Work) -> None:
    organisation, seen = _load_teams(work)
    work.append(ORGANISATION, *teams.rename_team(organisation, command, seen=seen))


@handles(commands.CloseTeam)
def close_team(command: commands.CloseTeam, work: Work) -> None:
    organisation, seen = _load_teams(work)
    running = [(one, one.running(work, command.team)) for one in reactions(TeamReactions)]
    counted = [(*one.called, len(records)) for one, records in running]
    decided = teams.close_team(organisation, command, running=counted, seen=seen)
    work.append(ORGANISATION, *decided)
    if command.successor:
        new = organisation.teams[command.successor]
        _place_again(work, command.team, new, work.today)
        for one, records in running:
            for record in records:
                one.taken_over(work, record, new)


def _place_again(work: Work, team: str, into: Team, on: date) -> None:
    for person in work.desk.lookups.people_placed_in(work.unit.connection, team):
        state = load_person(work, person)
        for since, moved in decisions.placed_again(state, team=team, into=into, on=on):
            _save(work, person, [moved], since)


@handles(commands.ChangeTeamService)
def change_team_service(command: commands.ChangeTeamService, work: Work) -> None:
    organisation, seen = _load_teams(work)
    on = command.on or work.today
    decided = teams.change_service(organisation, command, on=on, today=work.today, seen=seen)
    work.append(ORGANISATION, *decided, effective_on=on)
    for changed in decided:
        into = organisation.teams[command.team].moved(changed, on)
        _place_again(work, command.team, into, on)


@handles(commands.ReopenTeam)
def reopen_team(command: commands.ReopenTeam, work: Work) -> None:
    organisation, seen = _load_teams(work)
    work.append(ORGANISATION, *teams.reopen_team(organisation, command, seen=seen))
