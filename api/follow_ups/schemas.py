"""What the API answers about follow-ups."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel

from api.json.moment_out import OfMomentOut
from api.json.row_out import RowOut
from projections.follow_ups.tables import FollowUpRow


class FollowUpStepOut(BaseModel):
    """What is owed next, and by when."""

    step: Literal["escalate", "plan", "actions", "re-audit"]
    by: date


class FollowUpOut(RowOut, row=FollowUpRow, without=("opened", "stream_version", "plan")):
    """A follow-up as lists show it."""

    actions: list[str]
    owed: FollowUpStepOut | None
    version: int
    overdue: bool


class FollowUpWithPlanOut(RowOut, row=FollowUpRow, without=("opened", "stream_version")):
    """A follow-up with the text of its plan."""

    actions: list[str]
    owed: FollowUpStepOut | None
    version: int


class FollowUpActionOut(BaseModel):
    """An action of the plan as it stands."""

    action: str
    text: str
    owner: str
    state: str
    due_on: str


class FollowUpsOut(OfMomentOut):
    """The follow-ups that the caller may see, the newest first."""

    follow_ups: list[FollowUpOut]


class OpenedFollowUpOut(OfMomentOut):
    """One follow-up, with the actions of its plan and the names of those it mentions."""

    follow_up: FollowUpWithPlanOut
    planned: list[FollowUpActionOut]
    names: dict[str, str]
