"""The rule of small numbers, and the copies that were given out; now or as known then."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from projections.core.policy_table import policy_in_force
from projections.disclosure.tables import (
    COPIES,
    OutsideCopyRow,
    disclosure_rule,
    outside_copy,
)
from qa.disclosure.events import NOTHING_SET, DisclosureRuleSet


def rule(connection: Connection, *, position: int | None = None) -> tuple[DisclosureRuleSet, int]:
    """The rule with the version of its stream, 0 where none was ever set."""
    found = policy_in_force(connection, disclosure_rule, DisclosureRuleSet, position)
    return found or (NOTHING_SET, 0)


def copies(
    connection: Connection, published: str | None = None, *, position: int | None = None
) -> list[OutsideCopyRow]:
    """Every copy, or those of one published report, the earliest first."""
    query = COPIES.select(position=position)
    if published is not None:
        query = query.where(outside_copy.c.published == published)
    return COPIES.rows(connection, query.order_by(outside_copy.c.stream_version))


def copy_called(
    connection: Connection, given: str, *, position: int | None = None
) -> OutsideCopyRow | None:
    """One copy, or None."""
    return COPIES.one(connection, outside_copy.c.given == given, position=position)


def how_many(connection: Connection) -> int:
    """How many copies were given out: the version of their stream."""
    return max((one.stream_version for one in copies(connection)), default=0)
