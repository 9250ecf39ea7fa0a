"""Opens the store that the settings name, for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.services import Services
    from api.settings import Settings
    from api.web.moments import AsAt
    from qa.core.clock import Clock
    from qa.core.words import Actor


_open: list[Services] = []


def closed_at_the_end(services: Services) -> Services:
    """Note services for `close_all`."""
    _open.append(services)
    return services


def close_all() -> None:
    """Close the stores that this command opened."""
    while _open:
        _open.pop().store.close()


def settings_now() -> Settings:
    from api.settings import Settings

    return Settings.from_environment()


def named(settings: Settings, council: str = "") -> Settings:
    """The settings with the council's name, which a new store is never made without: as given, as
    set, or as typed by whoever sits at the terminal.

    Raises:
        Refused: nobody says whose records these are.
    """
    import sys

    from api.services import kept_of
    from api.settings import NO_NAME
    from qa.core.errors import Refused

    given = council.strip() or settings.council_name.strip()
    nameless = given in ("", NO_NAME) and kept_of(settings) is None
    if nameless and sys.stdin.isatty():
        import typer

        given = str(typer.prompt("The council’s name")).strip()
    if nameless and given in ("", NO_NAME):
        raise Refused(
            "Say whose records these are: --council “Example Council”, or CASELOOP_COUNCIL_NAME. "
            "The log is called by it for ever.",
            field="--council",
            code="council-name-missing",
        )
    return settings.model_copy(update={"council_name": given or NO_NAME})


def give_starting_set(services: Services) -> None:
    """Give a new store what every council starts with: ``STARTS`` of each ``starting_set``."""
    from types import FunctionType

    from qa.core.capabilities import declared

    for starts in declared("api", "starting_set", "STARTS", FunctionType):
        starts(services)


def open_services(
    *, make: bool = False, any_release: bool = False, clock: Clock | None = None
) -> Services:
    """The services over the store of the settings.

    With `make`, a missing store is made and given the shipped scales and tools; without it a
    missing SQLite file is refused rather than created empty under a misspelt name. Only an upgrade
    opens records of `any_release`.

    Raises:
        Refused: no such store.   Unavailable: the key is missing, the database cannot be reached,
        the records are of another release.
    """
    from api.cli.output import warn
    from api.services import build
    from qa.core.errors import Refused

    settings = settings_now()
    new = settings.is_new_file
    if new and not make:
        raise Refused(
            f"There is no store at {settings.store_shown}. Run caseloop init, or name one with "
            "--store."
        )
    if make:
        settings = named(settings)
    services = closed_at_the_end(build(settings, clock=clock, make_key=make))
    if make:
        services.initialise()
        if services.store.head() == 0:
            give_starting_set(services)
            if new:
                warn(
                    f"Made a new store at {settings.store_shown} with its key {settings.key_place}."
                )
    else:
        services.check_key()
        if not any_release:
            services.store.check()
    return services


@contextmanager
def seen_at(
    services: Services, as_at: str | None, position: int | None, true_on: str | None
) -> Iterator[tuple[AsAt, Connection]]:
    """The moment that options ask for, and what reads the records as they were at it."""
    from api.cli.dates import day_of
    from api.web import moments

    with services.store.reading() as connection:
        days = day_of(as_at, "--as-at"), position, day_of(true_on, "--true-on")
        at = moments.as_at(services.store, connection, *days)
        with moments.looking(services, connection, at) as shown:
            yield at, shown


def operator_as_lead(services: Services, connection: Connection) -> Actor:
    """Whoever runs the service reads what a QA lead of the whole council does, but for what is
    restricted."""
    from datetime import date

    from api.gate.current_actor import with_closed
    from qa.core.clock import today
    from qa.core.words import Actor, Grant, Role
    from qa.people.commands import OPERATOR

    lead = Grant(role=Role.QA_LEAD, since=date(2000, 1, 1))
    operator = Actor(OPERATOR.person, (*OPERATOR.grants, lead))
    return with_closed(connection, operator, today(services.clock))
