"""What the API answers about the past of records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field


class HistoryChangeOut(BaseModel):
    """What was and what is at a field, as it is stored and in words."""

    field: str
    old: str
    new: str
    why: str
    why_words: str
    label: str
    old_words: str
    new_words: str


class HistoryEntryOut(BaseModel):
    """One event. `late` counts the days from the effective date to that of recording."""

    position: int
    line: int
    stream: str
    stream_version: int
    part: str | None
    type: str
    fact_id: str
    recorded_us: int
    effective_on: date
    late: int
    by: str
    in_role: str
    team_then: str | None
    reason: str | None
    imported: int
    said: str
    about_person: str | None
    changes: list[HistoryChangeOut]
    record: str
    title: str
    by_name: str
    role: str
    team: str
    recorded_at: datetime
    fingerprint: str


class HistoryOut(BaseModel):
    """A page of a record's history. `stopped`: go on with `next`, for the filters were looked for
    in as many entries as one page may cost."""

    as_at: date
    position: int
    record: str
    title: str
    notes: list[str]
    entries: list[HistoryEntryOut]
    next: int | None
    previous: int | None
    stopped: bool


class ChildsAuditOut(BaseModel):
    """An audit of a child's file."""

    audit: str
    reference: str
    status: str


class ChildHistoryOut(HistoryOut):
    """The history of a child's file, and its audits."""

    audits: list[ChildsAuditOut]


class _ToldEvent(BaseModel):
    position: int
    stream: str
    record: str
    title: str
    by: str
    by_name: str
    recorded_at: datetime
    reason: str | None


class LearntEventOut(_ToldEvent):
    """An event that was told so many days after it was true."""

    true_on: date
    days_late: int
    href: str


class LearntLaterOut(BaseModel):
    """What was told after a day and was so by then, in the order it was told."""

    as_at: date
    position: int
    true_on: date | None
    total: int
    facts: list[LearntEventOut]
    next: int | None


class MovingEventOut(_ToldEvent):
    """An event that only one of two moments knows."""

    side: str
    href: str


class ComparedMomentOut(BaseModel):
    """One of the two moments."""

    as_at: date
    position: int
    true_on: date | None


class ComparedSpanOut(BaseModel):
    """The days that figures are counted over."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")


class MovedFieldOut(BaseModel):
    """A field of an audit that is not the same."""

    field: str
    label: str
    old: str | None
    new: str | None


class MovedAuditOut(BaseModel):
    """An audit that is not the same, and the events that moved it."""

    audit: str
    reference: str
    child: str
    how: Literal["added", "gone", "changed"]
    fields: list[MovedFieldOut]
    facts: list[MovingEventOut]


class MovedFigureOut(BaseModel):
    """A figure that is not the same, and the audits that moved it."""

    report: str
    group: dict[str, str]
    figure: str
    label: str
    old: str | None
    new: str | None
    audits: list[str]


class ComparisonOut(BaseModel):
    """What is not the same at two moments."""

    before: ComparedMomentOut = Field(alias="from")
    after: ComparedMomentOut = Field(alias="to")
    figures_over: ComparedSpanOut
    audits_moved: int
    audits: list[MovedAuditOut]
    figures_moved: int
    figures: list[MovedFigureOut]
    other_facts: list[MovingEventOut]
