"""What a person says of a file before it is imported, and what still has to be asked of them.

A file is examined with the answers that there are; what comes back is what would be recorded and
the questions that stay open. The page, the command line and the API all send the same answers, and
an answer kept from last month's file is proposed for the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LEAVE_OUT = "leave-out"
"""As the meaning of a value: rows with it are not imported."""

DateOrder = Literal["day-first", "month-first"]
NumberStyle = Literal["fraction", "percent", "decimal-point", "decimal-comma"]
AboutFile = Literal["sheets", "columns", "date_orders", "number_styles", "values", "changed"]


class ImportAnswers(BaseModel):
    """Everything that is said of one file. Headings are as they stand in the file.

    `columns` is heading → field (or ``ignore``); `constants` field → text for every row;
    `values` heading → text as written → what it means, in words that the field can read, nothing
    for a blank, or ``leave-out`` for rows that do not come in; `reference_from` are the headings
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
