"""Search over everything written in audits and moderations, within the reader's reach.

Every piece of text is one row, folded to plain lower-case letters; a query finds the rows that
hold all its words, whole or in part, in any order and whatever their accents or ending."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.core.reach import within_reach
from projections.search.tables import fold, search_audit, search_text
from qa.core.naming import reference_key
from qa.core.words import Reach

_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s", "y")


def stems(query: str) -> list[str]:
    """The words of a query without common endings, so that "visits" finds "visited"."""
    found: list[str] = []
    for word in fold(query).split():
        stem = word
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 4:
                stem = word[: -len(ending)]
                break
        found.append(stem)
    return found[:12]


def _like(stem: str) -> str:
    return f"%{stem}%"


def find(
    connection: Connection,
    reach: Reach,
    query: str,
    *,
    sealed: Collection[str] = (),
    position: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Texts that hold every word of `query`, newest first, with the audit they belong to.

    Audits `sealed` from the reader are left out whole. A query without a word finds nothing. A
    page may be longer than `limit`: texts of one event share their `opened`, which is the cursor
    (`before`), and are never parted.
    """
    wanted = stems(query)
    if not wanted:
        return []
    statement = (
        select(search_text, search_audit.c.reference, search_audit.c.child)
        .join(search_audit, search_audit.c.audit == search_text.c.audit)
        .where(
            as_at(search_text, position),
            as_at(search_audit, position),
            within_reach(reach, search_audit, search_audit.c.submitted.is_not(None)),
            *(search_text.c.folded.like(_like(stem)) for stem in wanted),
        )
        .order_by(search_text.c.opened.desc(), search_text.c.field)
    )
    if sealed:
        statement = statement.where(search_text.c.audit.not_in(sorted(sealed)))
    if before is not None:
        statement = statement.where(search_text.c.opened < before)
    found = [dict(row._mapping) for row in connection.execute(statement.limit(limit))]
    if len(found) == limit:
        last = found[-1]
        rest = statement.where(
            search_text.c.opened == last["opened"], search_text.c.field > last["field"]
        )
        found += [dict(row._mapping) for row in connection.execute(rest)]
    return found


def find_record(
    connection: Connection,
    reach: Reach,
    query: str,
    *,
    sealed: Collection[str] = (),
    position: int | None = None,
) -> list[dict[str, Any]]:
    """Audits whose reference or child reference is what was typed."""
    typed = query.strip()
    statement = (
        select(search_audit)
        .where(
            as_at(search_audit, position),
            within_reach(reach, search_audit, search_audit.c.submitted.is_not(None)),
            or_(
                search_audit.c.reference == typed.upper(),
                search_audit.c.reference == typed,
                search_audit.c.child_key == reference_key(typed),
            ),
        )
        .limit(50)
    )
    rows = [dict(row._mapping) for row in connection.execute(statement)]
    for row in rows:
        if row["audit"] in sealed:
            row["auditor"] = None
    return rows
