"""What the API answers about the caller: who they are, what waits, what was found."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.json.moment_out import OfMomentOut
from api.tasks.team_work import Load
from api.web.waiting import Whose
from qa.core.words import Grant


class MeOut(BaseModel):
    """Who the token belongs to, with the roles that hold today."""

    person: str
    team: str | None
    grants: list[Grant]


class WaitingOut(BaseModel):
    """One thing that waits. An action has `action` and `text` beside the rest, a concern `concern`,
    and an audit or a moderation `moderation` and `judgement_sealed`."""

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
    action: str = ""
    text: str | None = None
    concern: str = ""
    moderation: str | None = None
    judgement_sealed: bool = False


class WorklistOut(OfMomentOut):
    """What waits for the caller, by due date."""

    items: list[WaitingOut]


class TeamWorkOut(OfMomentOut):
    """How much waits for a page of people; `next` is where the page after begins."""

    people: list[Load]
    next: int | None
