"""`caseloop people from-files|join|part`: names from files, and who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand
from api.cli.store_session import open_services
from qa.core.errors import NotFound

if TYPE_CHECKING:
    from api.services import Services

Name = Annotated[str, typer.Argument(help="The name as the file has it, or its id.")]
Why = Annotated[str, typer.Option(help="Why, for the history.")]


def list_names(
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """List the people known only from files, who they count as, and whom they may be."""
    from api.people.same_names import likely_same
    from projections.people import queries
    from projections.people.file_queries import names_from_files

    with open_services().store.reading() as connection:
        found = names_from_files(connection)
        people = queries.everybody(connection, with_departed=True)
        likely = likely_same(found, [(one.person, one.name) for one in people])
    if as_json:
        output.as_json([{**one._asdict(), "may_be": likely.get(one.person, [])} for one in found])
        return
    called = {one.person: one.name for one in found}
    called |= {one.person: f"{one.name} ({one.handle})" for one in people}
    output.table(
        "Names from files",
        ["name", "id", "counts as", "may be"],
        [
            [
                one.name,
                one.person,
                called.get(one.joined_to or "", ""),
                ", ".join(name for _, name in likely.get(one.person, [])),
            ]
            for one in found
        ],
        whole="id",
    )


def join(
    name: Name,
    joined_to: Annotated[str, typer.Argument(help="A sign-in name, or another name from a file.")],
    reason: Why = "",
) -> None:
    """Say who a name from a file is: the two count as one person."""
    from projections.people import queries
    from qa.people import handlers
    from qa.people.commands import OPERATOR, JoinPerson

    services = open_services()
    with services.store.reading() as connection:
        target = queries.with_handle(connection, joined_to.lower())
    command = JoinPerson(
        person=_written(services, name),
        joined_to=target or _written(services, joined_to),
        reason=reason or None,
    )
    handlers.join_person(services.desk, command, by=OPERATOR)
    output.line(f"{name} counts as {joined_to} from now on.")


def part(name: Name, reason: Why = "") -> None:
    """Undo the joining of two names."""
    from qa.people import handlers
    from qa.people.commands import OPERATOR, PartPerson

    services = open_services()
    command = PartPerson(person=_written(services, name), reason=reason or None)
    handlers.part_person(services.desk, command, by=OPERATOR)
    output.line(f"{name} counts as somebody of their own again.")


def _written(services: Services, name: str) -> str:
    from projections.people.file_queries import names_from_files

    with services.store.reading() as connection:
        found = names_from_files(connection)
    named = [one.person for one in found if one.person == name]
    named = named or [one.person for one in found if one.name.casefold() == name.casefold()]
    if len(named) != 1:
        raise NotFound(f"There is no one person called {name} in any file, and nobody signs in so.")
    return named[0]


COMMANDS = (
    CliCommand("from-files", list_names, "people"),
    CliCommand("join", join, "people"),
    CliCommand("part", part, "people"),
)
