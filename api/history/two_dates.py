"""The two moments of a comparison and the days that its figures are counted over, as an address or
a command line asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from annotated_types import Ge
from typing_extensions import Doc

Place = tuple[date | None, int | None, date | None]
"""A day or a position that something is known at, and a day that it is true on."""


@dataclass(frozen=True, slots=True)
class TwoDates:
    """`to` is now if left out."""

    from_as_at: Annotated[date | None, Doc("As recorded up to this day.")] = None
    from_position: Annotated[int | None, Doc("As recorded up to this entry of the log."), Ge(0)] = (
        None
    )
    from_true_on: Annotated[date | None, Doc("As it was on this day.")] = None
    to_as_at: Annotated[date | None, Doc("Compare with this day. Now if left out.")] = None
    to_position: Annotated[int | None, Doc("Compare with this entry of the log."), Ge(0)] = None
    to_true_on: Annotated[date | None, Doc("As it was on this day.")] = None
    first: Annotated[date | None, Doc("Count figures from this day.")] = None
    last: Annotated[date | None, Doc("Count figures up to this day.")] = None
    since_meeting: Annotated[
        str, Doc("With what the last meeting of the board of this plan saw: its id or title.")
    ] = ""
    since_report: Annotated[str, Doc("With what this published report shows, by its id.")] = ""
    team: Annotated[str, Doc("Only records of this team: its code or name.")] = ""
    show: Annotated[str, Doc("Only records, or only figures.")] = ""

    @property
    def before(self) -> Place:
        return self.from_as_at, self.from_position, self.from_true_on

    @property
    def after(self) -> Place:
        return self.to_as_at, self.to_position, self.to_true_on
