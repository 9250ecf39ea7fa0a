"""Whose views there are, or were."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_
from sqlalchemy.engine import Connection

from projections.core.base import present
from projections.views.tables import LIST_VIEWS, ListViewRow, list_view_row


def found_by(
    connection: Connection,
    person: str,
    roles: Collection[str],
    path: str = "",
    *,
    position: int | None = None,
) -> list[ListViewRow]:
    """The person's own views and those shared with one of the `roles`, by name; of one list, or of
    all."""
    table = list_view_row.c
    mine = or_(table.owner == person, table.role.in_(sorted(roles)))
    wanted = (mine, table.path == path) if path else (mine,)
    query = LIST_VIEWS.select(*wanted, position=position)
    return LIST_VIEWS.rows(connection, query.order_by(table.name_key, table.view))


def one(connection: Connection, view: str, *, position: int | None = None) -> ListViewRow | None:
    return LIST_VIEWS.one(connection, list_view_row.c.view == view, position=position)


def named(connection: Connection, person: str, path: str, name: str) -> str | None:
    """The person's own view of a list by its name, in large or small letters."""
    table = list_view_row.c
    conditions = table.owner == person, table.path == path, table.name_key == name.casefold()
    row = LIST_VIEWS.one(present(connection), *conditions, position=None)
    return row and row.view
