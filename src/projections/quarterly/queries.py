"""Quarterly reports as they stand, each with its sections in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from projections.quarterly.tables import (
    COMMENTARIES,
    QUARTERLY,
    SECTIONS,
    QuarterlyCommentaryRow,
    QuarterlyRow,
    QuarterlySectionRow,
    quarterly_commentary,
    quarterly_row,
    quarterly_section,
)


@dataclass(frozen=True, slots=True)
class QuarterlyRecord:
    """A quarterly report with its sections, and what is written beside each."""

    row: QuarterlyRow
    sections: Sequence[QuarterlySectionRow]
    commentaries: Mapping[str, Sequence[QuarterlyCommentaryRow]]

    @property
    def people(self) -> frozenset[str]:
        """Whoever wrote, writes or reviews."""
        written = (one.by for each in self.commentaries.values() for one in each)
        named = (self.row.author, self.row.reviewer, *(one.writer for one in self.sections))
        return frozenset(one for one in (*written, *named) if one)


def reports(connection: Connection, *, position: int | None = None) -> list[QuarterlyRow]:
    """The quarterly reports, the last begun first."""
    query = QUARTERLY.select(position=position)
    ordered = query.order_by(quarterly_row.c.begun_us.desc(), quarterly_row.c.report)
    return QUARTERLY.rows(connection, ordered)


def one(
    connection: Connection, report: str, *, position: int | None = None
) -> QuarterlyRecord | None:
    """One quarterly report, or None."""
    row = QUARTERLY.one(connection, quarterly_row.c.report == report, position=position)
    if row is None:
        return None
    place = {section: at for at, section in enumerate(row.order)}
    found = SECTIONS.rows(
        connection, SECTIONS.select(quarterly_section.c.report == report, position=position)
    )
    query = COMMENTARIES.select(quarterly_commentary.c.report == report, position=position)
    written: dict[str, list[QuarterlyCommentaryRow]] = {}
    order = (quarterly_commentary.c.written_us, quarterly_commentary.c.by)
    for one in COMMENTARIES.rows(connection, query.order_by(*order)):
        written.setdefault(one.section, []).append(one)
    return QuarterlyRecord(row, sorted(found, key=lambda one: place[one.section]), written)
