"""Forms that change a record: once each, from the version that was seen, refused in place.

A form carries ``seen`` (the version of the record it was made from) and ``key`` (random, so that a
double submit does the work once). A refusal shows the form again with everything typed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from api.web.forms import Errors, text
from qa.authorisation.context import Once
from qa.core.errors import Conflict, Fault, KeyReused, MovedOn, Refused
from qa.store.unit import Receipt


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
    asked = json.dumps(kept, sort_keys=True, default=_file_name)
    return Once(key, f"{request.method} {request.url.path}\n{asked}")


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
        raise Refused("The form does not say what it was made from. Reload the page.")
    return int(given)


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


def flat(form: Mapping[str, Any], under: str = "") -> dict[str, str]:
    """A nested form as dotted names; of a name given more than once the last value counts."""
    found: dict[str, str] = {}
    for name, value in form.items():
        path = f"{under}.{name}" if under else name
        if isinstance(value, Mapping):
            found |= flat(value, path)
        elif isinstance(value, list):
            found[path] = str(value[-1])
        elif isinstance(value, str):
            found[path] = value
    return found
