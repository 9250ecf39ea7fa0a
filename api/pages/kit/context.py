"""What a page about records works with: the reader, one snapshot, and the moment it is shown at.

The moment travels as ``?as_at=`` (a London day) through every link of the page, and its words are
on the page in every case, so that nobody takes a past picture for the present.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request
from sqlalchemy.engine import Connection
from starlette.responses import HTMLResponse

from api.deps import SomeoneSignedIn
from api.pages.kit.forms import Errors
from api.pages.kit.templates import day, render
from api.services import AsAt, Services, as_at
from qa import policy
from qa.clock import civil_day
from qa.commands.desk import Desk
from qa.errors import Fault, Refused
from qa.words import Actor, Reach


@dataclass(frozen=True, slots=True)
class Reading:
    """One request of a signed-in reader. `wrong` holds what is wrong with the date asked for."""

    request: Request
    services: Services
    connection: Connection
    actor: Actor
    at: AsAt
    wrong: Errors = field(default_factory=Errors)

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
        """The query that keeps the moment in a link; empty for now."""
        return {"as_at": self.at.day.isoformat()} if self.at.is_past else {}

    def link(self, path: str, query: Mapping[str, Any] | None = None) -> str:
        """An address of this service at the same moment."""
        whole = {**{k: v for k, v in (query or {}).items() if v}, **self.moment}
        return f"{path}?{urlencode(whole, doseq=True)}" if whole else path

    @property
    def as_at_words(self) -> str:
        """The words of the strip above the page."""
        if self.at.is_past:
            return (
                f"As known at the end of {day(self.at.day)} (position {self.at.shown} of the log)."
            )
        return f"As known now, {day(self.at.day)} (position {self.at.shown} of the log)."

    def page(self, name: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
        """Render a page with the moment, `link` and `today` at hand."""
        shown: dict[str, Any] = {
            "errors": self.wrong,
            "as_at": self.as_at_words,
            "at": self.at,
            "link": self.link,
            "today": self.today,
            "reader": self.actor,
        }
        return render(
            self.request, name, status=422 if self.wrong else status, **{**shown, **context}
        )


def day_typed(text: str, *, field: str) -> date | None:
    """A day as 2026-03-31 or 31/3/2026; None for nothing.

    Raises:
        Refused: anything else, at `field`.
    """
    typed = text.strip()
    if not typed:
        return None
    british = re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", typed)
    try:
        if british:
            of_month, month, year = map(int, british.groups())
            return date(year, month, of_month)
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused(
            "Enter a real date, like 31/3/2026.", field=field, code="date-impossible"
        ) from None


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Served = Annotated[Services, Depends(_services)]


def _snapshot(services: Served) -> Iterator[Connection]:
    with services.store.reading() as connection:
        yield connection


def _reading(
    request: Request,
    signed: SomeoneSignedIn,
    services: Served,
    connection: Annotated[Connection, Depends(_snapshot)],
) -> Reading:
    typed = request.query_params.get("as_at", "")
    wrong = Errors()
    try:
        at = as_at(services.store, connection, day_typed(typed, field="as_at"))
        if at.day == civil_day(services.clock.now()):
            at = as_at(services.store, connection)
    except Refused as refused:
        at = as_at(services.store, connection)
        faults = [Fault("as_at", f.code, f.sentence) for f in refused.faults]
        wrong = Errors(faults)
    return Reading(request, services, connection, signed.actor, at, wrong)


Reader = Annotated[Reading, Depends(_reading)]
"""For the signature of every route that shows records."""
