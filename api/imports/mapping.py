"""Which heading of their file is which field of ours: suggested, editable, and reported.

A suggestion is taken from the fields' declared names; near misses are taken too but marked, so
that a preview can show them. What a person says (`--map "Their heading=field"`) always wins.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import yaml

from api.imports.files.tables import Cell, SheetRows, text_of
from api.imports.files.tables import normal as normal  # those who map headings compare them
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.words import Scale
from qa.core.yaml_files import load_yaml

IGNORE = "ignore"
DOMAIN = "domain:"
"""What fields begin with that hold grades of a domain; a domain may be named that no tool has."""
REASON_HEADING = "caseloop_reason"
NOT_IN_FILE = " (not in the file)"
"""Ends the heading of a column that was made: the file has none for it."""


FieldKind = Literal[
    "words", "text", "reference", "child", "person", "team", "name", "date", "due", "number",
    "percent", "grade", "status",
]  # fmt: skip
"""What a column of the field holds, so that it can be settled as a whole."""


MADE_OF_OTHERS = " Or have one made of other columns: --reference-from “Their heading”."
"""What else may be done where a file has no column of references."""
CHILD_NAMES = (
    "child ref", "child reference", "child id", "case id", "case ref", "case number", "case no",
    "client id", "person id", "system id", "mosaic id", "lcs id", "ics number",
)  # fmt: skip
"""What councils call their reference for a child."""


def is_reason(heading: str) -> bool:
    """Whether a column says why rows were refused: we wrote it, to be put right and sent again."""
    return normal(heading) == normal(REASON_HEADING)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of ours, with the other names that councils use for it.

    `without` says what a file needs that lacks a required one. `scale` is that of a grade.
    `unlike` says why a column is not this field though it is called so, from its heading and the
    texts that it holds; nothing where it may be. `repeats` says that sheets often fill it in the
    first of several rows only. What is not `asked` stands in no template: a value in it is refused.
    `parts` are fields that together say what this one does. `on_record` are the names that are.
    `blank` are the meanings, each with its words, that a blank may have: which one is asked.
    `may_be` tells of a column that is called otherwise, by its heading and cells, whether it may be
    this one: that is asked before anything is recorded. Of a status, `counts` are the words that
    leave no doubt that a record comes in; without any they are those of audits.
    """

    name: str
    label: str
    required: bool = False
    synonyms: tuple[str, ...] = ()
    without: str = ""
    kind: FieldKind = "words"
    scale: Scale | None = None
    unlike: Callable[[str, Sequence[str]], str] | None = None
    asked: bool = True
    repeats: bool = False
    parts: tuple[str, ...] = ()
    on_record: tuple[str, ...] = ()
    blank: tuple[tuple[str, str], ...] = ()
    may_be: Callable[[str, Sequence[Cell]], bool] | None = None
    counts: frozenset[str] = frozenset()

    def is_said(self, found: Collection[str]) -> bool:
        """Whether it, or all of its parts, are among the fields that were found."""
        return self.name in found or (bool(self.parts) and {*self.parts} <= {*found})

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, self.label, *self.synonyms)


def status_field(*counts: str) -> Field:
    """The status of records of which only those come in whose word is among these, or of which it
    is said."""
    names = ("record status", "entry status")
    return Field(
        "status", "Status", False, names, kind="status", asked=False, counts=frozenset(counts)
    )


@dataclass(frozen=True, slots=True)
class HeadingMap:
    """The outcome: field → heading for what was matched, and everything that was not.

    `near` are the fields that were matched to a heading that is only like one of their names;
    `missing` are required fields without a heading. `because` says of a heading why it is left out.
    """

    headings: dict[str, str]
    near: tuple[str, ...]
    unmapped: tuple[str, ...]
    ignored: tuple[str, ...]
    missing: tuple[Field, ...]
    because: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def pairs(self) -> list[tuple[str, str]]:
        """(their heading, our field), in the order of the fields."""
        return [(heading, name) for name, heading in self.headings.items()]

    def faults(self) -> list[Fault]:
        return [
            Fault(
                field.name,
                "missing-column",
                f"No column could be read as {field.label.lower()}. Name it with "
                f"--map “Their heading={field.name}”.{field.without}",
            )
            for field in self.missing
        ]

    def complete(self) -> HeadingMap:
        """Itself. Raises `Refused` where a required column cannot be found."""
        if self.missing:
            raise Refused(self.faults())
        return self


def map_headings(
    headings: Sequence[str],
    fields: Sequence[Field],
    choices: Mapping[str, str] | None = None,
    *,
    cutoff: float = 0.86,
) -> HeadingMap:
    """Match headings to fields. `choices`: heading → field name (or "ignore"), as a person put it.

    Raises `Refused`, with every fault, where `choices` names a heading or a field that does not
    exist, or gives one field to two headings.
    """
    return _mapped(headings, fields, choices or {}, {}, cutoff)


def _mapped(
    headings: Sequence[str],
    fields: Sequence[Field],
    choices: Mapping[str, str],
    unlike: Mapping[tuple[str, str], str],
    cutoff: float,
) -> HeadingMap:
    found, ignored = _as_said(headings, fields, choices)
    ignored.update(filter(is_reason, headings))
    free = [h for h in headings if h not in ignored and h not in found.values()]
    for field in fields:
        if field.name in found:
            continue
        names = [normal(name) for name in field.names]
        exact = [h for h in free if normal(h) in names and (h, field.name) not in unlike]
        if exact:
            chosen = min(exact, key=lambda h: names.index(normal(h)))
            found[field.name] = chosen
            free.remove(chosen)
    near: list[str] = []
    for field in fields:
        if field.name in found or not free:
            continue
        able = [h for h in free if (h, field.name) not in unlike]
        names = [normal(name) for name in field.names]
        best, likeness = _likest(able, names)
        dated = [h for h in able if undated(h) in names]
        if len(dated) == 1 and likeness < cutoff <= 1:
            best, likeness = dated[0], cutoff
        if likeness >= cutoff:
            found[field.name] = best
            near.append(field.name)
            free.remove(best)
    return HeadingMap(
        headings={
            **{field.name: found[field.name] for field in fields if field.name in found},
            **{name: heading for name, heading in found.items() if name.startswith(DOMAIN)},
        },
        near=tuple(near),
        unmapped=tuple(free),
        ignored=tuple(h for h in headings if h in ignored),
        missing=tuple(f for f in fields if f.required and not f.is_said(found)),
        because={h: reason for (h, _), reason in unlike.items() if h in free},
    )


_DAY = re.compile(
    r"\b(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*(?: \d{2,4})?|q[1-4]|"
    r"(?:19|20)\d\d(?: \d\d)?)\b"
)


def undated(heading: str) -> str:
    """A heading without the month or year in it: “RAG Sep 2026” is a RAG, of some day."""
    words = normal(heading)
    return " ".join(_DAY.sub(" ", words).split()) if _DAY.search(words) else ""


def map_columns(
    sheet: SheetRows,
    fields: Sequence[Field],
    choices: Mapping[str, str] | None = None,
    *,
    cutoff: float = 0.86,
) -> HeadingMap:
    """`map_headings`, with a look at what the columns hold: what is called like a field and plainly
    is none is left out, and it is said why."""
    wary = [one for one in fields if one.unlike is not None]
    unlike: dict[tuple[str, str], str] = {}
    for heading in sheet.headings if wary else ():
        texts = [text for text in map(text_of, sheet.column(heading)) if text]
        for one in wary:
            reason = one.unlike(heading, texts) if one.unlike is not None and texts else ""
            if reason:
                unlike[heading, one.name] = reason
    found = _mapped(sheet.headings, fields, choices or {}, unlike, cutoff)
    named = {(h, f.name) for h in found.because for f in wary if normal(h) in map(normal, f.names)}
    because = {h: unlike[h, name] for h, name in named if (h, name) in unlike}
    return replace(found, because=because)


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """How one column of a file is read: the field, or why it is left out. `guess` says that its
    name is only like that of the field."""

    heading: str
    field: str = ""
    guess: bool = False
    because: str = ""


def columns_read(
    headings: Sequence[str],
    mapping: HeadingMap,
    made: Mapping[str, str] | None = None,
) -> list[ColumnReading]:
    """Every column in its place. `made` is what columns became that are no field of their own:
    heading → what it is called (a domain of grades, a period)."""
    read_as = {heading: name for name, heading in mapping.headings.items()}
    lines = []
    for heading in headings:
        name = read_as.get(heading)
        if name is not None:
            lines.append(ColumnReading(heading, name, name in mapping.near))
        elif made and heading in made:
            lines.append(ColumnReading(heading, made[heading]))
        elif heading in mapping.ignored:
            why = "It says why rows were refused." if is_reason(heading) else "You left it out."
            lines.append(ColumnReading(heading, because=why))
        else:
            reason = mapping.because.get(heading, "Nothing is imported under this name.")
            lines.append(ColumnReading(heading, because=reason))
    return lines


def _as_said(
    headings: Sequence[str], fields: Sequence[Field], choices: Mapping[str, str]
) -> tuple[dict[str, str], set[str]]:
    by_normal = {normal(heading): heading for heading in headings}
    names = {normal(field.name): field.name for field in fields}
    domains = any(field.name.startswith(DOMAIN) for field in fields)
    found: dict[str, str] = {}
    ignored: set[str] = set()
    faults: list[Fault] = []
    for theirs, ours in choices.items():
        heading, name = by_normal.get(normal(theirs)), names.get(normal(ours))
        if heading is None:
            sentence = f"The file has no heading “{theirs}”. It has: {', '.join(headings)}."
            faults.append(Fault("map", "unknown-heading", sentence, column=theirs))
        elif normal(ours) in ("", IGNORE):
            ignored.add(heading)
        elif name is None and domains and ours.strip().startswith(DOMAIN):
            found[ours.strip()] = heading
        elif name is None:
            sentence = f"There is no field “{ours}”. There are: {', '.join(names.values())}."
            faults.append(Fault("map", "unknown-field", sentence, column=theirs))
        elif name in found and found[name] != heading:
            label = next((field.label for field in fields if field.name == name), name)
            sentence = f"Both “{found[name]}” and “{heading}” were given as “{label}”."
            faults.append(Fault("map", "field-given-twice", sentence, column=theirs))
        else:
            found[name] = heading
    refuse_any(faults)
    return found, ignored


def _likest(headings: Iterable[str], names: Sequence[str]) -> tuple[str, float]:
    scored = [
        (0.0, ""),
        *(
            (difflib.SequenceMatcher(None, normal(heading), name).ratio(), heading)
            for heading in headings
            for name in names
        ),
    ]
    likeness, heading = max(scored, key=lambda pair: pair[0])
    return heading, likeness


def parse_map_options(options: Iterable[str]) -> dict[str, str]:
    """``["Their heading=field", …]`` as heading → field; refuses what has no "="."""
    choices: dict[str, str] = {}
    faults: list[Fault] = []
    for option in options:
        heading, equals, name = option.rpartition("=")
        if not equals or not heading.strip():
            sentence = f"“{option}” is not of the form “Their heading=field”."
            faults.append(Fault("map", "bad-map", sentence, value=option))
            continue
        choices[heading.strip()] = name.strip()
    refuse_any(faults)
    return choices


def read_map_file(path: Path) -> dict[str, str]:
    """A YAML file of ``Their heading: field`` lines as heading → field."""
    try:
        content = load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refused(
            f"The mapping {path.name} cannot be read as YAML.", field="map", code="bad-map"
        ) from error
    if not isinstance(content, dict) or not all(
        isinstance(key, str) and isinstance(value, str | None) for key, value in content.items()
    ):
        raise Refused(
            f"The mapping {path.name} has to hold lines of the form “Their heading: field”.",
            field="map",
            code="bad-map",
        )
    return {key: value or IGNORE for key, value in content.items()}
