"""Forms that change a record: who sends them, from which version, and what comes of a refusal.

Every such form carries `seen` (the version of the record its reader looked at) and `key` (a
random word that makes sending it twice the same as sending it once). A refusal shows beside its
field; a record that has moved on becomes a page that says what happened since and lets the reader
go on with what they entered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypedDict, TypeVar

from fastapi import Depends, Request
from pydantic.fields import FieldInfo
from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response

from api.services import Services
from api.web.changes import new_key
from api.web.changes import once as once_of
from api.web.csrf import Posted
from api.web.forms import Errors, Nested, name_in_words, pairs, text
from api.web.request import SomeoneSignedIn
from api.web.template_engine import render
from projections.history import queries
from projections.people import queries as people_queries
from qa.authorisation.context import Desk, Once
from qa.authorisation.handling import CommandHandler
from qa.core.clock import from_microseconds
from qa.core.command import Command
from qa.core.errors import Conflict, Fault, KeyReused, MovedOn, Refused
from qa.core.fields import FieldWords, field_words
from qa.core.words import Actor
from qa.store.unit import Receipt

C = TypeVar("C", bound=Command)
_OURS = ("key", "seen")


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Served = Annotated[Services, Depends(services_of)]


class FormVersion(TypedDict):
    by: Actor
    once: Once
    seen: int


@dataclass(frozen=True, slots=True)
class RecordChangeForm:
    """A posted form that changes a record."""

    request: Request
    services: Services
    actor: Actor
    form: Nested
    seen: int
    once: Once

    @property
    def desk(self) -> Desk:
        return self.services.desk

    def made(self) -> FormVersion:
        """Who, how often and made from which version, for a command."""
        return {"by": self.actor, "once": self.once, "seen": self.seen}

    def carry_out(self, handler: CommandHandler[C], command: C) -> Receipt:
        """Carry out what was made of the form; sent again, it is the same request."""
        return handler(
            self.desk, command, by=self.actor, seen=self.seen, key=self.once.key,
            request=self.once.request,
        )  # fmt: skip

    def text(self, path: str) -> str:
        return said(self.form, path)

    def typed(self, command: type[Command]) -> dict[str, Any]:
        """What was typed into the boxes of a command, by field."""
        fields = command.model_fields
        return {
            name: self._typed(name, words, fields[name])
            for name, words in field_words(command).items()
            if not (words.target or words.derived)
        }

    def _typed(self, name: str, words: FieldWords, field: FieldInfo) -> Any:
        if words.widget == "day":
            return date_in(self.form, name)
        if words.widget == "several":
            return chosen(self.form, name)
        return self.text(name) or (field.default if field.default is None else "")


def _changing(request: Request, signed: SomeoneSignedIn, form: Posted) -> RecordChangeForm:
    once, seen = once_of(form, request), text(form, "seen")
    if once is None or not (seen.isdecimal() and len(seen) < 10):
        raise Refused(
            "This form is incomplete. Go back, reload the page and fill it in again.",
            code="form-incomplete",
        )
    return RecordChangeForm(request, services_of(request), signed.actor, form, int(seen), once)


Changing = Annotated[RecordChangeForm, Depends(_changing)]


def said(form: Mapping[str, Any], path: str) -> str:
    """The text at a dotted path of a form, without spaces round it; "" where there is none."""
    at: Any = form
    for part in path.split("."):
        at = at.get(part) if isinstance(at, dict) else None
    return at.strip() if isinstance(at, str) else ""


def chosen(form: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The ticked boxes of a name; an unticked group is absent from a form."""
    value = form.get(name, [])
    found = [value] if isinstance(value, str) else value
    return tuple(one for one in found if isinstance(one, str) and one)


def date_in(form: Mapping[str, Any], name: str) -> date | None:
    """The date of three boxes (``name.day`` …); None where all are empty.

    Raises:
        Refused: something is there that is no date.
    """
    day, month, year = (said(form, f"{name}.{part}") for part in ("day", "month", "year"))
    if not (day or month or year):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        sentence = "Enter a real date, for example 27 3 2026."
        raise Refused(sentence, field=name, code="date-invalid") from None


def number_in(form: Mapping[str, Any], name: str, faults: list[Fault]) -> int:
    """A whole number; what is none is added to `faults`, and 0 stands in its place."""
    value = said(form, name)
    if value.removeprefix("-").isdecimal() and len(value) < 9:
        return int(value)
    faults.append(Fault(name, "number-invalid", "Enter a whole number, for example 10."))
    return 0


Happened = Callable[[Connection], Sequence[Mapping[str, Any]]]
"""What was recorded since the version that was seen: entries of the history with names."""


def since(stream: str, seen: int) -> Happened:
    """What was recorded on a stream behind version `seen`."""

    def entries(connection: Connection) -> Sequence[Mapping[str, Any]]:
        found = queries.entries(connection, streams=[stream], limit=500)
        newer = [entry for entry in found if entry["stream_version"] > seen]
        return people_queries.with_names(connection, newer)

    return entries


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
    entered = {name: value for name, value in change.form.items() if name not in _OURS}
    sentence = conflict.sentence
    if isinstance(conflict, KeyReused):
        sentence = "This form was already sent once, with other answers. Open it again to go on."
    return render(
        change.request,
        "changes/changed.html",
        status=conflict.status if isinstance(conflict, Conflict) else 409,
        title="This has changed since you opened it",
        sentence=sentence,
        happened=[
            {
                "title": entry["said"],
                "by": entry["by_name"],
                "at": from_microseconds(entry["recorded_us"]),
                "body": entry["reason"] or "",
                "id": None,
            }
            for entry in entries
        ],
        entered=[(name_in_words(name), value) for name, value in pairs(entered) if value.strip()],
        kept=list(pairs(entered)) if stale else None,
        seen=version,
        key=new_key(),
        action=change.request.url.path,
        back=back,
    )
