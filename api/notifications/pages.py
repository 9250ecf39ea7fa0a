"""A person's notices: what they were told, with the way there, and marking it as read."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.lists.files import list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.notifications import reading as notification_reading
from api.notifications.listing import notice_list
from api.services import Services
from api.web.context import PresentReader, Reader
from api.web.csrf import Posted
from api.web.forms import text
from api.web.late_routes import PageRouter
from qa.authorisation.policy import can
from qa.core.words import Actor

router = PageRouter(prefix="/notices")


def _unread(request: Request, actor: Actor) -> int:
    services: Services = request.app.state.services
    with services.store.reading() as connection:
        return notification_reading.unread(connection, actor)


NAVIGATION = NavigationItem("Notices", "/notices", 20, NavigationSection.HOME, count=_unread)


@router.get("")
def show_notices(reading: PresentReader) -> Response:
    """The reader's notices, the newest first."""
    shown = notice_list(reading)
    unread = sum(one.read is None for one in shown.rows)
    links = []
    if can(reading.actor, "read-tool").allowed:
        links = [
            ("When reminders are sent, and to whom", "/reminder-policy"),
            ("Working days", "/working-days"),
        ]
    return list_page(
        reading,
        shown,
        "notifications/notices.html",
        as_at=None,
        intro=f"{unread} unread. Notices hold references and links only; what they lead to opens "
        "as it does everywhere.",
        links=links,
        unread=unread,
        newest=shown.rows[0].id if shown.rows else 0,
    )


list_files(router, "", notice_list)


@router.post("/read")
def mark_read(reading: Reader, form: Posted) -> Response:
    """Mark one as read, or all that the page showed and those before."""
    numbers = {name: _number(text(form, name)) for name in ("upto", "only")}
    if any(number is not None for number in numbers.values()):
        notification_reading.mark_read(reading.services, reading.actor, **numbers)
    return RedirectResponse("/notices", status_code=303)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 19 else None
