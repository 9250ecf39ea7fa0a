"""An event to bytes and back: JSON ``{"v": schema, "m": meta, "d": payload, "s": sealed texts}``.

``s`` is there only where the payload holds personal free text: all of it as one list, sealed
under the key of the person the event is about and bound to its stream, version and type, so that it
cannot be moved to another event. Types come from the closed register of `qa`; nothing in the
database can name code to load.

A text that not every database can show again is not let in. One that the log holds already keeps
its bytes, and is read with a sign in the place of what cannot be shown.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import orjson
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from qa.core.capabilities import modules
from qa.core.clock import from_microseconds
from qa.core.errors import Damaged, Refused
from qa.core.event import REGISTER, Event, EventRow, Meta, RecordedEvent
from qa.core.texts import visible
from qa.store.upcasts import lifted

modules(
    "qa", "events", suffixed=True
)  # whoever decodes must know every type: the register is whole from here on

Seal = Callable[[str, bytes, bytes], bytes]
"""(subject, plaintext, bound to) -> sealed"""
Open = Callable[[str, bytes, bytes], bytes | None]
"""(subject, sealed, bound to) -> plaintext, or None once the key is destroyed"""

UNSTORABLE = "character-forbidden"

NUL = b"\\u0000"
"""How JSON writes NUL (and, behind another backslash, these six characters themselves)."""
_REAL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def refuse_unstorable(*parts: bytes) -> None:
    """Raise `Refused` for JSON with a NUL in a text: what every way in refuses by name already."""
    for part in parts:
        if NUL in part and _REAL.search(part):
            raise Refused("A text holds a character that cannot be kept.", code=UNSTORABLE)


def bound_to(stream: str, version: int, event_type: str) -> bytes:
    """What a sealed text is tied to: unsealing fails under any other event."""
    return f"{stream}\n{version}\n{event_type}".encode()


def encode(event: Event, meta: Meta, *, stream: str, version: int, seal: Seal | None) -> bytes:
    """The bytes that are stored.

    Raises `ValueError` for personal text in an event that says not whom it is about, or in a store
    without a vault, and `Refused` for a text that cannot be kept.
    """
    texts: list[str] = []
    try:
        payload = event.__pydantic_serializer__.to_json(event, context={"sealing": texts})
        envelope = meta.__pydantic_serializer__.to_json(meta, exclude_none=True)
        sealing = orjson.dumps(texts)
    except (PydanticSerializationError, orjson.JSONEncodeError):
        raise Refused("A text holds half a character.", code=UNSTORABLE) from None
    refuse_unstorable(payload, envelope, sealing)
    state = b'{"v":%d,"m":%b,"d":%b' % (event.SCHEMA, envelope, payload)
    if not any(texts):
        # Nobody's words, only boxes left empty: there is nothing to keep secret.
        if texts:
            payload = event.__pydantic_serializer__.to_json(event)
            state = b'{"v":%d,"m":%b,"d":%b' % (event.SCHEMA, envelope, payload)
        return state + b"}"
    if meta.about is None:
        raise ValueError(f"{event.TYPE} holds personal text: say whom it is about")
    if seal is None:
        raise ValueError(f"{event.TYPE} holds personal text, and this store has no vault")
    sealed = seal(meta.about, sealing, bound_to(stream, version, event.TYPE))
    return state + b',"s":"%b"}' % b64encode(sealed)


def sealed_texts(row: EventRow, open_sealed: Open | None) -> tuple[bool, list[str] | None]:
    """Whether the event holds sealed text, and the texts in their order; None once erased.

    Raises `Damaged` where the bytes cannot be read.
    """
    position, stream, version, event_type, _, state = row
    try:
        stored = orjson.loads(state)
        sealed = stored.get("s")
        if sealed is None:
            return False, None
        subject = stored["m"].get("about", "")
        bound = bound_to(stream, version, event_type)
        plain = open_sealed(subject, b64decode(sealed), bound) if open_sealed else None
        texts: list[str] | None = None if plain is None else orjson.loads(plain)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Damaged(
            f"The sealed text of fact {position} cannot be read.", position=position
        ) from None
    return True, texts


def decode(row: EventRow, open_sealed: Open | None) -> RecordedEvent[Any]:
    """The event that stands in `row`; erased text reads as `qa.core.event.ERASED`.

    Raises `Damaged` with the position where the type is unknown or the bytes cannot be read.
    """
    position, stream, version, event_type, recorded_us, state = row
    kind = REGISTER.get(event_type)
    if kind is None:
        raise Damaged(f"Fact {position} has the unknown type {event_type}.", position=position)
    try:
        stored = orjson.loads(state)
        if NUL in state:
            stored = visible(stored)
        schema = stored["v"]
        meta = Meta.__pydantic_validator__.validate_python(stored["m"])
        payload = stored["d"]
        if schema != kind.SCHEMA:
            payload = lifted(event_type, schema, payload, kind.SCHEMA)
        sealed = stored.get("s")
        if sealed is None:
            event = kind.__pydantic_validator__.validate_python(payload)
        else:
            opened = None
            if open_sealed is not None:
                plain = open_sealed(
                    meta.about or "", b64decode(sealed), bound_to(stream, version, event_type)
                )
                opened = None if plain is None else orjson.loads(plain)
                if plain is not None and NUL in plain:
                    opened = visible(opened)
            event = kind.__pydantic_validator__.validate_python(payload, context={"opened": opened})
    except (ValueError, KeyError, TypeError, IndexError, ValidationError) as error:
        # The cause may quote the payload, which may be case text: it is not chained.
        raise Damaged(
            f"Fact {position} ({event_type}) cannot be read: {type(error).__name__}.",
            position=position,
        ) from None
    return RecordedEvent(position, stream, version, from_microseconds(recorded_us), meta, event)
