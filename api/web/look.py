"""Who looks at records, and at which moment: one value for pages, the API and the worklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from api.services import Services
from api.web import access_notes
from api.web.moments import AsAt
from qa.core.access import What
from qa.core.words import Actor


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
        access_notes.note(
            self.services, self.actor, what, subject, detail=detail, at=self.at, role=role
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What was opened, with what the people in it are called."""

    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, person: str | None) -> str:
        return "" if person is None else self.names.get(person, person)
