"""What administrators do about how somebody signs in, for the pages, the API and the command line.

Secrets are no events: what was done is recorded first, then done, so that doing it twice is safe.
"""

from __future__ import annotations

from api.services import Services
from qa.authorisation.context import Once
from qa.authorisation.policy import require
from qa.core.errors import NotFound
from qa.core.words import Actor
from qa.people.commands import people
from qa.security.accounts import credentials, one_time, ways_in
from qa.store.unit import Receipt


def enrolled(services: Services, person: str, handle: str) -> None:
    """Give a person their sign-in name, where they have none yet."""
    with services.store.writing() as connection:
        try:
            credentials.of(connection, person)
        except NotFound:
            credentials.enrol(connection, person=person, name=handle)


def one_time_code(services: Services, person: str, handle: str, *, by: Actor) -> str:
    """A code with which the person sets a password, told this once. Codes made before end.

    Raises:
        Forbidden: only administrators and the operator make one.
    """
    require(by, "manage-people")
    people.note_sign_in_change(services.desk, person=person, what="link-made", by=by)
    enrolled(services, person, handle)
    with services.store.writing() as connection:
        return one_time.make(connection, services.clock, person=person)


def end_ways_in(services: Services, person: str, *, by: Actor, once: Once | None = None) -> Receipt:
    """End a person's sessions, tokens and calendar address.

    Raises:
        Forbidden: only administrators and the operator end those of others.
    """
    done = people.note_sign_in_change(
        services.desk,
        person=person,
        what="sessions-ended",
        detail="and tokens",
        by=by,
        once=once,
    )
    with services.store.writing() as connection:
        ways_in.end_all(connection, services.clock, person)
    return done
