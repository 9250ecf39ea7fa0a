"""Which texts of people a search may find."""

from __future__ import annotations

from sqlalchemy import exists

from projections.core.base import as_at
from projections.core.full_text import RowCondition, SearchedRow
from projections.people.tables import person_row


def findable(row: SearchedRow, position: int | None) -> RowCondition:
    """The texts that a search may find: of everybody but names that only files know."""
    return exists().where(
        person_row.c.person == row.record,
        person_row.c.known_only_from_file == 0,
        as_at(person_row, position),
    )
