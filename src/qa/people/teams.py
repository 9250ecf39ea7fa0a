"""Decisions on the teams of the council: opened, renamed, closed, in which service they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from qa.core.errors import Conflict, Fault, MovedOn, NotNow, Refused, refuse_any
from qa.core.event import Event, RecordedEvent
from qa.core.words import Scope, code_of
from qa.people import events
from qa.people.commands import (
    NO_SERVICE,
    ChangeTeamService,
    CloseTeam,
    OpenTeam,
    RenameTeam,
    ReopenTeam,
)
from qa.people.days import not_far_ahead


@dataclass(frozen=True, slots=True)
class Team:
    code: str
    name: str
    service: str
    service_name: str
    closed: bool = False
    successor: str | None = None
    version: int = 0  # that of the organisation's stream with the team's last event
    services: tuple[tuple[date, str, str], ...] = ()

    def moved(self, event: events.TeamServiceChanged, since: date) -> Team:
        others = (one for one in self.services if one[0] != since)
        return replace(self, services=(*others, (since, event.new, event.new_name)))

    def taking_over(self, team: str, service: str) -> dict[str, str]:
        """The fields of an event by which a record of `team` is handed to this one."""
        return {
            "old_team": team,
            "new_team": self.code,
            "old_service": service,
            "new_service": self.service,
        }

    def on(self, day: date) -> Team:
        """The team in the service that it belongs to on `day`."""
        found = [one for one in self.services if one[0] <= day]
        if not found:
            return self
        _, service, name = max(found, key=lambda one: one[0])
        return replace(self, service=service, service_name=name)


@dataclass(frozen=True, slots=True)
class Organisation:
    """The teams of the council by code, as the events leave them."""

    teams: Mapping[str, Team] = field(default_factory=dict)

    @property
    def services(self) -> dict[str, str]:
        return {
            service: name
            for team in self.teams.values()
            for _, service, name in (*team.services, (date.min, team.service, team.service_name))
        }

    def answering(self, code: str) -> Team | None:
        """The team, or where it was closed the one that took over from it in the end."""
        team, passed = self.teams.get(code), {code}
        while team is not None and team.successor and team.successor not in passed:
            passed.add(team.successor)
            team = self.teams.get(team.successor)
        return team

    def on(self, day: date) -> Organisation:
        return Organisation({code: team.on(day) for code, team in self.teams.items()})


def evolve_organisation(state: Organisation, recorded: RecordedEvent[Any]) -> Organisation:
    match recorded.event:
        case events.TeamOpened() as event:
            first = (date.min, event.service, event.service_name)
            team = Team(event.team, event.name, *first[1:], services=(first,))
        case events.TeamRenamed() as event:
            team = replace(state.teams[event.team], name=event.new)
        case events.TeamClosed() as event:
            team = replace(state.teams[event.team], closed=True, successor=event.successor)
        case events.TeamServiceChanged() as event:
            team = state.teams[event.team].moved(event, recorded.meta.effective_on)
        case events.TeamReopened() as event:
            team = replace(state.teams[event.team], closed=False, successor=None)
        case _:
            return state
    return Organisation({**state.teams, team.code: replace(team, version=recorded.version)})


def open_team(organisation: Organisation, command: OpenTeam) -> list[events.TeamOpened]:
    name, service = command.name.strip(), code_of(command.service_name)
    code = code_of(name)
    if code in organisation.teams:
        raise Conflict(f"There is already a team {code}.", code="team-exists")
    faults = command.faults()
    if name and not code:
        sentence = "A team needs a code and a name."
        faults.append(Fault("name", "team-name-missing", sentence))
    if command.service_name.strip() and not service:
        faults.append(Fault("service_name", "service-missing", NO_SERVICE))
    refuse_any(faults)
    known = organisation.services.get(service) or command.service_name.strip()
    return [events.TeamOpened(team=code, name=name, service=service, service_name=known)]


def _team(organisation: Organisation, code: str, seen: int | None) -> Team:
    """The team that is to change.

    Raises:
        Refused: there is none.   MovedOn: it changed after the version that was seen.
    """
    team = organisation.teams.get(code)
    if team is None:
        raise Refused("There is no such team.", field="team", code="team-unknown")
    if seen is not None and seen != team.version:
        sentence = "Somebody else has changed this team since you opened it."
        raise MovedOn(sentence, current=team.version)
    return team


def rename_team(
    organisation: Organisation, command: RenameTeam, *, seen: int | None = None
) -> list[Event]:
    team = _team(organisation, command.team, seen)
    command.refuse_faults()
    name = command.name.strip()
    return (
        [] if team.name == name else [events.TeamRenamed(team=team.code, old=team.name, new=name)]
    )


def _open_team(organisation: Organisation, code: str, seen: int | None) -> Team:
    team = _team(organisation, code, seen)
    if team.closed:
        raise Refused("There is no such open team.", field="team", code="team-unknown")
    return team


def close_team(
    organisation: Organisation,
    command: CloseTeam,
    *,
    running: Sequence[tuple[str, str, int]] = (),
    seen: int | None = None,
) -> list[Event]:
    """Close a team, naming the open team that takes over, if there is one.

    `running` says what goes on in it: what one is called, what several are, and how many there are.

    Raises:
        Refused: no such open team; a successor that is itself, unknown or closed; none is named
            while something runs.   MovedOn: it changed since.
    """
    team, successor = _open_team(organisation, command.team, seen), command.successor or None
    if successor == team.code:
        raise Refused("A team cannot follow itself.", field="successor", code="own-successor")
    if successor:
        team_in_use(organisation, successor, field="successor")
    counted = [f"{n} {one if n == 1 else several}" for one, several, n in running if n]
    if counted and not successor:
        rest = " and ".join(filter(None, [", ".join(counted[:-1]), counted[-1]]))
        sentence = f"Choose the team that takes over: this one still has {rest}."
        raise Refused(sentence, field="successor", code="successor-missing")
    return [events.TeamClosed(team=team.code, successor=successor)]


def change_service(
    organisation: Organisation,
    command: ChangeTeamService,
    *,
    on: date,
    today: date,
    seen: int | None = None,
) -> list[events.TeamServiceChanged]:
    """Let a team belong to another service from the day `on`, be it past or still to come.

    Raises:
        Refused: no such open team; no service; a day too far ahead.   MovedOn: it changed since.
    """
    team = _open_team(organisation, command.team, seen)
    command.refuse_faults()
    service = code_of(command.service_name)
    if not service:
        raise Refused(NO_SERVICE, field="service_name", code="service-missing")
    not_far_ahead(on, field="on", today=today)
    before = team.on(on).service
    if before == service:
        return []
    name = organisation.services.get(service) or command.service_name.strip()
    return [events.TeamServiceChanged(team=team.code, old=before, new=service, new_name=name)]


def reopen_team(
    organisation: Organisation, command: ReopenTeam, *, seen: int | None = None
) -> list[Event]:
    team = _team(organisation, command.team, seen)
    if not team.closed:
        raise NotNow("This team is open.", code="team-open")
    return [events.TeamReopened(team=team.code)]


def team_in_use(organisation: Organisation, code: str, *, field: str) -> Team:
    """The team, unless it is unknown or closed: then `Refused`."""
    found = organisation.teams.get(code)
    if found is None or found.closed:
        raise Refused("Choose a team from the list.", field=field, code="team-unknown")
    return found


def scope_exists(organisation: Organisation, scope: Scope) -> None:
    """Raises `Refused` for a reach over a team or service that was never opened."""
    known = {"team": set(organisation.teams), "service": set(organisation.services)}
    if scope.code is not None and scope.code not in known[scope.kind]:
        raise Refused(f"There is no such {scope.kind}.", field="scope", code="scope-unknown")
