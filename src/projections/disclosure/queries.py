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
    ordered = query.order_by(outside_copy.c.given_us, outside_copy.c.made_at)
    return COPIES.rows(connection, ordered)


def copy_called(
    connection: Connection, given: str, *, position: int | None = None
) -> OutsideCopyRow | None:
    """One copy, or None."""
    return COPIES.one(connection, outside_copy.c.given == given, position=position)


def version(connection: Connection, *, position: int | None = None) -> int:
    """The version of the stream of all copies: how often one was given out or withdrawn."""
    return max((one.stream_version for one in copies(connection, position=position)), default=0)
