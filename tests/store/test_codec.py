"""Events as bytes: what they look like, how older shapes are lifted, and what damage looks like."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest

from qa.core.errors import Damaged
from qa.core.event import Meta
from qa.core.frozen import ERASED
from qa.store import upcasts
from qa.store.codec import bound_to, decode, encode
from tests.store.support import MarblesAdded, NoteWritten

META = Meta(
    fact_id="f",
    effective_on=date(2026, 3, 2),
    by="p",
    in_role="auditor",
    correlation_id="c",
    about="child:1",
)


def seal(subject: str, plain: bytes, bound: bytes) -> bytes:
    return bound + b"|" + plain[::-1]


def unseal(subject: str, sealed: bytes, bound: bytes) -> bytes:
    start, _, text = sealed.partition(b"|")
    if start != bound:
        raise ValueError("moved")
    return text[::-1]


def row(state: bytes, event_type: str = "toy.note-written", version: int = 1) -> Any:
    return (7, "jar:1", version, event_type, 1_000_000, state)


def test_personal_text_is_not_in_the_bytes_and_the_rest_is() -> None:
    state = encode(NoteWritten(note="Ann hid"), META, stream="jar:1", version=1, seal=seal)
    stored = orjson.loads(state)
    assert b"Ann" not in state
    assert stored["d"] == {"note": {"~": 0}, "colour": "red"}
    assert stored["v"] == 1
    assert stored["m"]["about"] == "child:1"
    assert decode(row(state), unseal).event == NoteWritten(note="Ann hid")


def test_a_destroyed_key_leaves_the_word_erased() -> None:
    state = encode(NoteWritten(note="Ann hid"), META, stream="jar:1", version=1, seal=seal)
    assert decode(row(state), lambda *_: None).event == NoteWritten(note=ERASED)
    assert decode(row(state), None).event == NoteWritten(note=ERASED)


def test_sealed_text_moved_to_another_event_is_damage() -> None:
    state = encode(NoteWritten(note="Ann hid"), META, stream="jar:1", version=1, seal=seal)
    with pytest.raises(Damaged) as damage:
        decode(row(state, version=2), unseal)
    assert (damage.value.position, damage.value.code) == (7, "damaged-fact")


def test_an_empty_box_is_nobodys_text() -> None:
    meta = META.model_copy(update={"about": None})
    state = encode(NoteWritten(note=""), meta, stream="jar:1", version=1, seal=None)
    assert orjson.loads(state)["d"]["note"] == ""
    assert decode(row(state), None).event == NoteWritten(note="")


def test_personal_text_about_nobody_is_a_programming_error() -> None:
    meta = META.model_copy(update={"about": None})
    with pytest.raises(ValueError, match="say whom it is about"):
        encode(NoteWritten(note="x"), meta, stream="jar:1", version=1, seal=seal)
    with pytest.raises(ValueError, match="no vault"):
        encode(NoteWritten(note="x"), META, stream="jar:1", version=1, seal=None)


@pytest.mark.parametrize(
    ("event_type", "state"),
    [
        ("toy.unknown", b'{"v":1,"m":{},"d":{}}'),
        ("toy.marbles-added", b"not json"),
        ("toy.marbles-added", b"[]"),
        ("toy.marbles-added", b'{"v":1,"m":{},"d":{"count":1}}'),
    ],
)
def test_what_cannot_be_read_is_damage_with_its_position(event_type: str, state: bytes) -> None:
    with pytest.raises(Damaged) as damage:
        decode(row(state, event_type), None)
    assert damage.value.position == 7


def test_damage_never_quotes_the_text() -> None:
    state = encode(MarblesAdded(count=1), META, stream="jar:1", version=1, seal=None)
    with pytest.raises(Damaged) as damage:
        decode(row(state.replace(b'"count":1', b'"count":"Ann"'), "toy.marbles-added"), None)
    assert "Ann" not in str(damage.value)
    assert damage.value.__suppress_context__


def test_an_older_shape_is_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MarblesAdded, "SCHEMA", 3)
    monkeypatch.setattr(upcasts, "UPCASTS", {})

    @upcasts.upcast("toy.marbles-added", from_schema=1)
    def _(data: dict[str, Any]) -> dict[str, Any]:
        return {"number": data["n"]}

    @upcasts.upcast("toy.marbles-added", from_schema=2)
    def _(data: dict[str, Any]) -> dict[str, Any]:
        return {"count": data["number"]}

    meta = META.__pydantic_serializer__.to_json(META)
    for schema, payload in [(1, b'{"n":4}'), (2, b'{"number":4}'), (3, b'{"count":4}')]:
        state = b'{"v":%d,"m":%b,"d":%b}' % (schema, meta, payload)
        assert decode(row(state, "toy.marbles-added"), None).event.count == 4
    with pytest.raises(Damaged):
        decode(row(b'{"v":4,"m":%b,"d":{"count":4}}' % meta, "toy.marbles-added"), None)
    with pytest.raises(TypeError):
        upcasts.upcast("toy.marbles-added", from_schema=1)(dict)


def test_the_binding_tells_events_apart() -> None:
    assert len({bound_to("a", 1, "t"), bound_to("a", 2, "t"), bound_to("b", 1, "t")}) == 3
