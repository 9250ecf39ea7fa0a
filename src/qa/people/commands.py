"""What can be asked of people, their roles and deputies, and of the teams of the council."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.command import Command
from qa.core.fields import FieldWords, choice, day, short_text, target
from qa.core.frozen import Frozen
from qa.core.words import CODE, Actor, Grant, Role, Scope
from qa.people.events import Handle, JobTitle, Manager, line_manager

OPERATOR = Actor("operator", (Grant(role=Role.SYSTEM, since=date(2000, 1, 1)),))
"""The person at the server's command line: trusted with the machine, so with setting it up."""

PersonId = Annotated[str, target("The id of the person.", pattern=r"^[a-z0-9-]{1,64}$")]
_NAME = "Enter a name of 120 characters or fewer."
NO_SERVICE = "Enter the service's name."
_FROM = "Leave empty for today; an earlier or later day can be given. For example, 31 3 2026"
_UNTIL = "Today if left empty; an earlier or later day can be given. For example, 31 3 2026"
Reason = Annotated[str | None, FieldWords(label="Reason (optional)", longest=4000, weighed=True)]
LastDay = Annotated[date | None, day("Last day", _UNTIL)]
FirstDay = Annotated[date | None, day("From which day?", _FROM)]


def _team(label: str) -> FieldWords:
    return FieldWords(label=label, widget="choice", sentence="Choose a team from the list.")


class PersonMade(Frozen):
    """The id of the person, and the name they sign in with."""

    person: str
    handle: str


class AddPerson(Command, writes="person:{person}", result=PersonMade):
    """Make somebody known, with `handle` to sign in with. They set a password with a one-time
    code: ask for one at ``/people/{person}/one-time-code``."""

    handle: Handle
    name: Annotated[
        str,
        short_text(
            "Name", missing="Enter the person's name.", longest=120,
            sentence="The name must be 120 characters or fewer.",
        ),
    ]  # fmt: skip
    job_title: Annotated[str, FieldWords(label="Job title (optional)")] = ""
    team: Annotated[str | None, _team("Team (optional)")] = None
    manager: Annotated[str | None, line_manager("Line manager (optional)")] = None


class OfPerson(Command, stream="person:{person}"):
    person: PersonId


class RenamePerson(OfPerson):
    """Change a name; what was done before keeps the old one."""

    name: Annotated[
        str,
        short_text(
            "Name", "What was done under the old name keeps showing it.", missing=_NAME,
            longest=120, code="name-missing", sentence=_NAME,
        ),
    ]  # fmt: skip


class MovePerson(OfPerson):
    """Record a change of team, line manager or job title from a day on: today, or an earlier or a
    later one. It holds until the next one of theirs."""

    team: Annotated[str | None, _team("Team")]
    manager: Manager
    job_title: JobTitle = ""
    effective_on: FirstDay = None


class GrantRole(OfPerson):
    """Grant a role with its reach and dates."""

    role: Annotated[Role, choice("Role")]
    scope: Annotated[Scope, choice("Where")] = Scope()
    since: Annotated[date | None, day("First day")] = None
    until: Annotated[
        date | None,
        day("Last day (optional)", "Leave empty for no end"),
    ] = None
    reason: Reason = None


class EndRole(OfPerson):
    """End a role, `on` being its last day: today, or an earlier or a later one."""

    grant: Annotated[Grant, choice("Role to end")]
    on: LastDay = None
    reason: Reason = None


class RecordDeparture(OfPerson):
    """Record that somebody leaves, `on` being their last day: today, or an earlier or a later one.
    They can no longer sign in after it, and their work stays theirs until it is handed over."""

    on: LastDay = None
    reason: Reason = None


class RecordReturn(OfPerson):
    """Record that somebody who had left is back, or call off a departure still to come."""


class JoinPerson(OfPerson):
    """Say that a name known only from files is somebody on record, or another spelling of a name.
    They count as one person in every figure from now on; each record keeps the name it was given.
    """

    joined_to: Annotated[
        str,
        FieldWords(
            label="Who is it?", widget="choice", missing="Choose who it is.", coded="joined-to"
        ),
    ]
    reason: Reason = None


class PartPerson(OfPerson):
    """Undo a joining: the name counts as somebody of their own again."""

    reason: Reason = None


class OfSignIn(Command, writes="person:{person}"):
    """A way of signing in changes; the secret itself is no part of it."""

    person: PersonId


class EndAccess(OfSignIn):
    """End this person's sessions, API tokens and calendar address; their password stays."""


class MakeSignInCode(OfSignIn, result=PersonMade):
    """Make a code with which this person sets a password."""


class MakeToken(OfSignIn):
    """Make an API token for this person."""

    label: Annotated[str, FieldWords(label="What it is for")]


class OfDeputy(OfPerson):
    deputy: Annotated[str, choice("Who stands in")]
    since: Annotated[date, day("First day", missing="Enter a day.")]


class NameDeputy(OfDeputy):
    """Let somebody stand in, both days included."""

    until: Annotated[date, day("Last day", missing="Enter a day.")]


class EndDeputy(OfDeputy):
    """End this cover, from today on."""


class TeamMade(Frozen):
    """The codes of the team and of its service."""

    team: str
    service: str


class OpenTeam(Command, writes="organisation", result=TeamMade):
    """Open a team in a service."""

    name: Annotated[
        str,
        FieldWords(
            label="Name of the team", missing="A team needs a code and a name.", coded="team-name"
        ),
    ]
    service_name: Annotated[
        str,
        FieldWords(
            label="Service it belongs to",
            hint="A service that is there, or a new one.",
            missing=NO_SERVICE,
            coded="service",
        ),
    ]


class OfTeam(Command, stream="organisation"):
    """A team is a part of its stream: its version is that of its own last event."""

    team: Annotated[str, target("The code of the team.", pattern=CODE)]


class RenameTeam(OfTeam):
    """Rename a team; records made before keep its old name."""

    name: Annotated[
        str,
        FieldWords(
            label="Name of the team",
            hint="Records made before keep the old name.",
            missing="Enter the team's new name.",
            coded="team-name",
        ),
    ]


class CloseTeam(OfTeam):
    """Close a team to new audits, and say which team takes over: its people, the audits that are
    not submitted and the actions that go on are handed to that team."""

    successor: Annotated[str | None, _team("Team that takes over (optional)")] = None


class ChangeTeamService(OfTeam):
    """Let a team belong to another service from a day on, with its people; records keep theirs."""

    service_name: Annotated[
        str,
        FieldWords(label="Service", missing=NO_SERVICE, coded="service"),
    ]
    on: FirstDay = None


class ReopenTeam(OfTeam):
    """Open a closed team again."""
