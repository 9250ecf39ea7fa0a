"""How events are told: every capability says it of its own, in the module ``words`` of its folder.

`EventWords` is one event: its sentence, what its fields are called in history, which of them are
left out and why. `RoomWords` holds those of a capability, with the labels and codes of its fields.
`vocabulary` finds them all by folder; nothing lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, TypeVar

from qa.core.capabilities import declared
from qa.core.event import Event
from qa.core.fields import labels
from qa.core.frozen import Frozen

E = TypeVar("E", bound=Event)
K = TypeVar("K")
V = TypeVar("V")

Change = dict[str, str]
"""What was and what is at a path: ``field``, ``old``, ``new`` and perhaps ``why``."""
Label = Callable[[str, Any], str]
"""What a path is called, given the definition of the audit tool where there is one."""
Value = Callable[[str, str, Any], str]
"""A value at a path as a reader says it, given the definition of the audit tool or None."""

SHARED_LABELS = {
    "child": "Child reference",
    "commentary": "Commentary",
    "note": "Note",
    "policy_version": "Version of the policy",
    "position": "Entry of the log",
    "reference": "Reference",
    "service": "Service",
    "service_name": "Name of the service",
    "since": "First day",
    "team": "Team",
    "title": "Name",
    "tool": "Tool",
    "tool_version": "Version of the tool",
    "until": "Last day",
}
"""Fields that mean the same in the events of several capabilities."""


@dataclass(frozen=True, slots=True)
class Statement:
    """An event that states some `fields` whole (none: all of them), so that history compares them
    with the statement of the same `kind` before it. `of` is the field that tells several statements
    of a kind apart."""

    kind: str
    fields: tuple[str, ...] = ()
    of: str = ""


Findable = tuple[str, ...] | Callable[[E], Mapping[str, str]]
"""The fields of an event whose texts are found, or what gives the texts by their paths."""


@dataclass(frozen=True, slots=True)
class Searched(Generic[E]):
    """What can be found of a record, the key of the stream, by the path it stands at: what is
    written in it (`texts`), what it goes by (`names`), and what it is called (`titles`).

    A text takes the place of the one at its path, or stands beside it where the event `adds`; what
    follows an ``@`` in a path tells several of one label apart, such as the value of the field
    `by`. `ends` are the paths whose texts stand no longer, and `anew` says that none does.
    """

    texts: Findable[E] = ()
    names: Findable[E] = ()
    titles: Findable[E] = ()
    ends: tuple[str, ...] | Callable[[E], Iterable[str]] = ()
    by: str = ""
    anew: bool = False
    adds: bool = False


@dataclass(frozen=True, slots=True)
class EventWords(Generic[E]):
    """The sentence of an event, and how its fields are told.

    - `about`: the field that names the person it is about;
    - `paths`: the name in history of a field whose word means another thing in another event;
    - `hidden`: fields that are left out, each with the reason;
    - `pairs`: two fields that hold what was and what is, with the path of the change they make, as
      ``old_team`` and ``new_team`` do of themselves;
    - `before`: by the name of a field, the one that holds it a second time as it was;
    - `compared`: the path of the differences where `old` and `new` are whole statements;
    - `changes`: what else it changed, out of the fields `changed`;
    - `statement`: what it states whole;
    - `part`: the field that names the part of a stream to which the entry belongs;
    - `belongs`: from its stream, the thing that belongs to an audit, and the audit (or "");
    - `searched`: what it makes findable.
    """

    event: type[E]
    sentence: str | Callable[[E], str]
    about: str = ""
    paths: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    pairs: tuple[tuple[str, str, str], ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)
    compared: str = ""
    changes: Callable[[E], list[Change]] | None = None
    changed: tuple[str, ...] = ()
    statement: Statement | None = None
    part: str = ""
    belongs: Callable[[str, E], tuple[str, str]] | None = None
    searched: Searched[E] | None = None

    def __post_init__(self) -> None:
        fields = self.event.model_fields
        changes = [one[4:] for one in fields if one[:4] == "old_" and f"new_{one[4:]}" in fields]
        pairs = ((f"old_{one}", f"new_{one}", self.paths.get(f"new_{one}", one)) for one in changes)
        object.__setattr__(self, "pairs", (*self.pairs, *pairs))

    def tell(self, event: E) -> str:
        """The sentence of an event."""
        return self.sentence if isinstance(self.sentence, str) else self.sentence(event)

    def findable(self, event: E, wanted: Findable[E]) -> Mapping[str, str]:
        """The texts of an event that are `wanted`, by the paths they stand at."""
        if callable(wanted):
            return wanted(event)
        changed = {new: path for _, new, path in self.pairs}
        return {
            self._beside(event, self.paths.get(name) or changed.get(name, name)): (
                text if isinstance(text := getattr(event, name), str) else ", ".join(text)
            )
            for name in wanted
        }

    def ends(self, event: E) -> Iterable[str]:
        """The paths whose texts stand no longer after an event."""
        ends = self.searched.ends if self.searched else ()
        return ends(event) if callable(ends) else [self._beside(event, path) for path in ends]

    def _beside(self, event: E, path: str) -> str:
        by = self.searched.by if self.searched else ""
        return f"{path}@{getattr(event, by)}" if by else path

    def turned(self) -> frozenset[str]:
        """The fields that are told as changes, not as values of their own."""
        paired = (name for old, new, _ in self.pairs for name in (old, new))
        whole = ("old", "new") if self.compared else ()
        return frozenset({*paired, *whole, *self.changed, *self.before.values()})

    def labels(self) -> dict[str, str]:
        """What its fields are called in history: the label beside each field, at its path."""
        found = {}
        for path, words in labels(self.event):
            name, dot, rest = path.partition(".")
            found[f"{self.paths.get(name, name)}{dot}{rest}".removeprefix(".")] = words
        return found

    def value_fields(self) -> tuple[tuple[str, str], ...]:
        """The fields that are told as values, each with its path."""
        left_out = self.turned() | set(self.hidden)
        return tuple(
            (name, self.paths.get(name, name))
            for name in self.event.model_fields
            if name not in left_out
        )


@dataclass(frozen=True, slots=True)
class RoomWords:
    """What one capability says of its events and their fields.

    - `labels`: what a path is called; `beneath`: by its first part, what the paths below are;
    - `codes`: stored values in words, by path; `worded`: paths whose codes are words already;
    - `values`: by the first part of a path, how its values are said;
    - `people`: last parts of paths that hold ids of people;
    - `keyed`: values that stand in a list: the field that names one in a path, and the one that is
      told at that path itself (values that are not named here are numbered);
    - `in_text`: values of which a list is told as one text, each by its words.
    """

    events: tuple[EventWords[Any], ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    beneath: Mapping[str, Label] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    worded: frozenset[str] = frozenset()
    values: Mapping[str, Value] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    keyed: Mapping[type[Frozen], tuple[str, str | None]] = field(default_factory=dict)
    in_text: Mapping[type[Frozen], Callable[[Any], str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of all capabilities together."""

    events: Mapping[type[Event], EventWords[Any]]
    labels: Mapping[str, str]
    beneath: Mapping[str, Label]
    codes: Mapping[str, Mapping[str, str]]
    worded: frozenset[str]
    values: Mapping[str, Value]
    people: frozenset[str]
    keyed: Mapping[type[Frozen], tuple[str, str | None]]
    in_text: Mapping[type[Frozen], Callable[[Any], str]]


@cache
def vocabulary() -> Vocabulary:
    """What every capability declares as ``HISTORY`` in its ``words``.

    Raises:
        ValueError: two of them say different things of one event, path or value; the message names
            it.
    """
    rooms = declared("qa", "words", "HISTORY", RoomWords)
    return Vocabulary(
        events=together({each.event: each} for room in rooms for each in room.events),
        labels=together(
            [
                SHARED_LABELS,
                *(room.labels for room in rooms),
                *(each.labels() for room in rooms for each in room.events),
            ]
        ),
        beneath=together(room.beneath for room in rooms),
        codes=together(room.codes for room in rooms),
        worded=frozenset().union(*(room.worded for room in rooms)),
        values=together(room.values for room in rooms),
        people=frozenset().union(*(room.people for room in rooms)),
        keyed=together(room.keyed for room in rooms),
        in_text=together(room.in_text for room in rooms),
    )


def together(parts: Iterable[Mapping[K, V]]) -> dict[K, V]:
    """The parts as one.

    Raises:
        ValueError: two of them say different things of one key.
    """
    result: dict[K, V] = {}
    for part in parts:
        for key, value in part.items():
            if result.setdefault(key, value) != value:
                raise ValueError(f"two capabilities have words of their own for {key!r}")
    return result


def words_of(kind: type[Event]) -> EventWords[Any]:
    """The words of an event.

    Raises:
        LookupError: its capability has none for it.
    """
    found = vocabulary().events.get(kind)
    if found is None:
        raise LookupError(f"no words for {kind.__name__}: add them to the words of its capability")
    return found


def label(path: str, tool: Any = None) -> str:
    """What a field is called; an unknown path stands as it is."""
    known, path = vocabulary(), path.partition("@")[0]
    if path in known.labels:
        return known.labels[path]
    beneath = known.beneath.get(path.partition(".")[0])
    return path if beneath is None else beneath(path, tool)


def in_words(path: str, text: str, tool: Any = None) -> str:
    """A stored value as a reader says it; one without words stands as it is."""
    known = vocabulary()
    if path in known.worded:
        return code_in_words(text)
    codes = known.codes.get(path)
    if codes is not None:
        return ", ".join(codes.get(code, code) for code in text.split(", "))
    value = known.values.get(path.partition(".")[0])
    return text if value is None else value(path, text, tool)


def is_person(path: str) -> bool:
    """Whether the value of this field is a person's id."""
    return path.rpartition(".")[2] in vocabulary().people


def code_in_words(code: str | None) -> str:
    """A stored code as words: "requires-improvement" → "Requires improvement"."""
    return "" if code is None else code.replace("-", " ").replace("_", " ").capitalize()


def type_in_words(name: str) -> str:
    """The type of an event as words: "CaseAuditSubmitted" → "Case audit submitted"."""
    apart = "".join(f" {c.lower()}" if c.isupper() else c for c in name)
    return apart.strip().capitalize()


def parts_in_words(path: str, _tool: Any) -> str:
    """Every part of a path as words: "scale.points.met" → "Scale: Points: Met"."""
    return ": ".join(map(code_in_words, path.split(".")))


def parts_beneath(path: str, _tool: Any) -> str:
    """Every part of a path but the first as words."""
    return ": ".join(map(code_in_words, path.split(".")[1:]))


def change(path: str, old: str, new: str) -> Change:
    return {"field": path, "old": old, "new": new}
