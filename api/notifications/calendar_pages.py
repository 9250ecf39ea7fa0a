"""The calendar of a person's queue: its secret address on their account, and the feed itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import RedirectResponse, Response

from api.gate.current_actor import acting
from api.notifications.calendar import calendar
from api.people.sign_in import proven
from api.tasks.worklist import whole_queue
from api.web.access_notes import Look
from api.web.context import PresentReader, Reader, Reading, Served
from api.web.csrf import Posted
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.moments import present
from api.web.problems import as_refusal
from api.web.request import address_of, own_address
from qa.core.clock import civil_day
from qa.core.errors import NotFound, Refused
from qa.security.accounts import calendars

router = PageRouter()

AT_MOST = 200
"""Of each kind."""


@router.get("/account/calendar")
def show_calendar(reading: PresentReader) -> Response:
    return _page(reading)


def _page(reading: Reading, secret: str = "", errors: Errors | None = None) -> Response:
    with reading.services.store.reading() as connection:
        made = calendars.made(connection, reading.actor.person)
    base = own_address(reading.request)
    return reading.page(
        "notifications/calendar.html",
        status=422 if errors else 200,
        errors=errors or Errors(),
        title="Your calendar",
        back="/account",
        as_at=None,
        made=made,
        address=f"{base}/calendar/{secret}.ics" if secret else "",
    )


@router.post("/account/calendar")
def make_calendar(reading: Reader, form: Posted) -> Response:
    """Make an address for whoever gives their password again. It is shown this once and kept
    nowhere."""
    records, clock, person = reading.services.store, reading.services.clock, reading.actor.person
    try:
        proven(records, clock, person, str(form.get("current", "")), address_of(reading.request))
    except Refused as refused:
        return as_refusal(_page(reading, errors=Errors.of(refused, ("current",))), refused)
    with records.writing() as connection:
        secret = calendars.make(connection, clock, person)
    return _page(reading, secret)


@router.post("/account/calendar/revoke")
def revoke_calendar(reading: Reader, form: Posted) -> Response:
    with reading.services.store.writing() as connection:
        calendars.revoke(connection, reading.actor.person)
    return RedirectResponse("/account/calendar", status_code=303)


@router.get("/calendar/{secret}.ics")
def feed(
    secret: Annotated[str, Path(max_length=100)], request: Request, services: Served
) -> Response:
    """The feed, for whoever holds its address. That is no sign-in: it opens nothing else."""
    now = services.clock.now()
    with services.store.reading() as connection:
        person = calendars.holder(connection, secret)
        actor = None if person is None else acting(connection, person, civil_day(now))
        if actor is None:
            raise NotFound("There is no page at this address.")
        at = present(services.store, connection, actor)
        found = whole_queue(Look(connection, actor, at), limit=AT_MOST)
        queue = [one for one in found if one.whose != "left"]
    written = calendar(queue, base=own_address(request), now=now)
    return Response(written, media_type="text/calendar; charset=utf-8")
