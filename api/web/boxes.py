"""Forms that are said as a list of boxes: drawn by one template, read back into values.

For pages whose forms differ only in what they ask. A form with a shape of its own is written out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from api.web.dates import date_input, day_in, parts_of
from api.web.forms import Errors, flat, several
from qa.core.errors import Fault, Refused
from qa.core.fields import FieldWords, field_words

T = TypeVar("T")
MOST_BENEATH = 12
"""More boxes to tick than this stand in columns."""
Kind = Literal[
    "text", "long", "lines", "day", "choice", "radios", "several", "number", "whole", "file"
]


@dataclass(frozen=True, slots=True)
class Box:
    """One question of a form. `items` are the (value, text) of a choice; `value` stands there at
    first. "lines" is a long text of one thing a line, "several" a group of boxes to tick, of which
    those ticked at first stand in `value`, each on a line. What is `owed` is asked for by name
    where something else keeps the form from being sent."""

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    items: Sequence[tuple[str, str]] = ()
    value: str = ""
    owed: bool = False
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FormValues:
    """What was typed, as values. Reading a box that holds what it cannot hold notes a fault, and
    `done` refuses all of them at once."""

    form: Mapping[str, Any]
    flat: Mapping[str, str]
    boxes: Sequence[Box] = ()
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def of(cls, form: Mapping[str, Any], boxes: Sequence[Box] = ()) -> FormValues:
        return cls(form, flat(form), boxes)

    def text(self, name: str) -> str:
        return self.flat.get(name, "").strip()

    @property
    def typed(self) -> dict[str, str]:
        """What the boxes are drawn with again: of several ticks, each on a line."""
        ticks = {b.name: "\n".join(self.several(b.name)) for b in self.boxes if b.kind == "several"}
        return {**self.flat, **ticks}

    def maybe(self, name: str) -> str | None:
        """The text, or None where the box was left empty."""
        return self.text(name) or None

    def lines(self, name: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.text(name).splitlines() if line.strip())

    def several(self, name: str) -> tuple[str, ...]:
        return several(self.form, name)

    def day(self, name: str, missing: str = "") -> date | None:
        """The day in a box; where it must hold one, `missing` is the sentence that asks for it."""
        try:
            found = day_in(self.flat, name)
        except Refused as refused:
            self.faults.extend(refused.faults)
            return None
        if found is None and missing:
            self._fault(name, "date-missing", missing)
        return found

    def day_owed(self, name: str, missing: str) -> date:
        """The day in a box that must hold one. Raises `Refused` with every fault there was."""
        found = self.day(name, missing)
        self.done()
        assert found is not None
        return found

    def whole(self, name: str, missing: str = "") -> int | None:
        typed = self.text(name)
        if typed.isdecimal() and len(typed) < 10:
            return int(typed)
        if typed:
            self._fault(name, "number-invalid", "Enter a whole number, for example 25.")
        elif missing:
            self._fault(name, "number-missing", missing)
        return None

    def number(self, name: str) -> Decimal | None:
        """A number with the precision it was typed in."""
        typed = self.text(name).removesuffix("%").strip()
        if not typed:
            return None
        try:
            found = Decimal(typed)
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite() and len(typed) < 20:
            return found
        self._fault(name, "number-invalid", "Enter a number, for example 75 or 17.7.")
        return None

    def file(self, name: str, most: int) -> tuple[str, bytes] | None:
        """The name of the file that was chosen, and at most `most` and one of its bytes; None where
        none was."""
        sent = self.form.get(name)
        if sent is None or isinstance(sent, (str, dict, list)) or not sent.filename:
            return None
        return sent.filename, sent.file.read(most + 1)

    def one_of(self, name: str, known: Sequence[str], sentence: str) -> str:
        typed = self.text(name)
        if typed not in known:
            self._fault(name, "choice-unknown", sentence)
        return typed

    def value(self, name: str, words: FieldWords) -> Any:
        """What was typed into the box of a described field."""
        match words.widget:
            case "several":
                return self.several(name)
            case "lines":
                return self.lines(name)
            case "day":
                return self.day(name, words.missing)
            case "number":
                return self.number(name)
            case "tick":
                return self.text(name) == "yes"
            case "whole":
                return self.whole(name, words.missing)
            case _:
                return self.text(name)

    def of_command(self, command: type[BaseModel]) -> dict[str, Any]:
        """What was typed into the boxes of a command, by field.

        Raises:
            Refused: every box that holds what it cannot hold.
        """
        values = {
            name: self.value(name, words)
            for name, words in field_words(command).items()
            if not (words.target or words.derived)
        }
        self.done()
        fields = command.model_fields
        return {
            name: None if value == "" and fields[name].default is None else value
            for name, value in values.items()
        }

    def refuse(self, name: str, code: str, sentence: str) -> None:
        self._fault(name, code, sentence)

    def reading(self, read: Callable[[], T], otherwise: T) -> T:
        """What `read` makes of a box; where it refuses, its faults are noted."""
        try:
            return read()
        except Refused as refused:
            self.faults.extend(refused.faults)
            return otherwise

    def done(self) -> None:
        """Raise `Refused` with every fault there was in reading, and all that is owed and missing:
        the command that would say so is not reached."""
        if not self.faults:
            return
        named = {fault.field for fault in self.faults}
        for box in self.boxes:
            if box.owed and box.name not in named and not self.text(box.name):
                self._fault(box.name, "missing", f"{box.label}: this has to be filled in.")
        raise Refused(self.faults)

    def _fault(self, name: str, code: str, sentence: str) -> None:
        self.faults.append(Fault(name, code, sentence))


def drawn(
    boxes: Sequence[Box], typed: Mapping[str, str] | None, errors: Errors
) -> list[dict[str, Any]]:
    """The boxes for the template, with what was typed, or else with what stands there at first."""
    return [_drawn(box, typed, errors) for box in boxes]


def _drawn(box: Box, typed: Mapping[str, str] | None, errors: Errors) -> dict[str, Any]:
    value = box.value if typed is None else typed.get(box.name, "")
    if box.kind == "day":
        first = parts_of(date.fromisoformat(box.value), box.name) if box.value else {}
        fields = first if typed is None else typed
        return {"kind": "day", "params": date_input(fields, box.name, box.label, errors, box.hint)}
    params: dict[str, Any] = {
        "id": box.name.replace(".", "-"),
        "name": box.name,
        "label": {"text": box.label},
        "errorMessage": errors.message(box.name),
    }
    if box.hint:
        params["hint"] = {"text": box.hint}
    if box.kind == "file":
        # A browser never takes back which file was chosen.
        return {"kind": "file", "params": params}
    if box.kind in ("text", "number", "whole"):
        params["value"] = value
        if box.kind != "text":
            params |= {"classes": "govuk-input--width-10", "inputmode": "decimal"}
        return {"kind": "text", "params": params}
    if box.kind in ("long", "lines"):
        return {"kind": "long", "params": {**params, "value": value, "rows": 4}}
    if box.kind == "choice":
        # Nobody chooses by leaving a box alone, unless there is nothing to choose between.
        unsaid = len(box.items) > 1 and all(code for code, _ in box.items)
        items = [("", "Choose one"), *box.items] if unsaid else box.items
        params["items"] = [
            {"value": code, "text": text, "selected": code == value} for code, text in items
        ]
        return {"kind": "choice", "params": params}
    del params["id"], params["label"]
    params |= {
        "idPrefix": box.name.replace(".", "-"),
        "fieldset": {"legend": {"text": box.label, "classes": "govuk-fieldset__legend--s"}},
        "items": [
            {
                "value": code,
                "text": text,
                "checked": code in value.split("\n"),
                **({"hint": {"text": hint}} if (hint := box.hints.get(code)) else {}),
            }
            for code, text in box.items
        ],
    }
    if box.kind == "several" and len(box.items) > MOST_BENEATH:
        params["classes"] = "govuk-checkboxes--small app-columns"
    return {"kind": box.kind, "params": params}
