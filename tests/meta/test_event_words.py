"""Every event has words in the folder of its capability, and every field of it is told or left out
for a reason."""

from __future__ import annotations

import json

import pytest

from projections.core.base import JournalRow
from projections.history import fields
from projections.history.projector import CaseHistory
from projections.history.tables import history_entry
from qa.core.capabilities import modules
from qa.core.event import Event
from qa.core.event_words import EventWords, RoomWords, label, together, vocabulary, words_of
from tests.meta.support import sample
from tests.support.given import recorded


def room(module: str) -> str:
    return module.split(".")[1]


EVENTS = [
    kind
    for module in modules("qa", "events", suffixed=True)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind.__module__ == module.__name__
]
"""Every event of every folder, whether or not anything else knows of it."""


ELSEWHERE = {"qa.audits.moderation_events": "moderation"}
"""Events that stand beneath their capability, because they are on another's stream."""


def shown(kind: type[Event]) -> tuple[str, list[str]]:
    """The sentence of an event's entry, and the paths of all that its entry shows."""
    changed = list(CaseHistory().project(recorded(sample(kind), 1)))
    entry = next(c.row for c in changed if isinstance(c, JournalRow) and c.table is history_entry)
    return words_of(kind).tell(sample(kind)), [
        change["field"] for change in json.loads(entry["changes"])
    ]


def test_every_event_has_words_in_its_own_folder() -> None:
    assert len(EVENTS) > 100
    spoken = {
        each.event: room(module.__name__)
        for module in modules("qa", "words")
        if isinstance(declared := getattr(module, "HISTORY", None), RoomWords)
        for each in declared.events
    }
    assert [kind.TYPE for kind in EVENTS if kind not in spoken] == [], "say what they are called"
    astray = [
        kind.TYPE
        for kind, place in spoken.items()
        if place not in (room(kind.__module__), ELSEWHERE.get(kind.__module__))
    ]
    assert astray == []


def test_every_event_has_words_for_each_field_and_for_none_that_is_not_there(
    subtests: pytest.Subtests,
) -> None:
    for kind in EVENTS:
        with subtests.test(event=kind.TYPE):
            _tells_every_field_or_says_why_not(kind)
            _names_in_plain_words_what_history_shows(kind)
            _speaks_of_fields_that_exist(kind)


def _tells_every_field_or_says_why_not(kind: type[Event]) -> None:
    said, paths = shown(kind)
    assert len(said) > 5
    words = words_of(kind)
    told = dict(words.value_fields())
    for name in kind.model_fields:
        if name in words.hidden:
            assert len(words.hidden[name]) > 15
        elif name in told:
            path = told[name]
            assert any(not path or p == path or p.startswith(f"{path}.") for p in paths), name
        else:
            assert name in words.turned(), name
            assert paths


def _names_in_plain_words_what_history_shows(kind: type[Event]) -> None:
    _, paths = shown(kind)
    standing = fields.standing(sample(kind))
    stated = {} if standing is None else standing[1]
    own = {"field-example"}  # the path that a correction itself names
    for path in {*paths, *stated} - own:
        words = label(path)
        assert words != path, path
        assert "_" not in words, path


def _speaks_of_fields_that_exist(kind: type[Event]) -> None:
    words = words_of(kind)
    statement = () if words.statement is None else (*words.statement.fields, words.statement.of)
    spoken = {
        *words.hidden, *words.paths, *words.before, *words.turned(), *statement,
        words.about, words.part,
    } - {""}  # fmt: skip
    assert spoken <= set(kind.model_fields)
    assert not set(words.hidden) & words.turned()


def test_people_codes_and_values_are_of_paths_that_have_a_name() -> None:
    known = vocabulary()
    for path in {*known.codes, *known.worded} - {"changes.why"}:
        assert label(path) != path, path
    for part in known.people - {"approved_by"}:
        assert label(part) != part, part
    assert set(known.values) <= {*known.labels, *known.beneath}
    assert not set(known.codes) & known.worded


class JarLost(Event):
    TYPE = "JarLost"


def test_an_event_without_words_is_named() -> None:
    with pytest.raises(LookupError, match="JarLost"):
        words_of(JarLost)


def test_two_capabilities_never_name_one_thing_differently() -> None:
    assert together([{"a": 1}, {"b": 2}, {"a": 1}]) == {"a": 1, "b": 2}
    with pytest.raises(ValueError, match="'a'"):
        together([{"a": 1}, {"a": 2}])


def test_a_field_that_is_told_twice_over_is_told_once() -> None:
    """What was stands beside what is, and is no value of its own."""

    class JarFilled(Event):
        TYPE = "JarFilled"
        jar: str
        old: int
        new: int
        was_full: bool
        full: bool

    words = EventWords(
        JarFilled,
        lambda event: f"Filled to {event.new}",
        paths={"full": "jar_full"},
        hidden={"jar": "the jar is the record itself"},
        pairs=(("old", "new", "level"),),
        before={"full": "was_full"},
    )
    assert words.value_fields() == (("full", "jar_full"),)
    assert words.turned() == {"old", "new", "was_full"}
