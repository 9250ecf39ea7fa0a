"""What the API answers about the past of records."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import AliasPath, BaseModel, ConfigDict, Field


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


class _Compared(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ComparedMomentOut(_Compared):
    """One of the two moments."""

    as_at: date = Field(validation_alias="day")
    position: int = Field(validation_alias="shown")
    true_on: date | None


class ComparedSpanOut(_Compared):
    """The days that figures are counted over."""

    start: date = Field(serialization_alias="from")
    end: date = Field(serialization_alias="to")


class MovedFieldOut(_Compared):
    """A field of an audit that is not the same."""

    field: str = Field(validation_alias="name")
    label: str
    old: str | None
    new: str | None


class MovedAuditOut(_Compared):
    """An audit that was added, is gone or changed, and the events that moved it."""

    audit: str = Field(validation_alias="record")
    reference: str = Field(validation_alias="name")
    child: str
    team: str
    how: str
    fields: list[MovedFieldOut]
    facts: list[MovingEventOut] = Field(validation_alias="events")


class MovedRecordOut(_Compared):
    """A record of another kind that was added, is gone or changed, and the events that moved it."""

    kind: str
    record: str
    name: str
    team: str
    how: str
    fields: list[MovedFieldOut]
    facts: list[MovingEventOut] = Field(validation_alias="events")


class MovedKindOut(_Compared):
    """How many records of a kind were added, changed and are gone."""

    kind: str
    label: str
    added: int
    changed: int
    gone: int


class MovedFigureOut(_Compared):
    """A figure that is not the same, and the records that moved it. `title` is that of the
    report."""

    report: str
    title: str = Field(validation_alias="of")
    group: dict[str, str | int | None]
    figure: str = Field(validation_alias=AliasPath("figure", "name"))
    label: str = Field(validation_alias=AliasPath("figure", "label"))
    old: str | None = Field(validation_alias=AliasPath("figure", "old"))
    new: str | None = Field(validation_alias=AliasPath("figure", "new"))
    audits: list[str]


class ComparisonOut(_Compared):
    """What is not the same at two moments."""

    before: ComparedMomentOut = Field(serialization_alias="from")
    after: ComparedMomentOut = Field(serialization_alias="to")
    figures_over: ComparedSpanOut = Field(validation_alias="days")
    kinds: list[MovedKindOut]
    audits_moved: int
    audits: list[MovedAuditOut]
    records_moved: int
    records: list[MovedRecordOut]
    figures_moved: int
    figures: list[MovedFigureOut]
    other_facts: list[MovingEventOut] = Field(validation_alias="others")
    other_facts_total: int = Field(validation_alias="others_total")
