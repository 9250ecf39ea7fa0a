"""The service navigation: what each reader may go to, from the same policy table as the pages."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from api.notifications import reading
from api.services import Services
from qa.authorisation.policy import can
from qa.core.words import Actor, Resource

NOTICES = "/notices"
_ITEMS = (
    ("Your work", "/", None),
    ("Notices", NOTICES, None),
    ("Your room", "/room", "ask-in-inspection"),
    ("Your cases", "/own-audits", "read-own-cases"),
    ("Audits", "/audits", "read-report"),
    ("Actions", "/actions", "read-action"),
    ("Supervision", "/supervision", "read-supervision"),
    ("Concerns", "/safeguarding", "read-concern"),
    ("Follow-ups", "/follow-ups", "read-report"),
    ("Moderations", "/moderations", "assign-moderation"),
    ("Reports", "/reports", "read-report"),
    ("Plans", "/plans", "read-plan"),
    ("Indicators", "/indicators", "read-indicators"),
    ("Learning", "/learning", "read-learning"),
    ("Compare dates", "/compare", "read-report"),
    ("Search", "/search", "search"),
    ("Tools", "/tools", "read-tool"),
    ("Imports", "/imports", "import"),
    ("People", "/people", "read-people"),
    ("Access log", "/access-log", "read-access-log"),
    ("Packs", "/packs", "make-pack"),
    ("Ledger", "/ledger", "read-ledger"),
    ("Inspections", "/inspections", "run-inspection"),
)


def _with_count(request: Request, actor: Actor) -> str:
    services: Services = request.app.state.services
    with services.store.reading() as connection:
        unread = reading.unread(connection, actor)
    return f"Notices ({unread})" if unread else "Notices"


def navigation(request: Request) -> list[dict[str, Any]]:
    """The items for whoever is signed in; none for a visitor."""
    signed = getattr(request.state, "signed_in", None)
    if signed is None or not isinstance(signed.actor, Actor):
        return []
    path, own = request.url.path, Resource(person=signed.actor.person)
    return [
        {
            "text": _with_count(request, signed.actor) if href == NOTICES else text,
            "href": href,
            "current": path == href or (href != "/" and path.startswith(href)),
        }
        for text, href, verb in _ITEMS
        if verb is None or can(signed.actor, verb, own).allowed
    ]
