"""What the search answers to programs."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.json.moment_out import OfMomentOut
from api.search.reading import FoundText, SearchAnswer
from api.web.moments import AsAt
from qa.core.carry import carry


class FoundOut(BaseModel):
    """A text of a record that answers. `href` is the page of the record, `field` what the text is
    called and `marks` where the words that were found stand in it, as pairs of letters from and up
    to which they go."""

    kind: str
    record: str
    title: str
    beneath: str
    href: str
    field: str
    text: str
    marks: list[tuple[int, int]]

    @classmethod
    def of(cls, one: FoundText, answer: SearchAnswer) -> FoundOut:
        return cls(
            kind=one.row.kind,
            record=one.row.record,
            title=one.heading.title,
            beneath=one.heading.beneath,
            href=one.heading.href,
            field=one.field,
            text=one.row.text,
            marks=answer.question.marks(one.row.text),
        )


class KindCountOut(BaseModel):
    """How many texts of a kind of record answer; with `more` it is the least that there are."""

    kind: str
    label: str
    number: int
    more: bool


class SearchOut(OfMomentOut):
    """What was found. Where nothing answers what was asked for, `corrected` is what was searched
    for in its place. `exact` are the records that go by it, on the first page."""

    corrected: str = Field(description="Empty where what was asked for was found.")
    exact: list[FoundOut]
    found: list[FoundOut]
    counts: list[KindCountOut]
    next: int | None = Field(description="For `before`, to ask for the next page.")

    @classmethod
    def of(cls, answer: SearchAnswer, at: AsAt) -> SearchOut:
        return cls(
            as_at=at.day,
            position=at.shown,
            corrected=answer.corrected,
            exact=[FoundOut.of(one, answer) for one in answer.exact],
            found=[FoundOut.of(one, answer) for one in answer.found],
            counts=[carry(KindCountOut, one) for one in answer.counts],
            next=answer.next,
        )
