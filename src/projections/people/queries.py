"""Who there is: people, the roles they hold, the teams of the council; now or as known then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, func, select, union
from sqlalchemy.engine import Connection

from projections.core.base import as_at, present, today_of
from projections.people.tables import (
    GRANTS,
    PLACEMENTS,
    TEAM_SERVICES,
    TEAMS,
    GrantRow,
    PersonRow,
    PlacedPerson,
    PlacedTeam,
    PlacementRow,
    TeamRow,
    TeamServiceRow,
    grant_row,
    person_row,
    placement_row,
    team_row,
    team_service_row,
)
from qa.core.asking import Rows, Standing, Wanted, ask, ask_all
from qa.core.one_of import one_of
from qa.core.words import Actor, Grant, Role, Scope


def _grant(row: GrantRow) -> Grant:
    return Grant(
        role=Role(row.role),
        scope=Scope.of(row.scope),
        since=date.fromisoformat(row.since),
        until=None if row.until is None else date.fromisoformat(row.until),
    )


def _grants(position: int | None) -> Select[Any]:
    return GRANTS.select(grant_row.c.person == bindparam("person"), position=position).order_by(
        grant_row.c.since, grant_row.c.role, grant_row.c.scope
    )


_GRANTS_NOW = _grants(None)
_PLACE = (
    func.coalesce(placement_row.c.job_title, "").label("job_title"),
    placement_row.c.team,
    placement_row.c.service,
    placement_row.c.manager,
)


def _placed(*columns: ColumnElement[Any], position: int | None = None) -> Select[Any]:
    """The rows of people with where they work on the parameter `day`; further `columns` beside."""
    earlier = placement_row.alias()
    last = (
        select(func.max(earlier.c.since))
        .where(
            earlier.c.person == person_row.c.person,
            earlier.c.since <= bindparam("day"),
            as_at(earlier, position),
        )
        .scalar_subquery()
    )
    place = and_(
        placement_row.c.person == person_row.c.person,
        placement_row.c.since == last,
        as_at(placement_row, position),
    )
    return (
        select(*(person_row.c[name] for name in PersonRow._fields), *_PLACE, *columns)
        .select_from(person_row.outerjoin(placement_row, place))
        .where(as_at(person_row, position))
    )


def _on(connection: Connection, day: date | None) -> dict[str, str]:
    """The parameter `day` of `_placed`: the day that is looked at, or else today."""
    return {"day": (day or today_of(connection)).isoformat()}


def _whose(which: ColumnElement[bool], position: int | None = None) -> Standing:
    return Standing(_placed(position=position).where(which).order_by(person_row.c.name))


_PLACED_NOW = _placed()
_ITSELF = person_row.c.person == bindparam("person")
_MANAGED = placement_row.c.manager == bindparam("manager")
_PERSON_NOW, _MANAGED_NOW = _whose(_ITSELF), _whose(_MANAGED)


def _acting(position: int | None) -> Standing:
    """The parameter `person` on the parameter `day`, a row for each grant they ever held."""
    condition = and_(grant_row.c.person == person_row.c.person, as_at(grant_row, position))
    return Standing(
        _placed(*(grant_row.c[name] for name in GrantRow._fields), position=position)
        .outerjoin(grant_row, condition)
        .where(_ITSELF)
        .order_by(grant_row.c.since, grant_row.c.role, grant_row.c.scope)
    )


_ACTOR = _acting(None)
"""Asked with every request, so put together once."""


_THEN = bindparam("position", type_=BigInteger)
_TEAMS = [Standing(TEAMS.select(position=at)) for at in (None, _THEN)]
_SERVICES = [
    Standing(
        TEAM_SERVICES.select(team_service_row.c.since <= bindparam("day"), position=at).order_by(
            team_service_row.c.since
        )
    )
    for at in (None, _THEN)
]
"""The teams, and the services they have been in: now, and as known at a position."""


def grants(connection: Connection, person: str, *, position: int | None = None) -> list[Grant]:
    """Every grant of a person, ended ones included, oldest first."""
    query = _GRANTS_NOW if position is None else _grants(position)
    return [_grant(GrantRow._make(row)) for row in connection.execute(query, {"person": person})]


def grants_on(
    connection: Connection, day: date | None, *, position: int | None = None
) -> dict[str, list[Grant]]:
    """The grants that hold on a day, or ever held, by person, the oldest first."""
    query = GRANTS.select(position=position).order_by(grant_row.c.since, grant_row.c.role)
    found: dict[str, list[Grant]] = {}
    for row in GRANTS.rows(connection, query):
        if (grant := _grant(row)).holds_on(day or grant.since):
            found.setdefault(row.person, []).append(grant)
    return found


def _placed_people(rows: Rows) -> list[PlacedPerson]:
    return [*map(PlacedPerson._make, rows)]


def _people(
    connection: Connection, query: Select[Any], parameters: Mapping[str, str]
) -> list[PlacedPerson]:
    return [*map(PlacedPerson._make, connection.execute(query, parameters))]


def person(
    connection: Connection, person_id: str, *, position: int | None = None, day: date | None = None
) -> PlacedPerson | None:
    """One person's row, where they work on `day` (today if it is not said) included, or None."""
    parameters = {"person": person_id, **_on(connection, day)}
    standing = _PERSON_NOW if position is None else _whose(_ITSELF, position)
    return next(iter(ask(connection, Wanted(standing, parameters, _placed_people))), None)


def placed_in(connection: Connection, team: str) -> list[str]:
    """Whoever works in a team, did once or is to."""
    query = select(placement_row.c.person).where(
        placement_row.c.team == team, as_at(placement_row, None)
    )
    return sorted(set(connection.execute(query).scalars()))


def moves_ahead(
    connection: Connection, person_id: str, day: date, *, position: int | None = None
) -> list[PlacementRow]:
    """Where this person works from a day after `day` on, as it is said already: the next first."""
    query = PLACEMENTS.select(
        placement_row.c.person == person_id,
        placement_row.c.since > day.isoformat(),
        position=position,
    )
    return PLACEMENTS.rows(connection, query.order_by(placement_row.c.since))


def called(connection: Connection, text: str, *, position: int | None = None) -> list[str]:
    """The ids of people who have, or once had, a name with this text in it, as known then."""
    pattern = f"%{text.strip().lower().replace('%', '').replace('_', '')}%"
    query = select(person_row.c.person).where(func.lower(person_row.c.name).like(pattern))
    if position is not None:
        query = query.where(person_row.c.valid_from <= position)
    return list(connection.execute(query.distinct().limit(200)).scalars())


def managed_by(
    connection: Connection, manager: str, day: date | None = None, *, position: int | None = None
) -> list[PlacedPerson]:
    """The people whose line manager this is on `day` (today if it is not said), by name."""
    parameters = {"manager": manager, **_on(connection, day)}
    standing = _MANAGED_NOW if position is None else _whose(_MANAGED, position)
    return ask(connection, Wanted(standing, parameters, _placed_people))


def managers(connection: Connection, person_id: str) -> list[str]:
    """The line above a person as it is now, from their own manager upwards."""
    found: list[str] = []
    row = person(connection, person_id)
    while row is not None and row.manager and row.manager not in found:
        found.append(row.manager)
        row = person(connection, row.manager)
    return found


def actor(person_id: str, day: date, position: int | None = None) -> Wanted[Actor | None]:
    """The person as somebody who acts on `day`; None for unknown and departed people."""
    parameters = {"person": person_id, "day": day.isoformat()}
    standing = _ACTOR if position is None else _acting(position)
    return Wanted(standing, parameters, lambda rows: _actor(rows, person_id, day))


def _actor(rows: Rows, person_id: str, day: date) -> Actor | None:
    if not rows:
        return None
    width = len(PlacedPerson._fields)
    known = PlacedPerson._make(rows[0][:width])
    left = known.departed_on is not None and day.isoformat() > known.departed_on
    if known.known_only_from_file or left:
        return None
    actor_grants = (_grant(GrantRow._make(row[width:])) for row in rows if row[width] is not None)
    return Actor(
        person_id,
        tuple(grant for grant in actor_grants if grant.holds_on(day)),
        known.team,
        known.service,
        name=known.name,
    )


def with_handle(connection: Connection, handle: str) -> str | None:
    """The id of the person who signs in with `handle`."""
    return with_handles(connection, [handle]).get(handle)


def with_handles(connection: Connection, handles: Collection[str]) -> dict[str, str]:
    """The ids of those who sign in with one of these, by sign-in name."""
    query = select(person_row.c.handle, person_row.c.person).where(
        one_of(person_row.c.handle, handles),
        person_row.c.known_only_from_file == 0,
        as_at(person_row, None),
    )
    return dict(connection.execute(query).tuples().all())


def ids(connection: Connection) -> frozenset[str]:
    """The id of everybody who is or was on record."""
    query = select(person_row.c.person).where(as_at(person_row, None))
    return frozenset(present(connection).execute(query).scalars())


def names(
    connection: Connection, people: Iterable[str | None], *, position: int | None = None
) -> dict[str, str]:
    """The names of these people as they were known at `position`, whatever day is looked at."""
    wanted = sorted({one for one in people if one})
    if not wanted:
        return {}
    query = select(person_row.c.person, person_row.c.name).where(
        one_of(person_row.c.person, wanted), as_at(person_row, position)
    )
    return {row.person: row.name for row in present(connection).execute(query)}


def team_of(connection: Connection, people: Iterable[str]) -> dict[str, str | None]:
    """The team that each of these people is in now."""
    query = _PLACED_NOW.where(one_of(person_row.c.person, people))
    found = connection.execute(query, _on(connection, None))
    return {row.person: row.team for row in found}


def everybody(
    connection: Connection,
    *,
    with_departed: bool = False,
    position: int | None = None,
    day: date | None = None,
) -> list[PlacedPerson]:
    """Everybody who can be given work on `day` (today if it is not said), by name; people known
    only from a file are left out."""
    query = (
        _placed(position=position)
        .where(person_row.c.known_only_from_file == 0)
        .order_by(person_row.c.name)
    )
    if not with_departed:
        here = person_row.c.departed_on >= bindparam("day")
        query = query.where(person_row.c.departed_on.is_(None) | here)
    return _people(connection, query, _on(connection, day))


def holding(
    connection: Connection,
    roles: Role | frozenset[Role],
    day: date | None,
    *,
    with_departed: bool = False,
    position: int | None = None,
) -> list[PlacedPerson]:
    """The people who hold one of `roles` on `day`, by name; without a day, who ever held one."""
    of_them = grant_row.c.role.in_({roles} if isinstance(roles, Role) else sorted(roles))
    query = select(grant_row.c.person).where(of_them, as_at(grant_row, position)).distinct()
    if day is not None:
        on = day.isoformat()
        query = query.where(
            grant_row.c.since <= on, grant_row.c.until.is_(None) | (grant_row.c.until >= on)
        )
    holders = set(connection.execute(query).scalars())
    found = everybody(connection, with_departed=with_departed, position=position, day=day)
    return [row for row in found if row.person in holders]


def leads(connection: Connection, day: date) -> list[tuple[str, Scope]]:
    """Who leads quality assurance on `day`, and for which part of the council."""
    return [
        (row.person, grant.scope)
        for row in holding(connection, Role.QA_LEAD, day)
        for grant in grants(connection, row.person)
        if grant.role is Role.QA_LEAD and grant.holds_on(day)
    ]


def teams(
    connection: Connection,
    *,
    with_closed: bool = False,
    position: int | None = None,
    day: date | None = None,
) -> list[PlacedTeam]:
    """The teams of the council by service and name, in their services of `day` (today if it is not
    said)."""
    on = (day or today_of(connection)).isoformat()
    of_then = position is not None
    at = {"position": position} if of_then else {}
    known, services = ask_all(
        connection,
        Wanted(_TEAMS[of_then], at, lambda rows: [*map(TeamRow._make, rows)]),
        Wanted(
            _SERVICES[of_then], {**at, "day": on}, lambda rows: [*map(TeamServiceRow._make, rows)]
        ),
    )
    service_of = {row.team: (row.service, row.service_name) for row in services}
    found = [
        PlacedTeam(
            row.team, row.name, *service_of[row.team], row.closed, row.successor, row.stream_version
        )
        for row in known
        if with_closed or not row.closed
    ]
    return sorted(found, key=lambda one: (one.service_name, one.name))


def teams_changed_at(connection: Connection) -> list[int]:
    """The positions at which what is known of teams and their services changed, in order."""
    tables = (team_row.c, team_service_row.c)
    spans = [select(one[end]) for one in tables for end in ("valid_from", "valid_to")]
    return sorted(connection.execute(union(*spans)).scalars())


def team(
    connection: Connection, code: str, *, position: int | None = None, day: date | None = None
) -> PlacedTeam | None:
    """A team, closed ones included."""
    found = teams(connection, with_closed=True, position=position, day=day)
    return next((one for one in found if one.team == code), None)


def name_spans(
    connection: Connection, people: Iterable[str]
) -> dict[str, list[tuple[str, int, int]]]:
    """Every name each person has had, with the positions from and until which they had it.

    An event that adds a person is their first; what they did in the same unit of work before it
    belongs to that name too, so the first span begins at 0.
    """
    wanted = sorted({one for one in people if one})
    if not wanted:
        return {}
    query = (
        select(
            person_row.c.person, person_row.c.name, person_row.c.valid_from, person_row.c.valid_to
        )
        .where(one_of(person_row.c.person, wanted))
        .order_by(person_row.c.person, person_row.c.valid_from)
    )
    spans: dict[str, list[tuple[str, int, int]]] = {}
    for row in connection.execute(query):
        first = row.valid_from if row.person in spans else 0
        spans.setdefault(row.person, []).append((row.name, first, row.valid_to))
    return spans


def with_names(
    connection: Connection, entries: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Entries with the name each person had at the entry's own position."""
    known: dict[tuple[str, int], str] = {}
    spans = name_spans(
        present(connection),
        {e["by"] for e in entries} | {e["about_person"] for e in entries if e["about_person"]},
    )

    def name(person: str | None, position: int) -> str:
        if not person:
            return ""
        if (person, position) not in known:
            known[person, position] = next(
                (n for n, first, last in spans.get(person, ()) if first <= position < last),
                BUILT_IN.get(person, person),
            )
        return known[person, position]

    return [
        {
            **entry,
            "by_name": name(entry["by"], entry["position"]),
            "about_name": name(entry["about_person"], entry["position"]),
        }
        for entry in entries
    ]


BUILT_IN = {"operator": "The operator (command line)", "caseloop": "Caseloop itself"}


def places(connection: Connection, *, position: int | None = None) -> dict[str, tuple[str, str]]:
    """The names of every team and its service, by the team's code."""
    found = teams(connection, with_closed=True, position=position)
    return {one.team: (one.name, one.service_name) for one in found}


def team_names(connection: Connection, *, position: int | None = None) -> dict[str, str]:
    """The name of every team by its code."""
    return {code: name for code, (name, _) in places(connection, position=position).items()}
