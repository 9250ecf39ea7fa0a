"""Which texts of audits a search may find."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, or_

from projections.audits.tables import audit_row
from projections.audits.visible_queries import visible
from projections.core.base import as_at
from projections.core.full_text import RowCondition, SearchedRow
from qa.core.one_of import one_of
from qa.core.words import Reach


def findable(
    row: SearchedRow, reach: Reach, hidden: Collection[str], position: int | None
) -> RowCondition:
    """The texts that a search may find: of a `hidden` audit, what it goes by and no more."""
    audit = audit_row.c.audit
    shown = or_(row.is_name, ~one_of(audit, hidden))
    return exists().where(audit == row.record, as_at(audit_row, position), visible(reach), shown)
