"""What the API answers about the caller and their work."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.web.waiting import Whose
from qa.core.words import Grant


class MeOut(BaseModel):
    """Who the token belongs to."""

    person: str
    team: str | None
    grants: list[Grant]


class WorklistItemOut(BaseModel):
    """One thing that waits. What stands after `overdue` is there for the kinds that have it."""

    model_config = ConfigDict(extra="forbid")
    kind: str
    title: str
    whose: Whose
    for_person: str | None
    for_name: str | None
    thing: str | None
    href: str | None
    reference: str | None
    audit: str | None
    child: str | None
    team: str
    team_name: str
    due_on: date | None
    overdue: bool
    moderation: str | None = None
    judgement_sealed: bool = False
    action: str = ""
    text: str = ""
    concern: str = ""


class WorklistOut(BaseModel):
    """What waits for the caller, by due date."""

    as_at: date
    position: int
    items: list[WorklistItemOut]


class FoundRecordOut(BaseModel):
    """An audit whose reference or child was found."""

    audit: str
    reference: str
    child: str


class FoundTextOut(FoundRecordOut):
    """A text that holds the words: its field, and the position of the event that it stands in."""

    field: str
    text: str
    opened: int


class SearchOut(BaseModel):
    """What was found, the newest first."""

    as_at: date
    position: int
    records: list[FoundRecordOut]
    texts: list[FoundTextOut]
    next: int | None


class PersonsWorkOut(BaseModel):
    """How much waits for one person. `capped`: there is more than was counted."""

    model_config = ConfigDict(from_attributes=True)
    person: str
    name: str
    team: str | None
    waiting: int
    capped: bool
    kinds: Annotated[dict[str, int], BeforeValidator(dict)]
    overdue: int
    oldest_overdue: date | None = Field(validation_alias="oldest")
    deputies: list[str]


class TeamWorkOut(BaseModel):
    """How much waits for the people whose work the caller oversees, by name."""

    as_at: date
    position: int
    people: list[PersonsWorkOut]
    next: int | None
