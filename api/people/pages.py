"""One person: who they are, what they may do and why, their record, and every change to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api.people.list_pages import choices, places
from api.people.reading import has_left
from api.people.sign_in import end_ways_in, enrolled
from api.web import access_notes
from api.web.changes import Trouble, flat, new_key, once, seen, tried
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.dates import date_input, day_typed_in, parts_of
from api.web.forms import Errors
from projections.people import queries
from qa.authorisation.context import Once
from qa.authorisation.policy import can, read_aloud, require
from qa.core.access import What
from qa.core.errors import NotFound, Refused
from qa.core.words import Actor, Grant, Role, Scope
from qa.people.commands import people
from qa.security.accounts import one_time
from qa.store.unit import Receipt

router = APIRouter()

PersonId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$")]
DONE = {
    "added": "The person is added. Give them a role, and a code to set their password.",
    "name": "The name is changed.",
    "move": "The move is recorded.",
    "role": "The role is granted.",
    "end-role": "The role is ended.",
    "leave": "It is recorded that they left.",
    "return": "It is recorded that they are back.",
    "sessions": "All their sessions and tokens are ended.",
}


def _found(reading: Reading, person: str) -> dict[str, Any]:
    require(reading.actor, "read-people")
    at = reading.at
    row = queries.person(reading.connection, person, position=at.position, day=at.on)
    if row is None:
        raise NotFound("There is no such person.")
    return row


@router.get("/people/{person}")
def read_person(person: PersonId, request: Request, reading: Reader) -> Response:
    row = _found(reading, person)
    access_notes.note(reading.services, reading.actor, What.VIEW, f"person:{person}", at=reading.at)
    return _page(reading, row, said=DONE.get(request.query_params.get("done", "")))


def _page(
    reading: Reading, row: Mapping[str, Any], *, said: str | None = None, code: str | None = None
) -> Response:
    connection, position = reading.connection, reading.at.position
    person = row["person"]
    held = queries.grants(connection, person, position=position)
    actor, left = None, has_left(row, reading.at.on)
    if not left:
        today = tuple(grant for grant in held if grant.holds_on(reading.at.on))
        actor = Actor(person, today, row["team"], row["service"])
    where = places(reading)
    ahead = queries.moves_ahead(connection, person, reading.at.on, position=position)
    manage = can(reading.actor, "manage-people").allowed
    return reading.page(
        "people/person.html",
        title=row["name"],
        back="/people",
        row=row,
        left=left,
        said=said,
        code=code,
        manager=queries.names(
            connection, {row["manager"], *(one["manager"] for one in ahead)}, position=position
        ),
        ahead=ahead,
        places=where,
        held=[(grant, _token(grant), grant.holds_on(reading.at.on)) for grant in held],
        rights=rights(actor, where),
        **reading.parts("people/person.html", row),
        may_manage=manage and not reading.at.is_past and not row["known_only_from_file"],
    )


def rights(actor: Actor | None, where: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every line of the policy table that applies to somebody, with the grant that opens it."""
    if actor is None:
        return []
    return [
        {
            "role": grant.role.label,
            "reach": "Their own cases only" if line.anywhere else reach(grant.scope, where),
            "may": [verb.replace("-", " ") for verb in line.verbs],
            "why": line.why,
        }
        for grant in actor.grants
        for line in read_aloud()
        if line.role is grant.role
    ]


def reach(scope: Scope, where: Mapping[str, str]) -> str:
    """How far a role reaches, in words."""
    if scope.code is None:
        return "The whole council"
    return f"{scope.kind.capitalize()} {where.get(f'{scope.kind}:{scope.code}', scope.code)}"


@router.get("/account/rights")
def my_rights(reading: Reader) -> Response:
    """What the reader may see and do, and the rule that says so: open to everybody."""
    return reading.page(
        "people/rights.html",
        title="What I may see and do, and why",
        back="/account",
        as_at=None,
        rights=rights(reading.actor, places(reading)),
        managed=queries.managed_by(reading.connection, reading.actor.person),
    )


# -- changes, each on a page of its own


@dataclass(frozen=True, slots=True)
class PostedPersonChange:
    """A change as posted: the fields, and what a command needs beside them."""

    reading: Reading
    person: str
    fields: Mapping[str, str]
    seen: int
    once: Once | None

    @property
    def common(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "seen": self.seen,
            "by": self.reading.actor,
            "once": self.once,
        }

    def text(self, name: str) -> str:
        return self.fields.get(name, "").strip()

    def day(self, name: str) -> date | None:
        return day_typed_in(self.fields, name)


def _rename(asked: PostedPersonChange) -> Receipt:
    return people.rename_person(asked.reading.desk, name=asked.text("name"), **asked.common)


def _move(asked: PostedPersonChange) -> Receipt:
    return people.move_person(
        asked.reading.desk,
        team=asked.text("team") or None,
        manager=asked.text("manager") or None,
        job_title=asked.text("job_title"),
        effective_on=asked.day("effective_on"),
        **asked.common,
    )


def _grant(asked: PostedPersonChange) -> Receipt:
    try:
        role = Role(asked.text("role"))
    except ValueError:
        raise Refused("Choose a role.", field="role", code="role-unknown") from None
    kind, _, code = asked.text("scope").partition(":")
    if kind not in ("council", "service", "team") or (kind == "council") == bool(code):
        raise Refused("Choose how far the role reaches.", field="scope", code="scope-unknown")
    return people.grant_role(
        asked.reading.desk,
        role=role,
        scope=Scope.model_validate({"kind": kind, "code": code or None}),
        since=asked.day("since"),
        until=asked.day("until"),
        reason=asked.text("reason") or None,
        **asked.common,
    )


def _end_role(asked: PostedPersonChange) -> Receipt:
    connection = asked.reading.connection
    held = {_token(grant): grant for grant in queries.grants(connection, asked.person)}
    grant = held.get(asked.text("grant"))
    if grant is None:
        raise Refused("Choose one of the roles they hold.", field="grant", code="role-not-held")
    return people.end_role(
        asked.reading.desk,
        grant=grant,
        on=asked.day("on"),
        reason=asked.text("reason") or None,
        **asked.common,
    )


def _leave(asked: PostedPersonChange) -> Receipt:
    return people.depart(
        asked.reading.desk,
        on=asked.day("on"),
        reason=asked.text("reason") or None,
        **asked.common,
    )


def _return(asked: PostedPersonChange) -> Receipt:
    return people.come_back(asked.reading.desk, **asked.common)


def _end_ways_in(asked: PostedPersonChange) -> Receipt:
    return end_ways_in(
        asked.reading.services, asked.person, by=asked.reading.actor, once=asked.once
    )


def _note_code(asked: PostedPersonChange) -> Receipt:
    return people.note_sign_in_change(
        asked.reading.desk,
        person=asked.person,
        what="link-made",
        by=asked.reading.actor,
        once=asked.once,
    )


@dataclass(frozen=True, slots=True)
class PersonChange:
    """One change to a person: its title, the order of its fields, and the command."""

    title: str
    button: str
    order: tuple[str, ...]
    run: Callable[[PostedPersonChange], Receipt]


CHANGES: Mapping[str, PersonChange] = {
    "name": PersonChange("Change the name of", "Change the name", ("name",), _rename),
    "move": PersonChange(
        "Change team, manager or job title of",
        "Record the change",
        ("team", "manager", "job_title", "effective_on"),
        _move,
    ),
    "role": PersonChange(
        "Grant a role to",
        "Grant the role",
        ("role", "scope", "since", "until", "reason"),
        _grant,
    ),
    "end-role": PersonChange("End a role of", "End the role", ("grant", "on", "reason"), _end_role),
    "leave": PersonChange(
        "Record the departure of", "Record that they left", ("on", "reason"), _leave
    ),
    "return": PersonChange("Record the return of", "Record that they are back", (), _return),
    "sessions": PersonChange(
        "End the sessions and tokens of", "End all sessions and tokens", (), _end_ways_in
    ),
    "code": PersonChange("Make a one-time code for", "Make the code", (), _note_code),
}


def _token(grant: Grant) -> str:
    scope = grant.scope
    return "|".join(
        (grant.role.value, scope.kind, scope.code or "", str(grant.since), str(grant.until or ""))
    )


def _change(name: str) -> PersonChange:
    if name not in CHANGES:
        raise NotFound("There is no page at this address.")
    return CHANGES[name]


@router.get("/people/{person}/{change}")
def show_change(person: PersonId, change: str, request: Request, reading: Reader) -> Response:
    require(reading.actor, "manage-people")
    row = _found(reading, person)
    fields = {name: row[name] or "" for name in ("name", "team", "manager", "job_title")}
    fields |= {"scope": "council", **parts_of(reading.today, "since")}
    fields |= {key: value for key, value in request.query_params.items() if key == "grant"}
    return _form(reading, row, change, fields, Errors())


def _form(
    reading: Reading,
    row: Mapping[str, Any],
    change: str,
    fields: Mapping[str, str],
    errors: Errors,
    status: int = 200,
) -> Response:
    of = _change(change)
    where = places(reading)
    held = queries.grants(reading.connection, row["person"])
    scopes = [{"value": "council", "text": "The whole council"}]
    for place, name in sorted(where.items(), key=lambda one: (one[0].partition(":")[0], one[1])):
        scopes.append({"value": place, "text": f"{place.partition(':')[0].capitalize()} {name}"})
    return reading.page(
        "people/change.html",
        status=status,
        title=f"{of.title} {row['name']}",
        errors=errors,
        back=f"/people/{row['person']}",
        as_at=None,
        row=row,
        **(reading.parts("people/change.html", row) if change == "leave" else {}),
        change=change,
        button=of.button,
        fields=fields,
        key=new_key(),
        date_input=date_input,
        offered=choices(reading),
        roles=[
            {"value": role.value, "text": role.label} for role in Role if role is not Role.SYSTEM
        ],
        scopes=scopes,
        held=[
            {"value": _token(grant), "text": f"{grant.role.label}: {reach(grant.scope, where)}"}
            for grant in held
            if grant.until is None or grant.until >= reading.today
        ],
    )


@router.post("/people/{person}/{change}")
def make_change(
    person: PersonId, change: str, request: Request, reading: Reader, form: Posted
) -> Response:
    require(reading.actor, "manage-people")
    of = _change(change)
    row = _found(reading, person)
    fields = flat(form)
    asked = PostedPersonChange(reading, person, fields, seen(form), once(form, request))
    done = tried(lambda: of.run(asked), of.order)
    if isinstance(done, Trouble):
        return _form(reading, row, change, fields, done.errors, done.status)
    if change == "code":
        return _with_code(reading, row)
    return RedirectResponse(f"/people/{person}?done={change}", status_code=303)


def _with_code(reading: Reading, row: Mapping[str, Any]) -> Response:
    """The person's page with a new code, which is shown this once and kept nowhere."""
    person = row["person"]
    enrolled(reading.services, person, row["handle"])
    with reading.services.store.writing() as connection:
        code = one_time.make(connection, reading.services.clock, person=person)
    return _page(reading, row, code=code)
