"""The register of published reports, with what was said beside each and how it was restated."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.publishing.tables import (
    PUBLISHED,
    SAID,
    PublishedRow,
    RemarkRow,
    published_row,
    published_said,
)


def register(
    connection: Connection,
    *,
    position: int | None = None,
    before: int | None = None,
    limit: int = 20,
) -> list[PublishedRow]:
    """Published reports, the latest first, published before the instant `before` (microseconds)."""
    query = PUBLISHED.select(position=position)
    if before is not None:
        query = query.where(published_row.c.published_us < before)
    ordered = query.order_by(published_row.c.published_us.desc(), published_row.c.published)
    return PUBLISHED.rows(connection, ordered.limit(limit))


def report(
    connection: Connection, published: str, *, position: int | None = None
) -> PublishedRow | None:
    """One published report, or None."""
    return PUBLISHED.one(connection, published_row.c.published == published, position=position)


def restatements(
    connection: Connection, after_us: int, before_us: int, *, position: int | None = None
) -> list[tuple[RemarkRow, str]]:
    """Every restatement told from one instant to before another, the earliest first, with the
    title of its report."""
    query = (
        SAID.select(
            published_said.c.kind == "restatement",
            published_said.c.recorded_us >= after_us,
            published_said.c.recorded_us < before_us,
            as_at(published_row, position),
            position=position,
        )
        .add_columns(published_row.c.title)
        .join(published_row, published_row.c.published == published_said.c.published)
        .order_by(published_said.c.position, published_said.c.line)
    )
    return [(RemarkRow(*row), title) for *row, title in connection.execute(query)]


def remarks(
    connection: Connection, published: str, *, position: int | None = None
) -> list[tuple[RemarkRow, int, int]]:
    """Commentaries and restatements of a report, the earliest first, each with its position in the
    log and its line there."""
    place = (published_said.c.position, published_said.c.line)
    query = SAID.select(published_said.c.published == published, position=position)
    found = connection.execute(query.add_columns(*place).order_by(*place))
    return [(RemarkRow(*row), at, line) for *row, at, line in found]
