"""What the API answers about actions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.json.query import QueryModel
from projections.actions.queries import ActionFilter


class ActionOut(BaseModel):
    """An action as a list shows it; `text` is null where it opens on its own address alone."""

    action: str
    audit: str | None
    child: str | None
    raised_by: str
    source: str
    raised_on: date
    team: str
    service: str
    text: str | None
    kind: str
    domain: str | None
    owner: str
    evidence_asked: str | None
    follows: str | None
    next: str | None
    state: str
    first_due_on: date
    due_on: date
    moved: int
    accept_by: date | None
    check_by: date | None
    verify_from: date | None
    verify_by: date | None
    accepted_on: date | None
    claimed_on: date | None
    evidenced_on: date | None
    verified_on: date | None
    ended_on: date | None
    discuss_in_supervision: bool
    overdue: bool
    overdue_by_first_date: bool
    version: int


class ActionQuery(QueryModel):
    """What a list of actions is narrowed to. Empty means all that the caller may see."""

    owner: str = ""
    team: str = ""
    service: str = ""
    state: tuple[str, ...] = ()
    kind: str = ""
    raised_by: str = ""
    audit: str = ""
    overdue: Annotated[
        Literal["current", "first"] | None,
        Field(description="Only those past the date in force, or past their first date."),
    ] = None
    impact_due: Annotated[bool, Field(description="Only those whose impact can be checked.")] = (
        False
    )

    def filter(self, on: date) -> ActionFilter:
        """The same, as asked on a day."""
        plain = {k: v for k, v in self if k not in ("overdue", "impact_due")}
        return ActionFilter(
            **plain,
            late_on=on if self.overdue else None,
            late_by=self.overdue or "current",
            verifiable_on=on if self.impact_due else None,
        )


class ActionsOut(BaseModel):
    """The actions that the caller may see, the newest first; `next` asks for the page after."""

    as_at: date
    position: int
    actions: list[ActionOut]
    next: int | None


class FindingOut(BaseModel):
    """A further finding that the action answers."""

    audit: str
    reference: str
    domain: str | None


class ActionInFullOut(ActionOut):
    """An action with whoever helps, the evidence that will do, and the findings it answers."""

    contributors: list[str]
    evidence_kinds: list[str]
    findings: list[FindingOut]


class ActionStepOut(BaseModel):
    """One step; `fields` are those of its event."""

    type: str
    on: date
    by: str
    in_role: str
    reason: str
    fields: dict[str, Any]


class LinkOut(BaseModel):
    """One action of the chain, with its steps."""

    action: str
    state: str
    steps: list[ActionStepOut]


class OpenedActionOut(BaseModel):
    """One action and its chain; `closed_to_you` counts the links that the caller may not see."""

    as_at: date
    position: int
    action: ActionInFullOut
    chain: list[LinkOut]
    closed_to_you: int
    names: dict[str, str]
