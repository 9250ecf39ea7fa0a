"""Which subjects of the access log are records of a part of the council."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, and_, literal, or_, select, union_all

from projections.audits.tables import audit_row
from projections.core.base import as_at
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
