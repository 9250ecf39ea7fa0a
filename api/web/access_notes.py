"""The line that a reading leaves in the access log, whichever way it came in."""

from __future__ import annotations

from api.gate.access_middleware import CURRENT, role_of
from api.services import Services
from api.web import purposes
from api.web.moments import AsAt
from qa.core.access import What
from qa.core.words import Actor
from qa.security import access_log


def note(
    services: Services,
    actor: Actor,
    what: What,
    subject: str,
    *,
    detail: str = "",
    at: AsAt | None = None,
    role: str = "",
) -> None:
    """Write a line in the access log, in a transaction of its own.

    Raises:
        PurposeMissing: files are asked what they are for, and this one was not said.
    """
    visit = CURRENT.get()
    with services.store.writing() as connection:
        if what is What.EXPORT:
            purposes.ask(services, connection, ("export",), f"export:{subject}")
        access_log.note(
            connection,
            services.clock,
            access_log.AccessLine(
                person=actor.person,
                in_role=role or role_of(actor),
                what=what,
                subject=subject,
                detail=detail,
                purpose=None if visit is None else visit.purpose,
                address_hash=None if visit is None else visit.address_hash,
                position=None if at is None else at.shown,
            ),
        )
    if visit is not None:
        visit.noted = True
