"""Restrictions as one reader may see them: the one place that pages, API and histories ask.

Whoever may read the child's records sees the restriction, and so does whoever made it. To everybody
else there is nothing there; QA leads are told how many there are, and of which child none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from api.records.names import WithNames
from api.services import Services
from api.web import access_notes
from api.web.access_notes import Look
from projections.audits import child_queries, part_queries
from projections.audits.accesses import parts_of_child
from projections.people import queries as people_queries
from projections.restrictions import queries
from projections.restrictions.tables import RestrictionRow
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import NotFound
from qa.core.words import Actor, Resource
from qa.restrictions.events import restriction_stream

NONE_SUCH = "There is no such restriction."


@dataclass(frozen=True, slots=True)
class OpenedRestriction(WithNames):
    """A restriction with who is named, and who broke the glass until which day. `at_work` are those
    who have a part in an audit of the child, or an action, and may not read it."""

    row: RestrictionRow
    readers: Sequence[str]
    overridden: Sequence[tuple[str, date]]
    at_work: Sequence[str]
    may_change: bool


def _open_to(connection: Connection, actor: Actor, row: RestrictionRow) -> bool:
    return row.made_by == actor.person or (
        row.child_key not in actor.closed
        and any(can(actor, "break-glass", part).allowed for part in _parts(connection, row))
    )


def _parts(connection: Connection, row: RestrictionRow) -> list[Resource]:
    found = parts_of_child(connection, row.child)
    return [Resource(service=service, team=team) for service, team in found] or [Resource()]


def rows(
    connection: Connection, actor: Actor, *, position: int | None = None
) -> tuple[list[RestrictionRow], int]:
    """The restrictions that the reader may see, the latest first, and how many more there are.

    They are those that stood at `position`; who may see them is asked of the present.
    """
    all_rows = queries.rows(connection, position=position)
    found = [row for row in all_rows if _open_to(connection, actor, row)]
    return found, len(all_rows) - len(found)


def ever(connection: Connection, actor: Actor, restriction: str) -> RestrictionRow | None:
    """A restriction as it last stood, lifted or not, if this reader may know of it."""
    row = queries.ever(connection, restriction)
    return row if row is not None and _open_to(connection, actor, row) else None


def open_restriction(look: Look, restriction: str) -> OpenedRestriction:
    """One restriction for one reader, as it stood at a moment; who may see it is asked of the
    present.

    Raises:
        NotFound: no such restriction, or none that this reader may know of.
    """
    connection = look.connection
    position = look.at.position
    row = queries.one(connection, restriction, position=position)
    if row is None or not _open_to(connection, look.actor, row):
        raise NotFound(NONE_SUCH)
    named, overridden = queries.readers(connection, restriction, position=position)
    excluded = {*named, *(person for person, _ in overridden)}
    audits = child_queries.ids_of_child(connection, row.child, position=position)
    parts = part_queries.whose(connection, audits, position=position)
    people = {
        person
        for one in parts.values()
        for person in (one.auditor, one.moderator, one.decider)
        if person
    }
    at_work = sorted(people - excluded)
    return OpenedRestriction(
        row=row,
        readers=named,
        overridden=overridden,
        at_work=at_work,
        may_change=not look.at.is_past
        and all(
            can(look.actor, "restrict-record", part).allowed for part in _parts(connection, row)
        ),
        names=people_queries.names(
            connection, {row.made_by, *at_work, *excluded}, position=position
        ),
    )


def require_leads(actor: Actor) -> None:
    """Raises `Forbidden` for whoever restricts nothing anywhere and breaks no glass."""
    require(actor, "break-glass", Resource(somewhere=True))


def note_glass(services: Services, actor: Actor, restriction: str) -> None:
    """Write down that this reader broke the glass."""
    access_notes.note(
        services, actor, What.VIEW, restriction_stream(restriction), detail="broke the glass"
    )
