"""Teams and people as files that come in again."""

from __future__ import annotations

from api.imports.own_records import (
    GivenRecords,
    OwnRecords,
    RecordsRequest,
    counted,
    sign_in_names,
)
from projections.people import queries
from qa.core.words import Role, Scope


def _teams(request: RecordsRequest) -> GivenRecords:
    everyone = queries.teams(request.connection, with_closed=True)
    rows = [{"team": one.name, "service": one.service_name} for one in everyone if not one.closed]
    closed = len(everyone) - len(rows)
    return GivenRecords(rows, counted(closed, "team that is closed.", "teams that are closed."))


def _people(request: RecordsRequest) -> GivenRecords:
    found = queries.everybody(request.connection, with_departed=True)
    handles = sign_in_names(request.connection)
    teams = {one.team: one for one in queries.teams(request.connection, with_closed=True)}
    services = {one.service: one.service_name for one in teams.values()}
    roles = queries.grants_on(request.connection, None)

    def where(scope: Scope) -> str:
        if scope.kind == "council":
            return "council"
        name = services.get(scope.code or "") if scope.kind == "service" else None
        if scope.kind == "team" and scope.code in teams:
            name = teams[scope.code].name
        return f"{scope.kind}: {name or scope.code}"

    rows, inspectors = [], 0
    for one in found:
        grants = [grant for grant in roles.get(one.person, ()) if grant.role is not Role.INSPECTOR]
        inspectors += len(roles.get(one.person, ())) - len(grants)
        team = teams.get(one.team or "")
        cells = {
            "name": one.name,
            "handle": one.handle,
            "job_title": one.job_title,
            "team": team.name if team is not None and not team.closed else "",
            "manager": handles.get(one.manager or "", ""),
            "last_day": one.departed_on or "",
        }
        each = [
            {
                "role": grant.role.label,
                "where": where(grant.scope),
                "since": grant.since.isoformat(),
                "until": "" if grant.until is None else grant.until.isoformat(),
            }
            for grant in grants
        ]
        rows += [{**cells, **role} for role in each or [{}]]
    left = counted(
        inspectors,
        "role of an inspector: their rooms are opened by hand.",
        "roles of inspectors: their rooms are opened by hand.",
    )
    return GivenRecords(rows, left)


OWN_RECORDS = (
    OwnRecords("teams", _teams, "Earlier names and services of a team are in no such file."),
    OwnRecords(
        "people",
        _people,
        "E-mail addresses, passwords and earlier teams and names are in no such file.",
    ),
)
