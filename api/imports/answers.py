"""What a person says of a file before it is imported, and what still has to be asked of them.

A file is examined with the answers that there are; what comes back is what would be recorded and
the questions that stay open. The page, the command line and the API all send the same answers, and
an answer kept from last month's file is proposed for the next one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.core.errors import Refused
from qa.core.yaml_files import load_yaml

LEAVE_OUT = "leave-out"
"""As the meaning of a value: rows with it are not imported."""

AS_ABOVE = "as-above"
"""As the meaning of a blank: what the nearest filled row above says."""

RECORD = "record:"
"""What a value means that stands for one record: it says nothing of the next file."""

DateOrder = Literal[
    "day-first", "month-first", "day-first-dates-turned", "month-first-dates-turned",
    "day-first-dates-stand", "month-first-dates-stand", "month-begins", "month-ends",
]  # fmt: skip
"""How the texts of a column of dates are written; and whether its real dates that are in doubt are
turned back, or stand. Without the latter they wait. Of a column of months, which day stands for
each."""
NumberStyle = Literal["fraction", "percent", "decimal-point", "decimal-comma"]
AboutFile = Literal["sheets", "columns", "date_orders", "number_styles", "values", "changed"]


class ImportAnswers(BaseModel):
    """Everything that is said of one file. Headings are as they stand in the file.

    `columns` is heading → field (or ``ignore``); `constants` field → text for every row;
    `values` heading → text as written → what it means, in words that the field can read, nothing
    for a blank, ``as-above`` of a blank that repeats the row above, or ``leave-out`` for rows that
    do not come in; `reference_from` are the headings
    that a reference is made of where the file has none; `sheets` the sheets read, in order.
    `changed` says what becomes of rows that are on record with other values: left out, or recorded
    as a correction with `reason`. `refused` leaves refused rows out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheets: tuple[str, ...] = ()
    columns: Mapping[str, str] = Field(default_factory=dict)
    constants: Mapping[str, str] = Field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    date_orders: Mapping[str, DateOrder] = Field(default_factory=dict)
    number_styles: Mapping[str, NumberStyle] = Field(default_factory=dict)
    reference_from: tuple[str, ...] = ()
    changed: Literal["", "leave-out", "correct"] = ""
    reason: str = ""
    refused: Literal["", "leave-out"] = ""

    @property
    def leaves_changed_out(self) -> bool:
        """Whoever leaves refused rows out, and says nothing of changed ones, leaves these out."""
        leaves = self.refused == LEAVE_OUT and not self.changed
        return leaves or self.changed == LEAVE_OUT


@dataclass(frozen=True, slots=True)
class ImportOption:
    """One of the answers that a question offers."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportQuestion:
    """What has to be answered before a file is recorded.

    `about` is the field of `ImportAnswers` that the answer goes to, `heading` its key there, and
    `written` the value where the question is what one means. `options` are the answers offered,
    the likeliest first; `rows` are the rows that wait for it. Nothing is recorded until one that is
    `needed` is answered; of any other, the rows that cannot be read are refused.
    """

    about: AboutFile
    heading: str
    sentence: str
    options: tuple[ImportOption, ...]
    written: str = ""
    rows: tuple[int, ...] = ()
    needed: bool = True


def read_answers(path: Path | None, given: Mapping[str, Any]) -> ImportAnswers:
    """The answers of a YAML file, with those `given` beside it, which go before.

    Raises:
        Refused: the file cannot be read, or holds what is no answer.
    """
    content: Any = {}
    if path is not None:
        try:
            content = load_yaml(path.read_text(encoding="utf-8")) or {}
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise _no_answers(f"{path.name} cannot be read as YAML.") from error
        if not isinstance(content, dict):
            raise _no_answers(f"{path.name} has to hold answers by their names.")
    return _whole(content, given)


def answers_typed(text: str, given: Mapping[str, Any]) -> ImportAnswers:
    """The answers of a JSON text, with those `given` beside it, which go before.

    Raises:
        Refused: the text is no JSON, or holds what is no answer.
    """
    try:
        content = json.loads(text or "{}")
    except ValueError as error:
        raise _no_answers("The answers are not JSON.") from error
    if not isinstance(content, dict):
        raise _no_answers("The answers have to be a JSON object.")
    return _whole(content, given)


def _whole(content: Mapping[str, Any], given: Mapping[str, Any]) -> ImportAnswers:
    whole = dict(content)
    for name, value in given.items():
        if isinstance(value, Mapping) and isinstance(whole.get(name), Mapping):
            whole[name] = {**whole[name], **value}
        elif value:
            whole[name] = value
    try:
        return ImportAnswers.model_validate(whole)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"]))
        raise _no_answers(f"{at} is no answer that is known here: {first['msg']}.") from error


def _no_answers(sentence: str) -> Refused:
    return Refused(sentence, field="answers", code="bad-answers")
