"""What administrators do about how somebody signs in, for the pages, the API and the command line.

Secrets are no events: what was done is recorded first, then done, so that doing it twice is safe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from api.documents.text import guarded
from projections.people import queries
from projections.people.tables import PlacedPerson
from qa.authorisation.context import Desk
from qa.core.clock import Clock
from qa.core.errors import HeldOff, Refused
from qa.core.words import Actor
from qa.people import handlers
from qa.people.commands import MakeSignInCode
from qa.security.accounts import addresses, attempts, credentials, one_time, ways_in
from qa.security.accounts.credentials import Credential
from qa.store.store import Store

_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_DEVICES = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"),
    ("Windows", "Windows"), ("CrOS", "a Chromebook"), ("Mac OS X", "a Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser_named(agent: str) -> str:
    """The browser and the device of a session in words, for whoever asks which one is theirs. What
    was sent stands as it is where no browser is known by it."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    device = next((name for mark, name in _DEVICES if mark in agent), "")
    return f"{browser} on {device}" if browser and device else browser or agent or "Not known"


def enrolled(store: Store, handles: Mapping[str, str]) -> None:
    """Give people their sign-in names, where they have none yet."""
    with store.writing() as connection:
        lacking = handles.keys() - credentials.people(connection)
        for person in sorted(lacking):
            credentials.enrol(connection, person=person, name=handles[person])


def written_to(store: Store, given: Mapping[str, str]) -> None:
    """Keep the addresses of people who have not given one themselves."""
    if not given:
        return
    with store.writing() as connection:
        for person in sorted(given.keys() - addresses.all_of(connection).keys()):
            addresses.put(connection, store.clock, person=person, address=given[person])


def one_time_code(desk: Desk, person: str, *, by: Actor) -> str:
    """A code with which the person sets a password, told this once. Codes made before end.

    Raises:
        Forbidden: only administrators and the operator make one.   NotFound: nobody was added so.
    """
    done = handlers.make_sign_in_code(desk, MakeSignInCode(person=person), by=by)
    return new_code(desk.store, person, str(done.response["handle"]))


def waiting_for_code(connection: Connection, day: date) -> list[PlacedPerson]:
    """Whoever is here on `day` and has never set a password, by name."""
    new = credentials.without_password(connection)
    return [one for one in queries.everybody(connection, day=day) if one.person in new]


def one_time_codes(
    desk: Desk, people: Sequence[PlacedPerson], *, by: Actor
) -> list[tuple[PlacedPerson, str]]:
    """A code for each of them (see `one_time_code`)."""
    return [(one, one_time_code(desk, one.person, by=by)) for one in people]


def codes_csv(store: Store, made: Sequence[tuple[PlacedPerson, str]]) -> bytes:
    """The codes as a file to hand out, or to write letters from."""
    with store.reading() as connection:
        written = addresses.all_of(connection)
    headings = ("Name", "Sign-in name", "E-mail address", "One-time code", "Set the password at")
    lines = [
        (one.name, one.handle, written.get(one.person, ""), code, "/set-password")
        for one, code in made
    ]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([map(guarded, line) for line in (headings, *lines)])
    return out.getvalue().encode("utf-8-sig")


def new_code(store: Store, person: str, handle: str) -> str:
    """The code that `qa.people.handlers.make_sign_in_code` has put on record."""
    enrolled(store, {person: handle})
    with store.writing() as connection:
        return one_time.make(connection, store.clock, person=person)


def held_off(wait: timedelta, field: str) -> HeldOff:
    """The refusal for whoever guessed a password too often, said at its field."""
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    sentence = f"Wait {_in_words(seconds)}, then try again."
    return HeldOff(sentence, seconds=seconds, field=field)


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    minutes = -(-seconds // 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def proven(records: Store, clock: Clock, person: str, password: str, address: str) -> Credential:
    """The credential of a person, once they gave their password again: a session that was left
    open is not enough for what outlasts it.

    Raises:
        Refused: it is not their password, or they have to wait after others that were not.
    """
    with records.writing() as connection:
        credential = credentials.of(connection, person)
        attempt, wait = attempts.begin(connection, clock, name=credential.name, address=address)
    if wait:
        raise held_off(wait, "current")
    if not credentials.matches(credential, password):
        raise Refused("This is not your present password.", field="current", code="wrong")
    with records.writing() as connection:
        attempts.succeeded(connection, attempt)
    return credential


def ways_in_ended(store: Store, person: str) -> None:
    """End the sessions, tokens and calendar address of a person: `qa.people.handlers.end_access`
    has put it on record."""
    with store.writing() as connection:
        ways_in.end_all(connection, store.clock, person)
