"""Every field of every event as text by its path: what it changed, from old to new, or recorded.

What an event's fields are called, and which of them are left out, its capability says
(`qa.core.event_words`). An event states its fields in one of three ways: it holds old and new
itself; it states some values whole, and the statement before it holds the old ones (`standing`); or
it records values for the first time.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from qa.core.event import Event
from qa.core.event_words import Change, EventWords, change, vocabulary, words_of
from qa.core.frozen import Frozen


def text_of(value: Any) -> str:
    """One plain value as text; nothing for None."""
    if isinstance(value, str):
        return str(value.value) if isinstance(value, Enum) else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def flat(value: Any, path: str, into: dict[str, str]) -> None:
    """Add every value below `value` to `into` as text by its path; empty ones are left out."""
    if type(value) is str:  # by far the most of them, and a large history has millions
        if value:
            into[path] = value
        return
    if isinstance(value, tuple):
        if not value:
            return
        in_text = vocabulary().in_text.get(type(value[0]))
        if in_text is not None:
            into[path] = "; ".join(map(in_text, value))
        elif isinstance(value[0], Frozen):
            _listed(value, path, into)
        else:
            into[path] = ", ".join(text_of(one) for one in value)
    elif isinstance(value, Frozen):
        under = f"{path}." if path else ""
        for name, inner in value.__dict__.items():
            if inner is not None and inner != "":
                flat(inner, under + name, into)
    else:
        text = text_of(value)
        if text:
            into[path] = text


def _listed(values: tuple[Frozen, ...], path: str, into: dict[str, str]) -> None:
    key, main = vocabulary().keyed.get(type(values[0]), (None, None))
    for number, one in enumerate(values):
        at = f"{path}.{number if key is None else getattr(one, key)}"
        for name, inner in one.__dict__.items():
            if inner is None or name == key:
                continue
            at_field = at if name == main else f"{at}.{name}"
            if type(inner) is not str:
                flat(inner, at_field, into)
            elif inner:
                into[at_field] = inner


@cache
def shown(kind: type[Event]) -> tuple[tuple[str, str], ...]:
    """The fields that an entry of this event records, each with its path in the history."""
    return words_of(kind).value_fields()


def changes(event: Event) -> list[Change]:
    """What an event changed or recorded: ``field`` (a path), ``old``, ``new`` and perhaps ``why``.

    `old` is empty where the event itself does not say it; `projections.history.queries` adds
    what stood before a restatement.
    """
    kind = type(event)
    words = words_of(kind)
    found = _paired(event, words)
    if words.changes is not None:
        found += words.changes(event)
    if words.compared:
        found += _differences(event, words.compared)
    values: dict[str, str] = {}
    before: dict[str, str] = {}
    fields, befores = event.__dict__, words.before
    for name, path in shown(kind):
        flat(fields[name], path, values)
        if name in befores:
            flat(fields[befores[name]], path, before)
    if before:
        values = {**dict.fromkeys(before, ""), **values}
    return found + [change(path, before.get(path, ""), new) for path, new in values.items()]


def _paired(event: Event, words: EventWords[Any]) -> list[Change]:
    found: list[Change] = []
    for old, new, path in words.pairs:
        was, now = _text_at(getattr(event, old)), _text_at(getattr(event, new))
        if was != now or len(words.pairs) == 1:
            found.append(change(path, was, now))
    return found


def _differences(event: Any, path: str) -> list[Change]:
    """What two whole statements differ in; from which day on the new one holds is always said."""
    was: dict[str, str] = {}
    now: dict[str, str] = {}
    flat(event.old, path, was)
    flat(event.new, path, now)
    return [
        change(name, was.get(name, ""), now.get(name, ""))
        for name in {**was, **now}
        if was.get(name) != now.get(name) or name == f"{path}.since"
    ]


def _text_at(value: Any) -> str:
    texts: dict[str, str] = {}
    flat(value, "", texts)
    return texts.get("", "")


def standing(event: Event) -> tuple[str, dict[str, str]] | None:
    """What the event states whole: the kind of statement and its values by their paths."""
    words = words_of(type(event))
    statement = words.statement
    if statement is None:
        return None
    values: dict[str, str] = {}
    for name in statement.fields or type(event).model_fields:
        flat(getattr(event, name), words.paths.get(name, name), values)
    of = f".{getattr(event, statement.of)}" if statement.of else ""
    return f"{statement.kind}{of}", values


@cache
def restating() -> frozenset[str]:
    """The types for which `standing` answers."""
    words = vocabulary().events
    return frozenset(kind.TYPE for kind, each in words.items() if each.statement is not None)
