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
    case,
    func,
    or_,
    select,
)
from sqlalchemy.engine import Connection

from projections.agreement.question import AgreementQuestion
from projections.agreement.tables import JOINED_PEOPLE, agreement_audit, agreement_domain
from qa.core.asking import Rows, Standing, Wanted, ask

Bound = BindParameter[Any]


def last_moved(
    connection: Connection,
    question: AgreementQuestion,
    upto: int,
    counted_by: tuple[FromClause, ...],
) -> int:
    """The last entry of the log, none later than `upto`, at which a row that a question counts, or
    one of the tables `counted_by` that say how, began or ended."""
    parameters = {
        "start": question.start.isoformat(),
        "end": question.end.isoformat(),
        "upto": upto,
    }
    return ask(connection, Wanted(_moves(days_of(question), counted_by), parameters, _latest))


def days_of(question: AgreementQuestion) -> tuple[str, ...]:
    """The dates of an audit that put it in the days of a question."""
    return tuple(sorted({question.rule.audits_by, question.rule.moderations_by}))


def _latest(rows: Rows) -> int:
    return max((one or 0 for row in rows for one in row), default=0)


@cache
def _moves(days: tuple[str, ...], counted_by: tuple[FromClause, ...]) -> Standing:
    """Asked for many reports, so put together once. The days are asked first: they have an
    index."""
    audit = agreement_audit.c
    start: Bound = bindparam("start")
    end: Bound = bindparam("end")
    within = or_(*(and_(audit[day] >= start, audit[day] <= end) for day in days))
    of_days = agreement_domain.c.audit.in_(select(audit.audit).where(within))
    parts = [
        _of(agreement_audit, within),
        _of(agreement_domain, of_days),
        *(_of(table) for table in (JOINED_PEOPLE.table, *counted_by)),
    ]
    return Standing(select(*parts))


def _of(table: FromClause, *within: ColumnElement[bool]) -> ColumnElement[Any]:
    """The last beginning or end of its rows."""
    upto: Bound = bindparam("upto")
    begun, ended = table.c.valid_from, table.c.valid_to
    last = func.max(case((ended <= upto, ended), else_=begun))
    return select(last).select_from(table).where(*within, begun <= upto).scalar_subquery()
