"""The lists of people and of teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from api.documents.listing import ColumnKind
from api.lists.declaration import (
    ListColumn,
    ListFilter,
    ListSearch,
    RecordList,
    record_column,
    whether,
)
from api.people.reading import has_left
from api.people.steps import places
from api.web.context import Reader
from projections.people import queries
from projections.people.tables import DeputyRow, PlacedPerson, PlacedTeam
from qa.authorisation.policy import can, require
from qa.core.dates_in_words import day
from qa.people.words import ROLES


def person_list(reading: Reader) -> RecordList[PlacedPerson]:
    """Everybody on record, by name, with the roles that they hold on the day."""
    require(reading.actor, "read-people")
    at, where = reading.at, places(reading)
    rows = queries.everybody(
        reading.connection, with_departed=True, position=at.position, day=at.on
    )
    grants = queries.grants_on(reading.connection, at.on, position=at.position)

    def roles(one: PlacedPerson) -> str:
        return ", ".join(
            grant.role.label
            + (f" ({where.get(grant.scope.key, grant.scope.code)})" if grant.scope.code else "")
            for grant in grants.get(one.person, ())
        )

    def leaves(one: PlacedPerson) -> str:
        left = "Left" if has_left(one, at.on) else "Leaves"
        return f"{left} on {day(date.fromisoformat(one.departed_on))}" if one.departed_on else ""

    def team(one: PlacedPerson) -> str | None:
        return where.get(f"team:{one.team}", one.team)

    return RecordList(
        path="/people",
        title="People",
        noun=("person", "people"),
        rows=rows,
        key=lambda one: one.person,
        columns=(
            record_column(
                "name", "Name", lambda one: one.name, lambda one: f"/people/{one.person}", leaves
            ),
            ListColumn("handle", "Sign-in name", lambda one: one.handle),
            ListColumn("job_title", "Job title", lambda one: one.job_title, none="Not given"),
            ListColumn("team_name", "Team", team),
            ListColumn("roles", "Roles", roles),
            ListColumn(
                "departed_on",
                "Last day",
                lambda one: one.departed_on,
                ColumnKind.DAY,
                on_page=False,
            ),
        ),
        filters=(
            whether(
                "departed",
                "Left or still here",
                lambda one: has_left(one, at.on),
                "Left",
                "Here",
                "no",
            ),
            ListFilter(
                "team",
                "Team",
                lambda one: (one.team or "none", team(one) or "None"),
                {"none": "None", **queries.team_names(reading.connection, position=at.position)},
            ),
            ListFilter(
                "role",
                "Role",
                lambda one: (
                    [(g.role.value, g.role.label) for g in grants.get(one.person, ())]
                    or [("none", "None")]
                ),
                {"none": "None", **ROLES},
            ),
        ),
        searches=(
            ListSearch("name", "Name or sign-in name", lambda one: f"{one.name} {one.handle}"),
        ),
        order="by name",
        empty=("Nobody is on record yet", "Add a person, then give them a role."),
        file_name="people",
    )


def team_list(reading: Reader) -> RecordList[PlacedTeam]:
    """The teams of the council by service and name."""
    require(reading.actor, "read-people")
    manages = can(reading.actor, "manage-people").allowed
    rows = queries.teams(
        reading.connection, with_closed=True, position=reading.at.position, day=reading.at.on
    )
    names = {one.team: one.name for one in rows}

    def state(one: PlacedTeam) -> str:
        return "Closed" if one.closed else "Open"

    return RecordList(
        path="/teams",
        title="Teams",
        noun=("team", "teams"),
        rows=rows,
        key=lambda one: one.team,
        columns=(
            record_column(
                "name",
                "Team",
                lambda one: one.name,
                lambda one: f"/teams/{one.team}" if manages else "",
            ),
            ListColumn("service_name", "Service", lambda one: one.service_name),
            ListColumn("team", "Code", lambda one: one.team),
            ListColumn("state", "State", state),
            ListColumn(
                "successor",
                "Taken over by",
                lambda one: names.get(one.successor or "", one.successor),
                on_page=False,
            ),
        ),
        filters=(
            whether("closed", "Open or closed", lambda one: one.closed, "Closed", "Open", "no"),
            ListFilter("service", "Service", lambda one: (one.service, one.service_name)),
        ),
        order="by service and name",
        empty=(
            "There are no teams yet",
            "Choose “Open a team”, or import them from a spreadsheet."
            if manages
            else "An administrator opens the first one.",
        ),
        file_name="teams",
    )


def deputy_list(
    rows: Sequence[DeputyRow], names: Mapping[str, str], today: date
) -> RecordList[DeputyRow]:
    """Who stands in for somebody from today on."""
    return RecordList(
        path="/team-work",
        title="Deputies from today on",
        noun=("deputy", "deputies"),
        rows=rows,
        key=lambda one: f"{one.deputy} {one.since}",
        columns=(
            ListColumn("deputy", "Deputy", lambda one: names.get(one.deputy, one.deputy)),
            ListColumn("since", "First day", lambda one: one.first_day, ColumnKind.DAY),
            ListColumn("until", "Last day", lambda one: one.last_day, ColumnKind.DAY),
            ListColumn(
                "now",
                "Now",
                lambda one: "Stands in" if one.first_day <= today else "Not yet",
            ),
        ),
        order="by first day",
        empty=(
            "Nobody stands in",
            "Name a deputy before an absence, so that no task is missed.",
        ),
    )
