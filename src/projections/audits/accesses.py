"""Which records are of which part of the council: the subjects of the access log, and a child's."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, and_, literal, or_, select, union_all
from sqlalchemy.engine import Connection

from projections.audits.tables import JOINED_CHILDREN, audit_row
from projections.core.base import as_at, present
from qa.core.words import Scope


def subjects_within(scopes: Collection[Scope]) -> Select[tuple[str]]:
    """Asks for the audits of these parts of the council, and the children that they are about."""
    table = audit_row.c
    parts = [
        table[kind].in_(sorted(one.code or "" for one in scopes if one.kind == kind))
        for kind in ("service", "team")
    ]
    kinds = (("case-audit:", table.audit), ("judgement:", table.audit), ("child:", table.child))
    found = union_all(
        *(
            select((literal(kind) + key).label("subject")).where(
                and_(as_at(audit_row, None), or_(*parts))
            )
            for kind, key in kinds
        )
    ).subquery()
    return select(found.c.subject)


def parts_of_child(connection: Connection, child: str) -> list[tuple[str, str]]:
    """The service and team of every audit of a child's file as it is now, under any of its
    references, each pair once."""
    now = present(connection)
    keys = JOINED_CHILDREN.keys(now, [child], position=None)
    query = select(audit_row.c.service, audit_row.c.team).where(
        audit_row.c.child_key.in_(sorted(keys)), as_at(audit_row, None)
    )
    found = now.execute(query.distinct())
    return sorted((row.service, row.team) for row in found)
