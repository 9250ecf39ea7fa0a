"""People, what they did, teams and services as records that have a history."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from api.people.reading import person_as_resource
from api.records.compared_kinds import (
    ComparedKind,
    ComparedTable,
    person,
    place,
    said_as,
    yes_or_no,
)
from api.records.kinds import KindOfRecord, KindOfStream, Opener, Record
from api.records.search_kinds import FoundHeading, SearchedKind
from api.web import purposes
from api.web.access_notes import ServedLook
from api.web.moments import AsAt
from projections.core.base import present
from projections.core.full_text import RowCondition
from projections.history.question import HistoryScope
from projections.people import queries, search_queries
from projections.people.tables import (
    JOINED_PEOPLE,
    deputy_row,
    grant_row,
    person_row,
    placement_row,
    team_row,
    team_service_row,
)
from projections.search.queries import ROW
from qa.authorisation.policy import can, require
from qa.core.errors import NotFound
from qa.core.words import Actor, Resource
from qa.people.words import ROLES

ORGANISATION = "organisation"


def _open_person(look: ServedLook, person: str) -> Record:
    row = queries.person(look.connection, person, position=look.at.position)
    if person != look.actor.person:
        require(look.actor, "read-people")
    if row is None:
        raise NotFound("There is no such person.")
    stream = f"person:{person}"
    title = f"Account of {row.name}"
    return Record("person", person, title, stream, HistoryScope((stream,)))


def _open_work(look: ServedLook, person: str) -> Record:
    connection = look.connection
    if person != look.actor.person:
        purposes.ask(look.services, connection, ("work",), f"work:{person}")
    # Looked up in the present: whoever manages somebody now reads what they did.
    now = queries.person(present(connection), person)
    resource = Resource(person=person) if now is None else person_as_resource(connection, now)
    require(look.actor, "read-work", resource)
    row = queries.person(connection, person, position=look.at.position)
    if row is None:
        raise NotFound("There is no such person.")
    return Record(
        "work",
        person,
        f"What {row.name} did",
        f"work:{person}",
        HistoryScope(by=person),
        sieve=True,
        notes=["Entries of records that are not open to you are left out."],
    )


def _opener(kind: str, name: str) -> Opener:
    """Opens a team or a service, of which the column `name` holds the name."""

    def opened(look: ServedLook, key: str) -> Record:
        require(look.actor, "read-people")
        teams = queries.teams(look.connection, with_closed=True, position=look.at.position)
        chosen = [one for one in teams if getattr(one, kind) == key]
        if not chosen:
            raise NotFound(f"There is no such {kind}.")
        title = f"{kind.capitalize()} {getattr(chosen[0], name)}"
        parts = frozenset(one.team for one in chosen)
        return Record(kind, key, title, f"{kind}:{key}", HistoryScope((ORGANISATION,)), parts)

    return opened


def _open_to(_connection: Connection, actor: Actor, streams: Collection[str]) -> list[str]:
    everybody = can(actor, "read-people").allowed
    return [one for one in streams if everybody or one.partition(":")[2] == actor.person]


_EVENTS = ("people.events",)
RECORDS = (
    KindOfRecord("person", _open_person, events=_EVENTS),
    KindOfRecord("work", _open_work, several=True, judged=True),
    KindOfRecord("team", _opener("team", "name"), events=_EVENTS),
    KindOfRecord("service", _opener("service", "service_name"), events=_EVENTS),
)
STREAMS = (KindOfStream("person", _open_to), KindOfStream(ORGANISATION, _open_to))


def _visible(_connection: Connection, actor: Actor, at: AsAt) -> RowCondition | None:
    return search_queries.findable(ROW, at.position) if can(actor, "read-people").allowed else None


def _headings(
    connection: Connection, people: Collection[str], at: AsAt
) -> Mapping[str, FoundHeading]:
    rows = [queries.person(connection, one, position=at.position) for one in sorted(people)]
    return {
        row.person: FoundHeading(row.name, f"/people/{row.person}", row.job_title or "Person")
        for row in rows
        if row is not None
    }


SEARCHED = SearchedKind("person", "People", 80, _visible, _headings)

COMPARED = (
    ComparedKind(
        "person",
        "People and what they may do",
        "Account of",
        90,
        (
            ComparedTable(
                person_row,
                {"name": "Name", "handle": "Name to sign in", "departed_on": "Left"},
                left_out=("known_only_from_file",),
                only=person_row.c.known_only_from_file == 0,
            ),
            ComparedTable(
                grant_row,
                {"role": said_as("", lambda role: ROLES.get(role, role)), "until": "until"},
                each="Role {role}, {scope}, from {since}",
            ),
            ComparedTable(
                placement_row,
                {
                    "job_title": "job",
                    "team": place("team"),
                    "service": place("service"),
                    "manager": person("manager"),
                },
                each="Place from {since}",
            ),
            ComparedTable(
                deputy_row,
                {"deputy": person(""), "until": "until"},
                each="Deputy from {since}",
            ),
            ComparedTable(JOINED_PEOPLE.table, {"joined_to": person("The same person as")}),
        ),
        named=("name",),
        href="/people/{}",
        opened_by="read-people",
    ),
    ComparedKind(
        ORGANISATION,
        "Teams and services",
        "Team",
        100,
        (
            ComparedTable(
                team_row,
                {
                    "name": "Name",
                    "closed": yes_or_no("Closed"),
                    "successor": place("Its work went to"),
                },
            ),
            ComparedTable(
                team_service_row,
                {"service": place("")},
                each="Service from {since}",
                left_out=("service_name",),
            ),
        ),
        named=("name",),
        href="/teams/{}",
        whole=True,
    ),
)
