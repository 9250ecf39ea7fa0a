"""What a page about records works with: the reader, one snapshot, and the moment it is shown at.

The moment travels through every link of the page as it was asked for (see `api.web.moments`). Its
words and the control that changes it are on the page in every case, so that nobody takes a past
picture for the present.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request
from starlette.responses import Response

from api.services import Services
from api.web import freshness
from api.web.access_notes import ServedLook
from api.web.forms import Errors
from api.web.moments import (
    FIELDS,
    WITH_DAY,
    AsAt,
    as_at,
    day_typed,
    looking,
    moment_typed,
    on_day,
    present,
    present_only_fault,
)
from api.web.request import SomeoneSignedIn
from api.web.template_engine import render
from projections.core.health import Health
from qa.authorisation import policy
from qa.authorisation.context import Desk
from qa.core.capabilities import declared
from qa.core.clock import civil_day
from qa.core.dates_in_words import day
from qa.core.errors import Refused
from qa.core.words import Reach


def moment_words(at: AsAt) -> str:
    """A moment in words."""
    if not at.is_fixed:
        known = f"recorded today, {day(at.day)} (entry {at.shown:,} of the log)."
    elif at.by_position:
        own = "" if at.own_day is None else f", counted as on {day(at.own_day)}"
        known = f"recorded up to entry {at.shown:,} of the log, {day(at.known_day)}{own}."
    else:
        known = f"recorded up to the end of {day(at.day)} (entry {at.shown:,} of the log)."
    return f"As {known}" if at.true_on is None else f"As it was on {day(at.true_on)}, as {known}"


@dataclass(frozen=True, slots=True)
class PagePart:
    """What a capability adds to the page of another's record: `make` answers what the template
    `page` shows under `name`. A capability names its own under ``PARTS`` in its ``page_parts``.

    `make` is called with the reading and with the record as the page opened it.
    """

    page: str
    name: str
    make: Callable[[Reading, Any], Any]


@dataclass(frozen=True, slots=True)
class Reading(ServedLook):
    """One request of a signed-in reader. `wrong` holds what is wrong with the date asked for,
    and `behind` the read models that do not hold every event up to it."""

    request: Request
    wrong: Errors = field(default_factory=Errors)
    behind: Sequence[Health] = ()

    @property
    def desk(self) -> Desk:
        return self.services.desk

    @property
    def reach(self) -> Reach:
        return policy.reach(self.actor)

    @property
    def today(self) -> date:
        return civil_day(self.services.clock.now())

    @property
    def moment(self) -> dict[str, str]:
        """The query that keeps the moment in a link; empty for now. A pin need not be asked for."""
        return replace(self.at, position=self.at.own_position(self.actor.pin)).query

    def link(self, path: str, query: Mapping[str, Any] | None = None) -> str:
        """An address of this service at the same moment."""
        whole = {**{k: v for k, v in (query or {}).items() if v}, **self.moment}
        return f"{path}?{urlencode(whole, doseq=True)}" if whole else path

    @property
    def as_at_words(self) -> str:
        """The words of the strip above the page."""
        return moment_words(self.at)

    @property
    def _is_past(self) -> bool:
        """Whether the page shows another moment than now: the end of the log by its number is
        now."""
        at = self.at
        return at.is_past and not (at.by_position and at.shown == at.head and at.true_on is None)

    def _dates(self) -> dict[str, Any]:
        """What the date control of the page needs: where it leads and what it keeps."""
        given = self.request.query_params
        kept = {
            name: given.getlist(name)
            for name in given
            if name not in (*WITH_DAY, "before", "after", "done")
        }
        return {
            "action": self.request.url.path,
            "kept": kept,
            "errors": self.wrong,
            "past": self.actor.pin is not None or self._is_past or bool(self.wrong),
            "moved": bool(self.moment),
            "as_at": given.get("as_at", ""),
            "true_on": given.get("true_on", ""),
            "now": f"?{urlencode(kept, doseq=True)}" if kept else self.request.url.path,
        }

    def _learnt(self, context: Mapping[str, Any]) -> str:
        """Where it is told what was learnt later, of the page's record if it has one."""
        if self.at.true_on is None or self.request.url.path == "/learnt-later":
            return ""
        return self.link("/learnt-later", {"record": context.get("record_name", "")})

    def notice(self, words: Mapping[str, Any]) -> str:
        """What was just done, in `words` by its name: words themselves, or a form that has them."""
        done = words.get(self.request.query_params.get("done", ""), "")
        return done if isinstance(done, str) else str(done.done)

    def parts(self, page: str, record: Any, *only: str) -> dict[str, Any]:
        """What other capabilities add to this page of a record, by name: all, or `only` these."""
        found = declared("api", "page_parts", "PARTS", PagePart)
        return {
            part.name: part.make(self, record)
            for part in found
            if part.page == page and (not only or part.name in only)
        }

    def page(self, name: str, /, *, status: int = 200, **context: Any) -> Response:
        """Render a page with the moment, `link` and `today` at hand.

        A page that has nothing to do with dates passes `as_at=None`.
        """
        shown: dict[str, Any] = {
            "errors": self.wrong,
            "as_at": self.as_at_words,
            "at": self.at,
            "dates": self._dates(),
            "moment": self.moment,
            "learnt": self._learnt(context),
            "link": self.link,
            "today": self.today,
            "behind": self.behind,
            "reader": self.actor,
        }
        return render(
            self.request, name, status=422 if self.wrong else status, **{**shown, **context}
        )


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Served = Annotated[Services, Depends(_services)]


def make_reading(request: Request, signed: SomeoneSignedIn, services: Served) -> Iterator[Reading]:
    store, pin = services.store, signed.actor.pin
    wrong = Errors()
    with store.reading() as connection:
        try:
            at = moment_typed(store, connection, request.query_params, pin=pin)
        except Refused as refused:
            at = as_at(store, connection, pin=pin)
            # The control has no box for a position: what is wrong with one is said at the date.
            wrong = Errors(
                [replace(f, field="as_at" if f.field == "position" else f.field)
                 for f in refused.faults]
            )  # fmt: skip
        late = freshness.behind(services, connection, at)
        with looking(services, connection, at) as shown:
            yield Reading(shown, signed.actor, at, services, request, wrong, late)


Reader = Annotated[Reading, Depends(make_reading)]
"""For the signature of every route that shows records."""


def _day_reading(reading: Reader) -> Reading:
    day = day_typed(reading.request.query_params.get("on", ""), field="on")
    if day is None or reading.wrong:
        return reading
    latest = present(reading.services.store, reading.connection, reading.actor).day
    return replace(reading, at=on_day(reading.at, day, latest))


DayReader = Annotated[Reading, Depends(_day_reading)]
"""For a report or a figure of one, whose numbers move with the day: of an entry of the log it is
read as on the day that the address says beside it."""


def present_only(request: Request) -> None:
    """Raises Refused where another moment is asked for."""
    given = request.query_params
    faults = [present_only_fault(name) for name in FIELDS if given.get(name, "").strip()]
    if faults:
        raise Refused(faults, code=faults[0].code)


def _present_reading(reading: Reader, _refused: Annotated[None, Depends(present_only)]) -> Reading:
    return reading


PresentReader = Annotated[Reading, Depends(_present_reading)]
"""For a route that tells of the present alone, such as a form: another moment is refused."""
