"""The changes to a person, each a form on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.people.reading import to_choose
from api.web.boxes import Box, FormValues
from api.web.context import Reading
from api.web.steps import At, FormStep, Options, Sent, carry_out, command_box, command_step
from projections.core.base import present
from projections.people import queries
from projections.people.tables import PlacedPerson
from qa.authorisation.handling import CommandHandler
from qa.core.errors import NotFound
from qa.core.words import Grant, Role, Scope
from qa.people import handlers
from qa.people.commands import EndRole, GrantRole
from qa.store.unit import Receipt

NONE = ("", "None")


@dataclass(frozen=True, slots=True)
class Offered:
    """The teams and the line managers that a form offers."""

    teams: Options
    managers: Options


def offered(reading: Reading) -> Offered:
    teams = queries.teams(reading.connection)
    return Offered(
        [NONE, *((one.team, f"{one.name} ({one.service_name})") for one in teams)],
        [NONE, *to_choose(reading)],
    )


def places(reading: Reading) -> dict[str, str]:
    """The name of every team and service, by its kind and code."""
    found: dict[str, str] = {}
    known = present(reading.connection)
    for team in queries.teams(known, with_closed=True, position=reading.at.position):
        found[f"team:{team.team}"] = team.name
        found[f"service:{team.service}"] = team.service_name
    return found


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person, and what a change of them can choose between."""

    row: PlacedPerson
    offered: Offered
    places: Mapping[str, str]
    grants: Mapping[str, Grant]
    chosen: str
    today: date


def grant_code(grant: Grant) -> str:
    """A grant as a form names it."""
    scope = grant.scope
    return "|".join(
        (grant.role.value, scope.kind, scope.code or "", str(grant.since), str(grant.until or ""))
    )


def reach(scope: Scope, where: Mapping[str, str]) -> str:
    """How far a role reaches, in words."""
    if scope.code is None:
        return "The whole council"
    return f"{scope.kind.capitalize()} {where.get(f'{scope.kind}:{scope.code}', scope.code)}"


WHAT_ROLES_DO = {
    Role.AUDITOR: "writes audits and checks the actions from them",
    Role.MODERATOR: "judges audits a second time and decides disputes",
    Role.QA_LEAD: "runs audits, plans, reports and policies",
    Role.ADMINISTRATOR: "looks after people and accounts, not case content",
    Role.TEAM_MANAGER: "sees the work of their teams and hands it over",
    Role.PRACTITIONER: "sees their own actions and the audits of their cases",
    Role.READER: "reads reports and audits and changes nothing",
}
"""What may be given by hand. An inspector holds no role but has a room."""


def _role_boxes(view: PersonView) -> list[Box]:
    roles = [(role.value, f"{role.label}: {does}") for role, does in WHAT_ROLES_DO.items()]
    places = sorted(view.places.items(), key=lambda one: (one[0].partition(":")[0], one[1]))
    scopes = [(code, reach(Scope.of(code), view.places)) for code in ("council", *dict(places))]
    return [
        command_box(GrantRole, "role", [("", "Choose a role"), *roles]),
        command_box(GrantRole, "scope", scopes, "council"),
        command_box(GrantRole, "since", value=view.today.isoformat()),
        command_box(GrantRole, "until"),
        command_box(GrantRole, "reason"),
    ]


def _grant(view: PersonView, form: FormValues, sent: Sent) -> Receipt:
    role, scope = form.text("role"), Scope()
    if role not in [one.value for one in Role]:
        form.refuse("role", "role-unknown", "Choose a role.")
    try:
        scope = Scope.of(form.text("scope"))
    except ValueError:
        form.refuse("scope", "scope-unknown", "Choose how far the role reaches.")
    since, until = form.day("since"), form.day("until")
    form.done()
    command = GrantRole(
        person=view.row.person, role=Role(role), scope=scope, since=since, until=until,
        reason=form.maybe("reason"),
    )  # fmt: skip
    return carry_out(handlers.grant_role, command, sent)


def _end_boxes(view: PersonView) -> list[Box]:
    choices = [
        (code, f"{grant.role.label}: {reach(grant.scope, view.places)}")
        for code, grant in view.grants.items()
        if grant.until is None or grant.until >= view.today
    ]
    return [
        command_box(EndRole, "grant", [("", "Choose a role"), *choices], view.chosen),
        command_box(EndRole, "on"),
        command_box(EndRole, "reason"),
    ]


def _end_role(view: PersonView, form: FormValues, sent: Sent) -> Receipt:
    grant, on = view.grants.get(form.text("grant")), form.day("on")
    if grant is None:
        form.refuse("grant", "role-not-held", "Choose one of the roles they hold.")
    form.done()
    assert grant is not None
    command = EndRole(person=view.row.person, grant=grant, on=on, reason=form.maybe("reason"))
    return carry_out(handlers.end_role, command, sent)


def _step(
    handler: CommandHandler[Any], title: str, button: str, done: str, **more: Any
) -> FormStep[PersonView]:
    return command_step(
        handler,
        title=title,
        button=button,
        done=done,
        verb="manage-people",
        target=lambda view: {"person": view.row.person},
        initial=lambda view: view.row,
        **more,
    )


STEPS: Mapping[str, FormStep[PersonView]] = {
    "name": _step(
        handlers.rename_person, "Change the name of", "Change the name", "The name is changed."
    ),
    "move": _step(
        handlers.move_person,
        "Change team, manager or job title of",
        "Record the change",
        "The move is recorded.",
        choices={
            "team": lambda view: view.offered.teams,
            "manager": lambda view: view.offered.managers,
        },
    ),
    "role": FormStep(
        "Grant a role to",
        "Grant the role",
        "The role is granted.",
        _role_boxes,
        _grant,
        verb="manage-people",
    ),
    "end-role": FormStep(
        "End a role of",
        "End the role",
        "The role is ended.",
        _end_boxes,
        _end_role,
        verb="manage-people",
        intro=(
            "After the last day {name} can no longer see or do what only this role allows. All "
            "that they did stays on record under their name. What they hold stays theirs until it "
            "is handed over.",
        ),
        template="people/leave.html",
    ),
    "leave": _step(
        handlers.depart,
        "Record the departure of",
        "Record that they left",
        "It is recorded that they left.",
        intro=(
            "{name} can work until the end of their last day and no longer sign in after that. "
            "What they hold stays theirs until it is handed over, and waits meanwhile for those "
            "who oversee them.",
        ),
        template="people/leave.html",
    ),
    "return": _step(
        handlers.come_back,
        "Record the return of",
        "Record that they are back",
        "It is recorded that they are back.",
        intro=("{name} can sign in, in the roles that have not ended.",),
    ),
    "sessions": _step(
        handlers.end_access,
        "End the sessions and tokens of",
        "End all sessions and tokens",
        "All their sessions and tokens are ended.",
        intro=(
            "Wherever {name} is signed in, they must sign in again. Their tokens and the address "
            "of their calendar stop working.",
        ),
    ),
    "code": _step(
        handlers.make_sign_in_code,
        "Make a one-time code for",
        "Make the code",
        "The code is made.",
        intro=(
            "With the code {name} sets a password once, within three days. It is shown to you "
            "once. Codes made before stop working.",
        ),
    ),
}


def step_of(
    reading: Reading, row: PlacedPerson, change: str
) -> tuple[FormStep[PersonView], PersonView, At]:
    """The form of a change to this person.

    Raises:
        NotFound: there is no such change.
    """
    if change not in STEPS:
        raise NotFound("There is no page at this address.")
    grants = queries.grants(reading.connection, row.person)
    view = PersonView(
        row,
        offered(reading),
        places(reading),
        {grant_code(grant): grant for grant in grants},
        reading.request.query_params.get("grant", ""),
        reading.today,
    )
    step, back = STEPS[change], f"/people/{row.person}"
    intro = tuple(line.format(name=row.name) for line in step.intro)
    titled = replace(step, title=f"{step.title} {row.name}", intro=intro)
    return titled, view, At.step(back, change, row.stream_version)
