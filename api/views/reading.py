"""Named views as one reader finds them: their own, and those shared with a role they hold."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from projections.views import queries
from projections.views.tables import ListViewRow
from qa.authorisation.policy import can
from qa.core.errors import NotFound
from qa.core.words import Actor


def views(
    connection: Connection, actor: Actor, path: str = "", *, position: int | None = None
) -> Sequence[ListViewRow]:
    """The views that the reader finds, by name: of one list, or of all; those of then by the roles
    they hold now."""
    return queries.found_by(connection, actor.person, _roles(actor), path, position=position)


def _roles(actor: Actor) -> set[str]:
    return {grant.role.value for grant in actor.grants}


def view(
    connection: Connection, actor: Actor, view: str, *, position: int | None = None
) -> ListViewRow:
    """Raises `NotFound` for a view that is none, or that this reader does not find."""
    row = queries.one(connection, view, position=position)
    if row is None or (row.owner != actor.person and row.role not in _roles(actor)):
        raise NotFound("There is no such view.")
    return row


def may_remove(actor: Actor, row: ListViewRow) -> bool:
    return row.owner == actor.person or bool(row.role and can(actor, "share-view").allowed)
