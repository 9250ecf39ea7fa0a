"""Events of a person (stream ``person:<id>``) and of the organisation (stream ``organisation``).

Passwords and sessions are not events; that a way of signing in was set or revoked is.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from qa.core.event import Event
from qa.core.fields import FieldWords
from qa.core.words import Grant

Handle = Annotated[
    str,
    FieldWords(
        label="Sign-in name",
        hint="Lower-case letters, digits, dots and hyphens, for example a.tree. It cannot be "
        "changed.",
    ),
]
JobTitle = Annotated[str, FieldWords(label="Job title")]


def line_manager(label: str) -> FieldWords:
    return FieldWords(
        label=label, widget="choice", code="person-unknown",
        sentence="Choose the line manager from the list.",
    )  # fmt: skip


Manager = Annotated[str | None, line_manager("Line manager")]

JoinedTo = Annotated[str, FieldWords(label="Counts as")]


def person_stream(person: str) -> str:
    return f"person:{person}"


ORGANISATION = "organisation"


class PersonAdded(Event):
    """Somebody became known to Caseloop. `handle` is the short name they sign in with."""

    person: str
    handle: Handle
    name: Annotated[str, FieldWords(label="Name")]
    job_title: JobTitle = ""
    team: str | None = None
    service: str | None = None
    manager: Manager = None


class PersonRenamed(Event):
    old: str
    new: str


class PersonMoved(Event):
    """Somebody changed team, service, job title or line manager on the effective date."""

    team: str | None
    service: str | None
    manager: Manager
    job_title: JobTitle


class RoleGranted(Event):
    grant: Grant


class RoleEnded(Event):
    """A grant ended: its last day is the event's effective date."""

    grant: Grant


class PersonDeparted(Event):
    """Somebody left. Their name stays on all they did; they can no longer act or sign in."""


class PersonReturned(Event):
    """Somebody who had left works here again, in the place that they had."""


class SignInChanged(Event):
    """A way of signing in was set, changed or revoked (never the secret itself)."""

    what: Annotated[
        Literal["password-set", "sessions-ended", "token-made", "token-revoked", "link-made"],
        FieldWords(label="Way of signing in"),
    ]
    detail: Annotated[str, FieldWords(label="Detail")] = ""


class PersonJoined(Event):
    """Somebody known only from files is the person `joined_to`, and counts as them in figures."""

    joined_to: JoinedTo


class PersonParted(Event):
    """The joining is undone: they count as somebody of their own again."""

    joined_to: JoinedTo


class DeputyNamed(Event):
    """Somebody stands in for this person from `since` to `until`, both days included."""

    deputy: Annotated[str, FieldWords(label="Deputy")]
    since: date
    until: date


class DeputyEnded(Event):
    """The standing in that began on `since` is over from the event's effective date on."""

    deputy: Annotated[str, FieldWords(label="Deputy")]
    since: date


class TeamOpened(Event):
    team: str
    name: str
    service: str
    service_name: str


class TeamRenamed(Event):
    team: str
    old: str
    new: str


class TeamClosed(Event):
    """The team takes no new work. `successor` is the team that its people and open work go to."""

    SCHEMA: ClassVar[int] = 2
    team: str
    successor: Annotated[str | None, FieldWords(label="Team that takes over")] = None


class TeamServiceChanged(Event):
    """The team belongs to another service from the effective date on; records keep theirs."""

    team: str
    old: str
    new: str
    new_name: str


class TeamReopened(Event):
    team: str
