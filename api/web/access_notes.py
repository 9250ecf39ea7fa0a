"""Who looks at records, and at which moment: one value for pages, the API and the worklist; and the
line that it leaves in the access log, whichever way it came in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from api.gate.access_middleware import CURRENT, role_of
from api.services import Services
from api.web import purposes
from api.web.moments import AsAt
from qa.core.access import What
from qa.core.words import Actor
from qa.security import access_log


@dataclass(frozen=True, slots=True)
class Look:
    """Whoever reads, through which connection, and as known and true when."""

    connection: Connection
    actor: Actor
    at: AsAt


@dataclass(frozen=True, slots=True)
class ServedLook(Look):
    """A look with what serves it, so that it can leave its line in the access log."""

    services: Services

    def note(
        self,
        subject: str,
        detail: str = "",
        *,
        what: What = What.VIEW,
        role: str = "",
    ) -> None:
        """Leave a line in the access log: that this was looked at, or taken out.

        Raises:
            PurposeMissing: files are asked what they are for, and this one was not said.
        """
        note(self.services, self.actor, what, subject, detail=detail, at=self.at, role=role)


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
    purpose = f"export:{subject}" if what is What.EXPORT else ""
    note_each(services, actor, what, [subject], purpose, detail=detail, at=at, role=role)


def note_each(
    services: Services,
    actor: Actor,
    what: What,
    subjects: Iterable[str],
    asked_as: str,
    *,
    detail: str,
    at: AsAt | None,
    role: str,
) -> None:
    """Write a line for each subject in one transaction. What they are for is asked once, and kept
    in the session under `asked_as`; it is not asked where that is empty.

    Raises:
        PurposeMissing: it was asked, and not said.
    """
    visit = CURRENT.get()
    with services.store.writing() as connection:
        if asked_as:
            purposes.ask(services, connection, ("export",), asked_as)
        lines = [
            access_log.AccessLine(
                person=actor.person,
                in_role=role or role_of(actor),
                what=what,
                subject=subject,
                detail=detail,
                purpose=None if visit is None else visit.purpose,
                address_hash=None if visit is None else visit.address_hash,
                position=None if at is None else at.shown,
            )
            for subject in subjects
        ]
        access_log.note(connection, services.clock, *lines)
    if visit is not None:
        visit.noted = True
