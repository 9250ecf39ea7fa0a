"""When something is due, at the precision that was agreed: a day, a month, every quarter, ongoing.

A month is not its last day and "ongoing" is not a date far away: what was agreed is kept, and what
follows for lateness is asked of it (`last_day`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field, model_validator

from qa.core.clock import add_months
from qa.core.frozen import Frozen

DueKind = Literal["day", "month", "quarterly", "ongoing", "unknown"]


class Due(Frozen):
    """One due date. `on` is the day, or the first day of the month, that was agreed.

    `quarterly` and `ongoing` may have a first date but are never finally due. `unknown` keeps only
    what was written (`said`), for a date that does not exist or was lost.
    """

    kind: DueKind
    on: date | None = None
    said: str = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _date_fits_kind(self) -> Due:
        if self.kind in ("day", "month") and self.on is None:
            raise ValueError("a day or a month needs its date")
        if self.kind == "unknown" and self.on is not None:
            raise ValueError("an unknown date has none")
        if self.kind == "month" and self.on is not None and self.on.day != 1:
            raise ValueError("a month is kept as its first day")
        return self

    @property
    def last_day(self) -> date | None:
        """The last day on which it is not late; None where it never falls finally due."""
        if self.on is None or self.kind in ("quarterly", "ongoing"):
            return None
        if self.kind == "month":
            return add_months(self.on, 1) - timedelta(days=1)
        return self.on

    @property
    def label(self) -> str:
        """As a reader sees it: "31 March 2021", "March 2021", "quarterly from September 2016"."""
        if self.kind == "unknown" or self.on is None:
            return {"quarterly": "quarterly", "ongoing": "ongoing"}.get(self.kind, "date unknown")
        month = f"{self.on:%B} {self.on.year}"
        if self.kind == "day":
            return f"{self.on.day} {month}"
        return month if self.kind == "month" else f"{self.kind} from {month}"


class Stage(Frozen):
    """One dated step of an action that was agreed in stages. A `start` is no due date."""

    label: str = Field(default="", max_length=200)
    role: Literal["due", "start"] = "due"
    due: Due


def last_due(stages: tuple[Stage, ...]) -> Due | None:
    """The due date that decides whether an action is late: that of its last stage which has one.

    A stage that is quarterly or ongoing is never finally due, so neither is the action; one whose
    end is unknown leaves the action's own date unknown.
    """
    owed = [stage.due for stage in stages if stage.role == "due"]
    if not owed:
        return None
    never = [due for due in owed if due.last_day is None]
    if never:
        return never[-1]
    return max(owed, key=lambda due: due.last_day or date.min)
