"""One thing that waits for somebody, as every area of work tells of it.

An area (audits, actions, …) contributes one function `Area` that answers an `Ask` with the things
that wait in it; `api.tasks.worklist` joins them into one queue. What waits is always a question
about where records stand, never a stored to-do. A capability tells the home page its numbers in a
function ``HOME`` beside its ``AREA``, or in its ``home`` where nothing waits in it; the list behind
a number holds exactly as many as it says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from sqlalchemy.engine import Connection

from api.charts.drawing import Chart
from api.web.access_notes import Look
from api.web.context import Reading
from qa.core.words import Resource
from qa.outbox.notices import Notice

Whose = Literal["own", "shared", "leads", "left"]
"""``own``: this person answers for it by name. ``shared``: whoever of those who may comes first.
``leads``: nobody is named yet, and it waits for the QA leads of its part of the council. ``left``:
whoever answers for it has left, and it waits for whoever oversees them to hand it over."""


@dataclass(frozen=True, slots=True)
class Ask(Look):
    """Whose queue is asked for, and as known when. `limit` is the most of each kind."""

    limit: int = 50

    @property
    def day(self) -> date:
        return self.at.on


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits.

    `thing` names the record by its stream (``action:<id>``), `href` is where it is done ("" where
    that is closed to the reader), and `audit` is the id of the audit that it stands on or "". What
    stands on none may be for the readers of one alone, which is then `known_with`. `team` is a
    team's code. `details` holds what the API tells of this area beside the rest, and never goes
    into a notice. `deputised` says that a deputy may do it. `hand_over` is where it is given to
    somebody else, by whoever may do `hand_over_needs`, a verb to a record; `in_bulk` says that it
    can go with other work. `person` and `person_name`
    are whose work it is, where that is not the reader.
    """

    kind: str
    title: str
    thing: str
    href: str
    whose: Whose = "own"
    audit: str = ""
    known_with: str = ""
    reference: str = ""
    child: str = ""
    team: str = ""
    team_name: str = ""
    due_on: date | None = None
    opened: int = 0
    deputised: bool = False
    hand_over: str = ""
    hand_over_needs: tuple[str, Resource] | None = None
    in_bulk: bool = False
    person: str = ""
    person_name: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def closed(self) -> Task:
        """The same for whom the record is closed to: that it waits, and until when."""
        return replace(self, thing="", href="", audit="", known_with="", reference="", child="")

    def overdue(self, day: date) -> bool:
        return self.due_on is not None and self.due_on < day


Area = Callable[[Ask], Iterable[Task]]
Holders = Callable[[Connection, Collection[str], int | None], set[str]]
"""Of these people, at least those for whom something waits in an area as known at a position: asked
first, because few of all who ever left still hold anything."""


def iso_day(text: str | None) -> date | None:
    """A date as read rows hold it."""
    return None if text is None else date.fromisoformat(text)


MOST_NUMBERS = 6


@dataclass(frozen=True, slots=True)
class HomeNumber:
    """One number. `place` is where it stands among the others, from 0 to 99; only the first six
    that a reader has are shown. `alert` marks a number that should be nothing."""

    place: int
    label: str
    meaning: str
    count: int
    href: str
    alert: bool = False


HomeNumbers = Callable[[Ask], Iterable[HomeNumber]]
HomeNews = Callable[[Reading, int], Sequence[Notice]]
"""What is new for a reader, the newest first and at most so many: ``HOME_NEWS`` in ``home``."""
HomeChart = Callable[[Reading], Chart | None]
"""The one chart of a home page: ``HOME_CHART`` in the capability's ``home``; None where its reader
may not see it, or where there is nothing to draw yet."""
