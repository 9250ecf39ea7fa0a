"""What is written by one, reviewed by another as it was known then, and given out: the rules that a
quarterly report and a self-evaluation share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa.core.errors import Fault, NotNow, refuse_any
from qa.publishing.events import PublishedLetterhead


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What was sent for review, to whom, as known where, and how it was made."""

    reviewer: str
    position: int
    as_at: date
    sha256: str
    rendering: int
    letterhead: PublishedLetterhead
    formulas: int = 1


def refuse_period(faults: Sequence[Fault], start: date, end: date) -> None:
    """Raise `Refused` with these faults of what is begun, and for a period that ends first."""
    backwards = Fault("end", "period-backwards", "The last day is before the first.")
    refuse_any([*faults, *([backwards] if end < start else [])])


def beyond_head(position: int, head: int) -> list[Fault]:
    """The fault of a position that the log has not reached."""
    if 0 < position <= head:
        return []
    return [Fault("position", "position-beyond-head", f"The last entry is number {head}.")]


def refuse_review(
    faults: Sequence[Fault], reviewer: str, position: int, *, by: str, head: int
) -> None:
    """Raise `Refused` with these faults of what is sent for review, and where somebody would review
    what they send."""
    own = Fault("reviewer", "reviewer-sends", "Somebody else reviews what you send.")
    refuse_any([*faults, *([own] if reviewer == by else []), *beyond_head(position, head)])


def some_have(number: int, thing: str, lack: str, code: str) -> None:
    """Raise `NotNow` where any do: "3 sections have no commentary yet."."""
    if number:
        have = f"1 {thing} has" if number == 1 else f"{number} {thing}s have"
        raise NotNow(f"{have} {lack}", code=code)
