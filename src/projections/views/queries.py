"""Whose views there are. They are asked of the present: a view is a way to a list, not a record."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_
from sqlalchemy.engine import Connection

from projections.core.base import present
from projections.views.tables import LIST_VIEWS, ListViewRow, list_view_row


def found_by(
    connection: Connection, person: str, roles: Collection[str], path: str = ""
) -> list[ListViewRow]:
    """The person's own views and those shared with one of the `roles`, by name; of one list, or of
    all."""
    table = list_view_row.c
    mine = or_(table.owner == person, table.role.in_(sorted(roles)))
    wanted = (mine, table.path == path) if path else (mine,)
    query = LIST_VIEWS.select(*wanted, position=None).order_by(table.name_key, table.view)
    return LIST_VIEWS.rows(present(connection), query)


def one(connection: Connection, view: str) -> ListViewRow | None:
    return LIST_VIEWS.one(present(connection), list_view_row.c.view == view, position=None)


def named(connection: Connection, person: str, path: str, name: str) -> str | None:
    """The person's own view of a list by its name, in large or small letters."""
    table = list_view_row.c
    asked = table.owner == person, table.path == path, table.name_key == name.casefold()
    row = LIST_VIEWS.one(present(connection), *asked, position=None)
    return row and row.view
