"""What each event changes in the read rows of publishing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.core.base import Amend, JournalRow, Put, RowChange, as_at
from projections.publishing.tables import published_row, published_said
from qa.core.clock import from_microseconds, microseconds
from qa.core.fact import Recorded
from qa.publishing import events


class Published:
    """Projects the facts of published reports."""

    name = "published"
    version = 1
    tables = (published_row, published_said)
    by_stream = True
    handles = (
        events.ReportPublished,
        events.ReportCommented,
        events.ReportRestated,
        events.ReportWithdrawn,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[RowChange]:
        published, fact = recorded.stream.partition(":")[2], recorded.fact
        version = {"stream_version": recorded.version}
        match fact:
            case events.ReportPublished():
                row = {
                    **version,
                    "published": published,
                    "title": fact.title,
                    "asked": fact.asked.model_dump_json(),
                    "position": fact.position,
                    "as_at": fact.as_at.isoformat(),
                    "sha256": fact.sha256,
                    "by": recorded.meta.by,
                    "published_us": microseconds(recorded.recorded_at),
                    "told_at": fact.position,
                }
                said = _said(recorded, "commentary", fact.commentary)
                return [Put(published_row, row), *(said if fact.commentary else ())]
            case events.ReportCommented():
                said = _said(recorded, "commentary", fact.commentary)
            case events.ReportRestated():
                version["told_at"] = fact.upto
                said = _said(recorded, "restatement", fact.note, fact.upto, fact.figures)
            case events.ReportWithdrawn():
                values = {**version, "withdrawn_because": recorded.meta.reason}
                return [Amend(published_row, (published,), values)]
            case _:
                return ()
        return [*said, Amend(published_row, (published,), version)]


def _said(
    recorded: Recorded[Any],
    kind: str,
    said: str,
    upto: int | None = None,
    figures: int | None = None,
) -> list[RowChange]:
    row = {
        "published": recorded.stream.partition(":")[2],
        "kind": kind,
        "said": said,
        "upto": upto,
        "figures": figures,
        "by": recorded.meta.by,
        "recorded_us": microseconds(recorded.recorded_at),
    }
    return [JournalRow(published_said, row)]


def said(
    connection: Connection, published: str, *, position: int | None = None
) -> list[dict[str, Any]]:
    """Commentaries and restatements of a report, the earliest first."""
    query = select(published_said).where(
        published_said.c.published == published, as_at(published_said, position)
    )
    ordered = query.order_by(published_said.c.position, published_said.c.line)
    return [
        {**row._mapping, "at": from_microseconds(row.recorded_us)}
        for row in connection.execute(ordered)
    ]
