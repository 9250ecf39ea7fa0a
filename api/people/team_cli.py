"""`caseloop team`: the teams of the council."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand, CliGroup
from api.cli.dates import AsAt, Position, TrueOn
from api.cli.store_session import open_services, seen_at

Code = Annotated[str, typer.Argument(help="The code of the team: see caseloop team list.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def list_teams(
    closed: Annotated[bool, typer.Option("--closed", help="List closed teams too.")] = False,
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    as_json: Json = False,
) -> None:
    """List the teams with their services."""
    from projections.people import queries

    with seen_at(open_services(), as_at, position, true_on) as (at, connection):
        found = queries.teams(connection, with_closed=closed, position=at.position, day=at.on)
    names = ("team", "name", "service", "service_name", "closed", "successor")
    if as_json:
        output.as_json([{name: getattr(row, name) for name in names} for row in found])
        return
    output.table(
        "Teams",
        ["code", "name", "service", "state"],
        [
            [row.team, row.name, row.service_name, "closed" if row.closed else "open"]
            for row in found
        ],
    )


def found(
    name: Annotated[str, typer.Argument(help="The name of the team.")],
    service: Annotated[str, typer.Option(help="The name of its service.")],
) -> None:
    """Open a team in a service."""
    from qa.people import handlers
    from qa.people.commands import OPERATOR, OpenTeam

    done = handlers.open_team(
        open_services().desk, OpenTeam(name=name, service_name=service), by=OPERATOR
    )
    output.line(f"The team {name} is open. Its code is {done.response['team']}.")


def rename(team: Code, name: Annotated[str, typer.Argument(help="The new name.")]) -> None:
    """Rename a team; records made before keep its old name."""
    from qa.people import handlers
    from qa.people.commands import OPERATOR, RenameTeam

    handlers.rename_team(open_services().desk, RenameTeam(team=team, name=name), by=OPERATOR)
    output.line(f"The team {team} is now called {name}.")


def close(
    team: Code,
    successor: Annotated[
        str | None,
        typer.Option(help="The code of the team that takes over its people and open work."),
    ] = None,
) -> None:
    """Close a team to new audits."""
    from qa.people import handlers
    from qa.people.commands import OPERATOR, CloseTeam

    command = CloseTeam(team=team, successor=successor)
    handlers.close_team(open_services().desk, command, by=OPERATOR)
    output.line(f"The team {team} is closed{f': {successor} takes over' if successor else ''}.")


def reopen(team: Code) -> None:
    """Open a closed team again."""
    from qa.people import handlers
    from qa.people.commands import OPERATOR, ReopenTeam

    handlers.reopen_team(open_services().desk, ReopenTeam(team=team), by=OPERATOR)
    output.line(f"The team {team} is open again.")


def move(
    team: Code,
    service: Annotated[str, typer.Option(help="The name of the service.")],
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="The first day in that service."),
    ] = None,
) -> None:
    """Let a team with its people belong to another service from a day on."""
    from qa.people import handlers
    from qa.people.commands import OPERATOR, ChangeTeamService

    first = None if on is None else on.date()
    command = ChangeTeamService(team=team, service_name=service, on=first)
    handlers.change_team_service(open_services().desk, command, by=OPERATOR)
    output.line(f"The team {team} belongs to {service}.")


GROUPS = CliGroup("team", "The teams of the council.", no_args_is_help=True)
COMMANDS = (
    CliCommand("list", list_teams, "team"),
    CliCommand("found", found, "team"),
    CliCommand("rename", rename, "team"),
    CliCommand("close", close, "team"),
    CliCommand("reopen", reopen, "team"),
    CliCommand("move", move, "team"),
)
