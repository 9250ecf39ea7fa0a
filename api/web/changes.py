"""Forms that change a record: once each, from the version that was seen, refused in place.

A form carries ``seen`` (the version of the record it was made from) and ``key`` (random, so that a
double submit does the work once). A refusal shows the form again with everything typed, beside its
field; a record that has moved on becomes a page that says what happened since and lets the reader
go on with what they entered.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response

from api.services import Services
from api.web.boxes import FormValues
from api.web.context import Served
from api.web.csrf import Posted
from api.web.forms import Errors, Nested, pairs, text
from api.web.read_out import entered
from api.web.request import SomeoneSignedIn
from api.web.template_engine import render
from projections.history import queries
from projections.people import queries as people_queries
from qa.authorisation.context import Desk, Once
from qa.authorisation.handling import CommandHandler
from qa.core.clock import from_microseconds
from qa.core.command import Command
from qa.core.errors import Conflict, Fault, KeyReused, MovedOn, Refused
from qa.core.words import Actor
from qa.store.unit import Receipt

C = TypeVar("C", bound=Command)
_OURS = ("key", "seen")


def new_key() -> str:
    """A fresh idempotency key for a form that is about to be shown."""
    return secrets.token_hex(16)


def key_of(form: Mapping[str, Any]) -> str | None:
    """The key of a form that was sent; None where it carries none."""
    key = text(form, "key")
    return key if 8 <= len(key) <= 200 else None


def once(form: Mapping[str, Any], request: Request) -> Once | None:
    """The key of the form with all that the form asks for; None where it carries no key."""
    key = key_of(form)
    if key is None:
        return None
    kept = {name: value for name, value in form.items() if name != "key"}
    content = json.dumps(kept, sort_keys=True, default=_file_name)
    return Once(key, f"{request.method} {request.url.path}\n{content}")


def _file_name(value: object) -> str:
    """What stands for an uploaded file: its bytes are not told apart by a key."""
    return str(getattr(value, "filename", ""))


def seen(form: Mapping[str, Any]) -> int:
    """The version of the record that the form was made from.

    Raises:
        Refused: the form carries none.
    """
    given = text(form, "seen")
    if not given.isdecimal() or len(given) > 9:
        raise _incomplete()
    return int(given)


def _incomplete() -> Refused:
    return Refused(
        "This form is incomplete. Go back, reload the page and fill it in again.",
        code="form-incomplete",
    )


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a change was not made. `moved_on`: somebody else changed the record first."""

    errors: Errors
    status: int
    moved_on: bool = False


def tried(do: Callable[[], Receipt], order: Sequence[str] = ()) -> Receipt | Trouble:
    """Run a command; a refusal that the reader can put right on the page becomes a `Trouble`.

    `order` lists the fields as the page shows them. Missing permission and unknown records are
    raised on: there is no form to show for them.
    """
    try:
        return do()
    except Refused as refused:
        return Trouble(Errors.of(refused, order), 422)
    except (Conflict, KeyReused) as conflict:
        fault = Fault(conflict.field or "", conflict.code, conflict.sentence)
        return Trouble(Errors([fault]), conflict.status, isinstance(conflict, MovedOn))


@dataclass(frozen=True, slots=True)
class FormVisit:
    """Somebody at a form that changes a record: the request, what serves it, and who they are."""

    request: Request
    services: Services
    actor: Actor

    def draw(self, template: str, errors: Errors | None, **context: Any) -> Response:
        """The form, with what is wrong with what was typed."""
        return render(
            self.request,
            template,
            status=422 if errors else 200,
            errors=errors or Errors(),
            key=new_key(),
            **context,
        )


def _visit(request: Request, signed: SomeoneSignedIn, services: Served) -> FormVisit:
    return FormVisit(request, services, signed.actor)


Visiting = Annotated[FormVisit, Depends(_visit)]


@dataclass(frozen=True, slots=True)
class RecordChangeForm(FormVisit):
    """A posted form that changes a record."""

    form: Nested
    seen: int
    once: Once

    @property
    def desk(self) -> Desk:
        return self.services.desk

    def carry_out(self, handler: CommandHandler[C], command: C) -> Receipt:
        """Carry out what was made of the form; sent again, it is the same request."""
        return handler(
            self.desk, command, by=self.actor, seen=self.seen, key=self.once.key,
            request=self.once.request,
        )  # fmt: skip

    def text(self, path: str) -> str:
        return text(self.form, path)

    def typed(self, command: type[Command]) -> dict[str, Any]:
        return FormValues.of(self.form).of_command(command)


def _changing(
    request: Request, signed: SomeoneSignedIn, services: Served, form: Posted
) -> RecordChangeForm:
    sent = once(form, request)
    if sent is None:
        raise _incomplete()
    return RecordChangeForm(request, services, signed.actor, form, seen(form), sent)


Changing = Annotated[RecordChangeForm, Depends(_changing)]


Happened = Callable[[Connection], Sequence[Mapping[str, Any]]]
"""What was recorded since the version that was seen: entries of the history with names."""


def since(stream: str, seen: int) -> Happened:
    """What was recorded on a stream behind version `seen`."""

    def entries(connection: Connection) -> Sequence[Mapping[str, Any]]:
        found = queries.entries(connection, streams=[stream], limit=500)
        newer = [entry for entry in found if entry["stream_version"] > seen]
        return people_queries.with_names(connection, newer)

    return entries


def timeline(entries: Iterable[Mapping[str, Any]], reason: str = "") -> list[dict[str, Any]]:
    """Entries of a history, with names, as the macro of a timeline draws them: each with its
    reason in the words of `reason`, where there is one."""
    return [
        {
            "title": entry["said"],
            "by": entry["by_name"],
            "at": from_microseconds(entry["recorded_us"]),
            "body": reason.format(entry["reason"]) if entry["reason"] else "",
            "id": None,
        }
        for entry in entries
    ]


def attempt(
    change: RecordChangeForm,
    command: Callable[[], Receipt],
    *,
    again: Callable[[Errors], Response],
    onward: str | Callable[[Receipt], str],
    back: str,
    order: Sequence[str] = (),
    happened: Happened | None = None,
    current: Callable[[Connection], int] | None = None,
) -> Response:
    """Run one command and answer with where to go on.

    `again` draws the form once more with its faults; `current` gives the version the record has
    now, so that what was entered can be sent once more after a look at what changed.
    """
    try:
        receipt = command()
    except Refused as refused:
        return again(Errors.of(refused, order))
    except (Conflict, KeyReused) as conflict:
        return changed(change, conflict, back=back, happened=happened, current=current)
    there = onward if isinstance(onward, str) else onward(receipt)
    return RedirectResponse(there, status_code=303)


def changed(
    change: RecordChangeForm,
    conflict: Conflict | KeyReused,
    *,
    back: str,
    happened: Happened | None,
    current: Callable[[Connection], int] | None,
) -> Response:
    """The page for a change that the record did not wait for."""
    with change.services.store.reading() as connection:
        entries = () if happened is None else happened(connection)
        version = None if current is None else current(connection)
    stale = isinstance(conflict, MovedOn) and version is not None
    kept = {name: value for name, value in change.form.items() if name not in _OURS}
    sentence = conflict.sentence
    if isinstance(conflict, KeyReused):
        sentence = "This form was already sent once, with other answers. Open it again to go on."
    return render(
        change.request,
        "changes/changed.html",
        status=conflict.status if isinstance(conflict, Conflict) else 409,
        title="This has changed since you opened it",
        sentence=sentence,
        happened=timeline(entries, reason="{}"),
        entered=entered(kept),
        kept=list(pairs(kept)) if stale else None,
        seen=version,
        key=new_key(),
        action=change.request.url.path,
        back=back,
    )
