"""A person's notices: what they were told, with the way there, and marking it as read."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.navigation import NavigationItem, NavigationSection
from api.notifications import reading as notification_reading
from api.services import Services
from api.web.context import Reader
from api.web.csrf import Posted
from api.web.forms import text
from api.web.paging import Page, pagination
from qa.authorisation.policy import can
from qa.core.words import Actor

router = APIRouter(prefix="/notices")


def _unread(request: Request, actor: Actor) -> int:
    services: Services = request.app.state.services
    with services.store.reading() as connection:
        return notification_reading.unread(connection, actor)


NAVIGATION = NavigationItem("Notices", "/notices", 20, NavigationSection.HOME, count=_unread)

PAGE = 25


@router.get("")
def show_notices(reading: Reader) -> Response:
    """The newest first, 25 a page."""
    given = reading.request.query_params.get("after", "")
    before = int(given) if given.isdecimal() and len(given) < 19 else None
    with reading.services.store.reading() as connection:
        found = notification_reading.of(connection, reading.actor, before=before, limit=PAGE + 1)
        unread = notification_reading.unread(connection, reading.actor)
    shown = found[:PAGE]
    more = str(shown[-1].id) if len(found) > PAGE else None
    return reading.page(
        "notifications/notices.html",
        title="Notices",
        as_at=None,
        notices=shown,
        unread=unread,
        newest=shown[0].id if shown else 0,
        pages=pagination(Page(shown, next=more), "/notices", {}),
        policy=can(reading.actor, "read-tool").allowed,
    )


@router.post("/read")
def mark_read(reading: Reader, form: Posted) -> Response:
    """Mark one as read, or all that the page showed and those before."""
    numbers = {name: _number(text(form, name)) for name in ("upto", "only")}
    if any(number is not None for number in numbers.values()):
        notification_reading.mark_read(reading.services, reading.actor, **numbers)
    return RedirectResponse("/notices", status_code=303)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 19 else None
