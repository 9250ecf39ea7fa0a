"""From a posted form to a nested dict, and from faults to an error summary and field messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from qa.core.errors import Fault, Refused

MAX_FIELDS = 2_000
MAX_FILES = 20
MAX_FIELD_BYTES = 1024 * 1024
MAX_DEPTH = 8

Nested = dict[str, Any]


def field_id(path: str) -> str:
    """The id of the input of a dotted field path: ``judgements.voice.grade`` has
    ``judgements-voice-grade`` (for radios this is the idPrefix, so that a link focuses the first).
    """
    return path.replace(".", "-")


def nested(pairs: Iterable[tuple[str, Any]]) -> Nested:
    """Dotted names become levels; a name given more than once, or ending in ``[]``, a list.

    A name that is both a value and a level is refused, as is one deeper than `MAX_DEPTH`.
    """
    whole: Nested = {}
    for name, value in pairs:
        many = name.endswith("[]")
        *levels, last = name.removesuffix("[]").split(".")
        if len(levels) >= MAX_DEPTH:
            raise Refused("The form holds a name that is too deep.", field=name)
        place = whole
        for level in levels:
            place = place.setdefault(level, {})
            if not isinstance(place, dict):
                raise Refused("The form names one field in two ways.", field=name)
        earlier = place.get(last)
        if isinstance(earlier, dict):
            raise Refused("The form names one field in two ways.", field=name)
        if earlier is None:
            place[last] = [value] if many else value
        elif isinstance(earlier, list):
            earlier.append(value)
        else:
            place[last] = [earlier, value]
    return whole


def pairs(form: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """A nested form as the names and values it was posted with."""
    for name, value in form.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from pairs(value, f"{path}.")
        elif isinstance(value, list):
            yield from ((f"{path}[]", one) for one in value if isinstance(one, str))
        elif isinstance(value, str):
            yield path, value


def name_in_words(path: str) -> str:
    """The name of a field as words, for what nobody wrote a label of."""
    return path.removesuffix("[]").replace(".", ": ").replace("_", " ").replace("-", " ")


async def read(request: Request) -> Nested:
    """The posted form, nested. Raises Refused when it is larger than a page of ours can be."""
    try:
        form: FormData = await request.form(
            max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES
        )
    except HTTPException as unreadable:
        if unreadable.status_code == 413:
            raise
        raise Refused("The form could not be read.", code="unreadable-form") from None
    return nested(form.multi_items())


class Errors:
    """The faults of one page, ready for the macros and in the order of the page.

    `order` lists field paths as the page shows them; faults of other fields follow, as given.
    An instance is false when there is nothing wrong.
    """

    def __init__(self, faults: Iterable[Fault] = (), order: Sequence[str] = ()) -> None:
        place = {path: at for at, path in enumerate(order)}
        self.faults = sorted(faults, key=lambda f: place.get(f.field, len(place)))

    @classmethod
    def of(cls, refused: Refused, order: Sequence[str] = ()) -> Errors:
        return cls(refused.faults, order)

    def __bool__(self) -> bool:
        return bool(self.faults)

    @property
    def summary(self) -> list[dict[str, str]]:
        """`errorList` of govukErrorSummary: one line a fault, linked to its field."""
        return [
            {"text": f.sentence, "href": f"#{field_id(f.field)}"}
            if f.field
            else {"text": f.sentence}
            for f in self.faults
        ]

    def message(self, path: str) -> dict[str, str] | None:
        """`errorMessage` of a field's macro: every sentence that belongs to it."""
        sentences = [f.sentence for f in self.faults if f.field == path]
        return {"text": " ".join(sentences)} if sentences else None


def text(form: Mapping[str, Any], path: str) -> str:
    """The text at a dotted path of a form, without spaces round it; "" where there is none."""
    at: Any = form
    for part in path.split("."):
        at = at.get(part) if isinstance(at, dict) else None
    return at.strip() if isinstance(at, str) else ""


def several(form: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The ticked boxes of a name; an unticked group is absent from a form."""
    value = form.get(name, [])
    found = [value] if isinstance(value, str) else value
    return tuple(one for one in found if isinstance(one, str) and one)


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
