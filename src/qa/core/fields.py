"""What a field is called and what it may hold, stated once beside its type.

A `FieldWords` stands in the `Annotated` type of a field of a command or an event. Forms, the
description of the API, history and the sentences of refusals are read from it. It validates
nothing when an event is loaded: what was stored stays readable when a limit changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from qa.core.errors import Fault
from qa.core.reasons import THIN, of_substance, thin

Widget = Literal["text", "long", "lines", "day", "choice", "several", "number", "whole", "tick"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """One field: its label and hint, the box of a form it is asked in, and its limits.

    `missing` is the sentence for a field left empty; without one it may be empty. `code` takes the
    place of the usual code of a broken limit (``<field>-long``, ``<field>-range``), `sentence` that
    of its sentence; `coded` is what codes call the field where it is not its name with hyphens, and
    `unit` what a whole number counts. A `target` names the record and comes with the address, not
    from a form; `pattern` is what it looks like there. What is `derived` is worked out while the
    command is made, so it is no part of what was asked. A `weighed` text is a reason: it has to be
    one that somebody who was not there can weigh (`qa.core.reasons`); where `thin_is_missing`, one
    of no substance is refused as none.
    """

    label: str
    hint: str = ""
    widget: Widget = "text"
    missing: str = ""
    longest: int | None = None
    least: int | None = None
    most: int | None = None
    unit: str = "a number"
    code: str = ""
    coded: str = ""
    sentence: str = ""
    target: bool = False
    pattern: str = ""
    derived: bool = False
    weighed: bool = False
    thin_is_missing: bool = False

    def fault(self, name: str, value: Any) -> Fault | None:
        """What is wrong with a value of the right type at the field `name`; None for nothing.

        Empty is a text of blanks, nothing chosen, or no value: never 0, and never "no".
        """
        empty = not value.strip() if isinstance(value, str) else value is None or value == ()
        if empty:
            return self._refusal("missing", name) if self.missing else None
        if self.longest is not None and len(value) > self.longest:
            return self._refusal("long", name)
        if self.weighed and not of_substance(value):
            return self._refusal("missing" if self.thin_is_missing else "thin", name)
        low = self.least is not None and value < self.least
        high = self.most is not None and value > self.most
        return self._refusal("range", name) if low or high else None

    def refusals(self, name: str) -> Iterator[Fault]:
        """Everything that can be wrong with the field, as `fault` would say it."""
        owed, bound = bool(self.missing), self.least is not None or self.most is not None
        for what, can_be in (
            ("missing", owed),
            ("long", self.longest is not None),
            ("thin", self.weighed and not self.thin_is_missing),
            ("range", bound),
        ):
            if can_be:
                yield self._refusal(what, name)

    def _refusal(self, what: str, name: str) -> Fault:
        kind = self.coded or name.rpartition(".")[2].replace("_", "-")
        if what == "missing":
            return Fault(name, f"{kind}-missing", self.missing)
        if what == "thin":
            return Fault(name, THIN, thin(self.missing or WHY))
        usual = f"Use {self.longest:,} characters or fewer." if what == "long" else self._range()
        return Fault(name, self.code or f"{kind}-{what}", self.sentence or usual)

    def _range(self) -> str:
        if self.most is None:
            return f"Enter {self.unit} of {self.least} or more."
        if self.least is None:
            return f"Enter {self.unit} of {self.most} or fewer."
        return f"Enter {self.unit} from {self.least} to {self.most}."

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The description of the API names the same limits."""
        found = {**handler(schema), "title": self.label}
        limits = {"maxLength": self.longest, "minimum": self.least, "maximum": self.most}
        found |= {name: limit for name, limit in limits.items() if limit is not None}
        return {**found, "description": self.hint} if self.hint else found


WHY = "Say why."
CHOOSE = "Choose one of these."
ID = r"^[0-9a-f]{32}$"


def target(label: str, *, pattern: str = ID) -> FieldWords:
    """The id of the record that a command changes; it comes from the address, not from a form."""
    return FieldWords(label=label, target=True, pattern=pattern)


def reason_text(
    label: str = "Why",
    hint: str = "",
    *,
    missing: str,
    longest: int = 4000,
    widget: Widget = "long",
) -> FieldWords:
    """Why something is set aside, ended or changed: owed, and of substance."""
    return FieldWords(
        label=label, hint=hint, widget=widget, missing=missing, longest=longest, weighed=True
    )


def weighed_text(label: str) -> FieldWords:
    """Why the records of a child are joined, closed or opened: one of no substance is none."""
    return FieldWords(
        label=label,
        hint="Somebody who was not there must be able to weigh it. Name nobody.",
        widget="long",
        missing="Say why, in words that somebody else can weigh.",
        longest=2000,
        sentence="It must be 2,000 characters or fewer.",
        weighed=True,
        thin_is_missing=True,
    )


def child_reference(label: str, *, missing: str) -> FieldWords:
    hint = "For example, C-10421. Never a name."
    return short_text(label, hint, missing=missing, longest=60)


def derived(label: str) -> FieldWords:
    """What is worked out while the command is made: neither typed nor sent."""
    return FieldWords(label=label, derived=True)


def short_text(
    label: str,
    hint: str = "",
    *,
    missing: str = "",
    longest: int = 200,
    code: str = "",
    coded: str = "",
    sentence: str = "",
) -> FieldWords:
    return FieldWords(
        label=label, hint=hint, missing=missing, longest=longest, code=code, coded=coded,
        sentence=sentence,
    )  # fmt: skip


def long_text(
    label: str,
    hint: str = "",
    *,
    missing: str = "",
    longest: int = 5000,
    code: str = "",
    sentence: str = "",
) -> FieldWords:
    return FieldWords(
        label=label, hint=hint, widget="long", missing=missing, longest=longest, code=code,
        sentence=sentence,
    )  # fmt: skip


def choice(label: str, hint: str = "", *, missing: str = "") -> FieldWords:
    """One of what the form offers; what that is depends on the record."""
    return FieldWords(label=label, hint=hint, widget="choice", missing=missing)


def several(label: str, hint: str = "", *, missing: str = "") -> FieldWords:
    """Any of what the form offers."""
    return FieldWords(label=label, hint=hint, widget="several", missing=missing)


def lines(label: str, hint: str = "", *, missing: str = "") -> FieldWords:
    """Several short texts, one a line."""
    return FieldWords(label=label, hint=hint, widget="lines", missing=missing)


def day(label: str, hint: str = "", *, missing: str = "", coded: str = "date") -> FieldWords:
    return FieldWords(
        label=label, hint=hint, widget="day", missing=missing, coded=coded if missing else ""
    )


def tick(label: str, hint: str = "") -> FieldWords:
    """Yes or no."""
    return FieldWords(label=label, hint=hint, widget="tick")


def whole(
    label: str,
    least: int,
    most: int | None = None,
    *,
    hint: str = "",
    missing: str = "Enter a whole number.",
    unit: str = "a number",
    code: str = "",
) -> FieldWords:
    """A whole number within a range."""
    return FieldWords(
        label=label, hint=hint, widget="whole", missing=missing, unit=unit, least=least, most=most,
        code=code,
    )  # fmt: skip


def days(label: str, least: int, most: int, *, hint: str = "") -> FieldWords:
    """A whole number of days within a range."""
    return whole(
        label, least, most, hint=hint, missing="Enter a whole number of days.", unit="days",
        code="days-range",
    )  # fmt: skip


@cache
def field_words(model: type[BaseModel]) -> Mapping[str, FieldWords]:
    """The fields of a model that are described, in their order."""
    return MappingProxyType(
        {
            name: each
            for name, field in model.model_fields.items()
            for each in field.metadata
            if isinstance(each, FieldWords)
        }
    )


def declared_refusals(model: type[BaseModel]) -> Iterator[Fault]:
    """Everything that the limits of a model, and of models within it, can refuse."""
    known, codes = field_words(model), _codes(model)
    for name, field in model.model_fields.items():
        if name in known and not known[name].target:
            yield from known[name].refusals(name)
        if name in known and name in codes:
            yield _unknown(name, name, known[name])
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from declared_refusals(inner)


def labels(model: type[BaseModel], under: str = "") -> Iterator[tuple[str, str]]:
    """The label of every described field by its dotted path, those of models within included."""
    known = field_words(model)
    for name, field in model.model_fields.items():
        path = f"{under}.{name}" if under else name
        if name in known:
            yield path, known[name].label
            continue
        # Those of one value; of several, each stands at a path of its own.
        one = () if get_origin(field.annotation) is tuple else get_args(field.annotation)
        for inner in (field.annotation, *one):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from labels(inner, path)


def faults(model: BaseModel, under: str = "") -> list[Fault]:
    """Every field that breaks its limits, by its dotted path, those of models within included."""
    return list(_faults(model, under))


@cache
def _codes(model: type[BaseModel]) -> Mapping[str, frozenset[Any]]:
    """The values that a field of codes can have."""
    return {
        name: frozenset(get_args(field.annotation))
        for name, field in model.model_fields.items()
        if get_origin(field.annotation) is Literal
    }


def _unknown(path: str, name: str, words: FieldWords) -> Fault:
    return Fault(path, f"{name.replace('_', '-')}-unknown", words.missing or CHOOSE)


def _faults(model: BaseModel, under: str) -> Iterator[Fault]:
    known, codes = field_words(type(model)), _codes(type(model))
    for name, value in model.__dict__.items():
        words = known.get(name)
        if words is not None:
            path = f"{under}.{name}" if under else name
            fault = words.fault(path, value)
            if fault is None and name in codes and value not in codes[name]:
                fault = _unknown(path, name, words)
            if fault is not None:
                yield fault
                continue
        if isinstance(value, BaseModel):
            yield from _faults(value, f"{under}.{name}" if under else name)
        elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            path = f"{under}.{name}" if under else name
            for number, one in enumerate(value):
                yield from _faults(one, f"{path}.{number}")


def typed(value: object) -> str:
    """A value as it stands in the box of a form."""
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
