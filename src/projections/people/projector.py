"""What each event changes in the read rows of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from projections.core.base import Amend, Put, RowChange
from projections.people.tables import (
    DEPUTIES,
    DeputyRow,
    grant_row,
    person_row,
    placement_row,
    team_row,
    team_service_row,
)
from qa.audits import events as audit_events
from qa.audits.moderation_events import ModerationImported
from qa.core.event import RecordedEvent
from qa.core.words import Grant
from qa.people import events as people_events
from qa.people.events import DeputyEnded, DeputyNamed


def _grant_values(person: str, grant: Grant) -> dict[str, Any]:
    scope = grant.scope
    return {
        "person": person,
        "role": grant.role.value,
        "scope": scope.kind if scope.code is None else f"{scope.kind}:{scope.code}",
        "since": grant.since.isoformat(),
        "until": None if grant.until is None else grant.until.isoformat(),
    }


def _written(person: str, name: str) -> RowChange:
    return Put(
        person_row,
        {
            "person": person,
            "stream_version": 0,
            "handle": person,
            "name": name,
            "known_only_from_file": 1,
        },
    )


def _team(recorded: RecordedEvent[Any], **values: Any) -> RowChange:
    return Amend(team_row, (recorded.event.team,), {**values, "stream_version": recorded.version})


def _belongs(team: str, since: str, service: str, name: str) -> RowChange:
    row = {"team": team, "since": since, "service": service, "service_name": name}
    return Put(team_service_row, row)


class People:
    """Projects the events of people and teams; people named only in a file are listed apart."""

    name = "people"
    version = 4
    tables = (person_row, placement_row, grant_row, team_row, team_service_row)
    handles = (
        audit_events.CaseAuditImported,
        ModerationImported,
        people_events.TeamOpened,
        people_events.TeamRenamed,
        people_events.TeamClosed,
        people_events.TeamReopened,
        people_events.TeamServiceChanged,
        people_events.PersonAdded,
        people_events.PersonRenamed,
        people_events.PersonMoved,
        people_events.RoleGranted,
        people_events.RoleEnded,
        people_events.PersonDeparted,
        people_events.PersonReturned,
        people_events.SignInChanged,
        people_events.DeputyNamed,
        people_events.DeputyEnded,
    )

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        match event:
            case audit_events.CaseAuditImported():
                return [_written(event.auditor, event.auditor_as_written)]
            case ModerationImported():
                return [_written(event.moderator, event.moderator_as_written)]
            case people_events.TeamOpened():
                return [
                    Put(
                        team_row,
                        {
                            "team": event.team,
                            "name": event.name,
                            "closed": 0,
                            "stream_version": recorded.version,
                        },
                    ),
                    _belongs(event.team, "", event.service, event.service_name),
                ]
            case people_events.TeamServiceChanged():
                since = recorded.meta.effective_on.isoformat()
                return [
                    _belongs(event.team, since, event.new, event.new_name),
                    _team(recorded),
                ]
            case people_events.TeamRenamed():
                return [_team(recorded, name=event.new)]
            case people_events.TeamClosed():
                return [_team(recorded, closed=1, successor=event.successor)]
            case people_events.TeamReopened():
                return [_team(recorded, closed=0, successor=None)]
        if not recorded.stream.startswith("person:"):
            return ()
        return _person_changes(recorded)


def _placed(
    person: str, since: str, event: people_events.PersonAdded | people_events.PersonMoved
) -> RowChange:
    place = event.model_dump(include={"job_title", "team", "service", "manager"})
    return Put(placement_row, {"person": person, "since": since, **place})


def _person_changes(recorded: RecordedEvent[Any]) -> list[RowChange]:
    person, event = recorded.stream.partition(":")[2], recorded.event

    def amend(**values: Any) -> list[RowChange]:
        return [Amend(person_row, (person,), {**values, "stream_version": recorded.version})]

    match event:
        case people_events.PersonAdded():
            row = {
                "person": person,
                "handle": event.handle,
                "name": event.name,
                "stream_version": recorded.version,
                "known_only_from_file": 0,
            }
            return [Put(person_row, row), _placed(person, "", event)]
        case people_events.PersonRenamed():
            return amend(name=event.new)
        case people_events.PersonMoved():
            since = recorded.meta.effective_on.isoformat()
            return [_placed(person, since, event), *amend()]
        case people_events.PersonDeparted():
            return amend(departed_on=recorded.meta.effective_on.isoformat())
        case people_events.PersonReturned():
            return amend(departed_on=None)
        case people_events.RoleGranted():
            return [Put(grant_row, _grant_values(person, event.grant)), *amend()]
        case people_events.RoleEnded():
            held = _grant_values(person, event.grant)
            key = tuple(held[name] for name in ("person", "role", "scope", "since"))
            until = {"until": recorded.meta.effective_on.isoformat()}
            return [Amend(grant_row, key, until), *amend()]
        case _:
            return amend()


class Deputies:
    """Projects the events of standing in."""

    name = "deputies"
    version = 1
    tables = (DEPUTIES.table,)
    handles = (DeputyNamed, DeputyEnded)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, person = recorded.event, recorded.stream.partition(":")[2]
        key = (person, event.deputy, event.since.isoformat())
        if isinstance(event, DeputyNamed):
            return [DEPUTIES.put(DeputyRow(*key, event.until.isoformat()))]
        last = recorded.meta.effective_on - timedelta(days=1)
        return [DEPUTIES.amend(key, lambda row: row._replace(until=last.isoformat()))]


PROJECTORS = (People, Deputies)
