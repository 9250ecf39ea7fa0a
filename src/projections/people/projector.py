"""What each event changes in the read rows of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from projections.core.base import RowChange
from projections.people import tables
from qa.audits import events as audit_events
from qa.audits.moderation_events import ModerationImported
from qa.core.event import RecordedEvent, events_of
from qa.core.words import Grant, imported_person_id
from qa.people import events as people_events
from qa.people.events import DeputyEnded, DeputyNamed
from qa.safeguarding.events import (
    SafeguardingConcernImported,
    SafeguardingConcernRestated,
    StatedConcern,
)


def _granted(person: str, grant: Grant) -> tables.GrantRow:
    until = grant.until
    return tables.GrantRow(
        person,
        grant.role.value,
        grant.scope.key,
        grant.since.isoformat(),
        None if until is None else until.isoformat(),
    )


def _written(person: str, name: str) -> RowChange:
    return tables.PEOPLE.keep(
        tables.PersonRow(person, 0, handle=person, name=name, known_only_from_file=1)
    )


def _of_concern(stated: StatedConcern) -> list[RowChange]:
    named = {stated.raised_by, stated.manager, stated.acknowledged_by} - {""}
    return [_written(imported_person_id(one), one) for one in sorted(named)]


def _team(recorded: RecordedEvent[Any], **values: Any) -> RowChange:
    version = recorded.version
    return tables.TEAMS.amend(
        (recorded.event.team,), lambda row: row._replace(**values, stream_version=version)
    )


class People:
    """Projects the events of people and teams; people named only in a file are listed apart."""

    name = "people"
    version = 9
    tables = (
        tables.JOINED_PEOPLE.table,
        tables.person_row,
        tables.placement_row,
        tables.grant_row,
        tables.team_row,
        tables.team_service_row,
    )
    handles = (
        audit_events.CaseAuditImported,
        audit_events.CaseAuditImportCorrected,
        ModerationImported,
        SafeguardingConcernImported,
        SafeguardingConcernRestated,
        *events_of(people_events),
    )

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        match event:
            case audit_events.CaseAuditImported():
                return [_written(event.auditor, event.auditor_as_written)]
            case audit_events.CaseAuditImportCorrected():
                return [_written(event.new.auditor, event.new.auditor_as_written)]
            case ModerationImported():
                return [_written(event.moderator, event.moderator_as_written)]
            case SafeguardingConcernImported():
                return _of_concern(event.stated)
            case SafeguardingConcernRestated():
                return _of_concern(event.new)
            case people_events.TeamOpened():
                return [
                    tables.TEAMS.put(tables.TeamRow(event.team, event.name, 0, recorded.version)),
                    tables.TEAM_SERVICES.put(
                        tables.TeamServiceRow(event.team, "", event.service, event.service_name)
                    ),
                ]
            case people_events.TeamServiceChanged():
                since = recorded.meta.effective_on.isoformat()
                moved = tables.TeamServiceRow(event.team, since, event.new, event.new_name)
                return [tables.TEAM_SERVICES.put(moved), _team(recorded)]
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
    return tables.PLACEMENTS.put(
        tables.PlacementRow(
            person, since, event.job_title, event.team, event.service, event.manager
        )
    )


def _person_changes(recorded: RecordedEvent[Any]) -> list[RowChange]:
    person, event = recorded.stream.partition(":")[2], recorded.event
    on, version = recorded.meta.effective_on.isoformat(), recorded.version

    def amend(**values: Any) -> list[RowChange]:
        return [
            tables.PEOPLE.amend(
                (person,), lambda row: row._replace(**values, stream_version=version)
            )
        ]

    match event:
        case people_events.PersonAdded():
            added = tables.PersonRow(person, version, event.handle, event.name)
            return [tables.PEOPLE.put(added), _placed(person, "", event)]
        case people_events.PersonRenamed():
            return amend(name=event.new)
        case people_events.PersonMoved():
            return [_placed(person, on, event), *amend()]
        case people_events.PersonDeparted():
            return amend(departed_on=on)
        case people_events.PersonJoined() | people_events.PersonParted():
            return [tables.JOINED_PEOPLE.change(recorded)]
        case people_events.PersonReturned():
            return amend(departed_on=None)
        case people_events.RoleGranted():
            return [tables.GRANTS.put(_granted(person, event.grant)), *amend()]
        case people_events.RoleEnded():
            key = _granted(person, event.grant)[:4]
            return [tables.GRANTS.amend(key, lambda row: row._replace(until=on)), *amend()]
        case _:
            return amend()


class Deputies:
    """Projects the events of standing in."""

    name = "deputies"
    version = 1
    tables = (tables.DEPUTIES.table,)
    handles = (DeputyNamed, DeputyEnded)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, person = recorded.event, recorded.stream.partition(":")[2]
        key = (person, event.deputy, event.since.isoformat())
        if isinstance(event, DeputyNamed):
            return [tables.DEPUTIES.put(tables.DeputyRow(*key, event.until.isoformat()))]
        last = recorded.meta.effective_on - timedelta(days=1)
        return [tables.DEPUTIES.amend(key, lambda row: row._replace(until=last.isoformat()))]


PROJECTORS = (People, Deputies)
