"""Whether a figure on grades can be another at a later entry of the log, told from the rows that it
is counted from: none of them began or ended since."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    exists,
    literal,
    or_,
    select,
)
from sqlalchemy.engine import Connection

from projections.agreement.question import AgreementQuestion
from projections.agreement.tables import JOINED_PEOPLE, agreement_audit, agreement_domain
from qa.core.asking import Rows, Standing, Wanted, ask

Bound = BindParameter[Any]


def may_differ(
    connection: Connection,
    question: AgreementQuestion,
    positions: tuple[int, int],
    counted_by: tuple[FromClause, ...],
) -> bool:
    """Whether a row that a question counts, or one of the tables `counted_by` that say how, is not
    the same at two entries of the log, the earlier first."""
    days = tuple(sorted({question.rule.audits_by, question.rule.moderations_by}))
    first, last = positions
    asked = {
        "start": question.start.isoformat(),
        "end": question.end.isoformat(),
        "first": first,
        "last": last,
    }
    return ask(connection, Wanted(_moved_rows(days, counted_by), asked, _any))


def _any(rows: Rows) -> bool:
    return bool(rows)


@cache
def _moved_rows(days: tuple[str, ...], counted_by: tuple[FromClause, ...]) -> Standing:
    """Asked once a report, so put together once. The days are asked first: they have an index."""
    audit = agreement_audit.c
    start: Bound = bindparam("start")
    end: Bound = bindparam("end")
    within = or_(*(and_(audit[day] >= start, audit[day] <= end) for day in days))
    of_domains = agreement_domain.join(agreement_audit, audit.audit == agreement_domain.c.audit)
    domains = select(literal(1)).select_from(of_domains).where(within, _moved(agreement_domain))
    found = [
        exists().where(within, _moved(agreement_audit)),
        exists(domains),
        *(exists().where(_moved(table)) for table in (JOINED_PEOPLE.table, *counted_by)),
    ]
    return Standing(select(literal(1)).where(or_(*found)))


def _moved(table: FromClause) -> ColumnElement[bool]:
    """Rows that stand at one of the two entries and not at the other."""
    first: Bound = bindparam("first")
    last: Bound = bindparam("last")
    began = and_(table.c.valid_from > first, table.c.valid_from <= last, table.c.valid_to > last)
    ended = and_(table.c.valid_from <= first, table.c.valid_to > first, table.c.valid_to <= last)
    return or_(began, ended)
