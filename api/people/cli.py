"""`caseloop people` and `caseloop token`: the first administrator, and access from programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand, CliGroup
from api.cli.dates import AsAt, Position, TrueOn
from api.cli.store_session import open_services, seen_at
from qa.core.errors import NotFound, Refused

if TYPE_CHECKING:
    from api.services import Services
    from qa.core.words import Role


Handle = Annotated[str, typer.Argument(help="The name they sign in with.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def add(
    handle: Handle,
    name: Annotated[str, typer.Option(help="Their name.")],
    admin: Annotated[bool, typer.Option("--admin", help="Make them an administrator.")] = False,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="A role for the whole council.")
    ] = None,
    job_title: Annotated[str, typer.Option(help="Their job title.")] = "",
    team: Annotated[str | None, typer.Option(help="The code of their team.")] = None,
) -> None:
    """Add somebody and print a one-time code with which they set their password."""
    from api.people.sign_in import one_time_code
    from qa.people import handlers
    from qa.people.commands import OPERATOR, AddPerson, GrantRole

    roles = [_role(each) for each in [*(role or []), *(["administrator"] if admin else [])]]
    services = open_services(make=True)
    added = AddPerson(handle=handle, name=name, job_title=job_title, team=team)
    done = handlers.add_person(services.desk, added, by=OPERATOR)
    person = str(done.response["person"])
    for each in roles:
        handlers.grant_role(services.desk, GrantRole(person=person, role=each), by=OPERATOR)
    code = one_time_code(services.desk, person, by=OPERATOR)
    output.line(f"Added {handle}. They set their password at /set-password with the code:")
    output.line(f"  {code}")


def code(handle: Handle) -> None:
    """Print a new one-time code for somebody who cannot sign in."""
    from api.people.sign_in import one_time_code
    from qa.people.commands import OPERATOR

    services = open_services()
    person = _person(services, handle)
    made = one_time_code(services.desk, person, by=OPERATOR)
    output.line(f"{handle} sets a new password at /set-password with the code:")
    output.line(f"  {made}")


def codes(
    out: Annotated[Path, typer.Argument(help="A .csv file to write; hand it out with care.")],
) -> None:
    """Make one-time codes for everybody who has never set a password, and write them to a file."""
    from api.people.sign_in import codes_csv, one_time_codes, waiting_for_code
    from qa.people.commands import OPERATOR

    services = open_services()
    with services.store.reading() as connection:
        people = waiting_for_code(connection, services.desk.today())
    made = one_time_codes(services.desk, people, by=OPERATOR)
    out.touch(mode=0o600)
    out.write_bytes(codes_csv(services.store, made))
    whose = "1 person" if len(made) == 1 else f"{len(made)} people"
    output.line(f"One-time codes for {whose} are in {out}. Each works once, for three days.")


def end_access(handle: Handle) -> None:
    """End somebody's sessions, API tokens and calendar address; their password stays."""
    from api.people.sign_in import ways_in_ended
    from qa.people import handlers
    from qa.people.commands import OPERATOR, EndAccess

    services = open_services()
    person = _person(services, handle)
    handlers.end_access(services.desk, EndAccess(person=person), by=OPERATOR)
    ways_in_ended(services.store, person)
    output.line(f"The sessions, tokens and calendar address of {handle} are ended.")


def grant(
    handle: Handle,
    role: Annotated[str, typer.Argument(help="auditor, moderator, qa-lead, …")],
    scope: Annotated[str, typer.Option(help="council, service:CODE or team:CODE.")] = "council",
) -> None:
    """Grant a role."""
    from qa.core.words import Scope
    from qa.people import handlers
    from qa.people.commands import OPERATOR, GrantRole

    try:
        reach = Scope.of(scope)
    except ValueError:
        sentence = "A scope is council, service:CODE or team:CODE."
        raise Refused(sentence, field="--scope", code="scope-unknown") from None
    services = open_services()
    command = GrantRole(person=_person(services, handle), role=_role(role), scope=reach)
    handlers.grant_role(services.desk, command, by=OPERATOR)
    output.line(f"{handle} is now {role} ({scope}).")


def list_people(
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    as_json: Json = False,
) -> None:
    """List everybody with the roles they hold on the day."""
    from projections.people import queries

    with seen_at(open_services(), as_at, position, true_on) as (at, connection):
        roles = queries.grants_on(connection, at.on, position=at.position)
        found = [
            (row, roles.get(row.person, []))
            for row in queries.everybody(connection, position=at.position, day=at.on)
        ]
    if as_json:
        output.as_json(
            [
                {
                    "person": row.person,
                    "handle": row.handle,
                    "name": row.name,
                    "grants": [g.model_dump(mode="json") for g in grants],
                }
                for row, grants in found
            ]
        )
        return
    output.table(
        "People",
        ["sign-in name", "name", "roles"],
        [[row.handle, row.name, ", ".join(g.role.label for g in grants)] for row, grants in found],
    )


def make_token(
    handle: Handle,
    label: Annotated[str, typer.Option(help="What it is for.")],
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="read, export or write; read if left out.")
    ] = None,
    days: Annotated[int, typer.Option(help="How long it lasts, at most 366.")] = 90,
) -> None:
    """Make an API token for somebody. It is printed once and kept nowhere."""
    from datetime import timedelta

    from qa.people import handlers
    from qa.people.commands import OPERATOR, MakeToken
    from qa.security.accounts import tokens

    services = open_services()
    person = _person(services, handle)
    with services.store.writing() as connection:
        secret, _ = tokens.make(
            connection,
            services.clock,
            person=person,
            label=label,
            scopes=scope or ["read"],
            lasts=timedelta(days=days),
        )
    handlers.make_token(services.desk, MakeToken(person=person, label=label), by=OPERATOR)
    output.line(secret)


def _role(name: str) -> Role:
    from qa.core.words import Role

    try:
        return Role(name)
    except ValueError:
        known = ", ".join(role.value for role in Role if role is not Role.SYSTEM)
        raise Refused(
            f"There is no role {name}. There are: {known}.", field="--role", code="role-unknown"
        ) from None


def _person(services: Services, handle: str) -> str:
    from projections.people import queries

    with services.store.reading() as connection:
        found = queries.with_handle(connection, handle)
    if found is None:
        raise NotFound(f"Nobody signs in as {handle}.")
    return found


GROUPS = (
    CliGroup("people", "People and their roles.", no_args_is_help=True),
    CliGroup("token", "API tokens.", no_args_is_help=True),
)
COMMANDS = (
    CliCommand("add", add, "people"),
    CliCommand("code", code, "people"),
    CliCommand("codes", codes, "people"),
    CliCommand("end-access", end_access, "people"),
    CliCommand("grant", grant, "people"),
    CliCommand("list", list_people, "people"),
    CliCommand("make", make_token, "token"),
)
