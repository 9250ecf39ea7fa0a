"""What the API answers about copies for outside the council."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from api.json.row_out import RowOut
from projections.disclosure.tables import OutsideCopyRow
from qa.disclosure.events import ReleasedText


class OutsideCopyOut(
    RowOut,
    row=OutsideCopyRow,
    without=("stream_version", "tables", "texts", "salt", "given_us", "withdrawn_us"),
):
    """A copy that was given out, with the texts in it: what was left out of each, and why."""

    given_at: datetime
    withdrawn_at: datetime | None
    texts: list[ReleasedText]


class OutsideCopiesOut(BaseModel):
    """The copies of a published report, the earliest first, and what can be in the next one: its
    texts by their keys. The ETag is asked for when one is given out."""

    position: int
    copies: list[OutsideCopyOut]
    texts: dict[str, str]


class CopyWordsOut(BaseModel):
    """What a copy says beside its figures."""

    what: str
    text: str


class CopyFigureOut(BaseModel):
    """A figure that is shown: so many of so many, and the rate where there is one."""

    figure: str
    counted: int | None
    among: int | None
    rate: str | None


class CopyLineOut(BaseModel):
    """A row; one that is not `shown` has no figures."""

    labels: list[str]
    total: bool
    shown: bool
    figures: list[CopyFigureOut]


class CopyTableOut(BaseModel):
    """A table, or why the copy is without it. Numbers are `rounded` to multiples of that one; 0
    where they are as counted."""

    title: str
    rule: str
    without: str
    rounded: int
    headings: list[str]
    rows: list[CopyLineOut]


class CopyContentOut(BaseModel):
    """A copy as it is read outside: the JSON file is this."""

    of_copy: str = Field(alias="copy")
    audience: str
    title: str
    demonstration: bool
    council: str
    about: list[CopyWordsOut]
    texts: list[CopyWordsOut]
    tables: list[CopyTableOut]
