"""The working days in force; now or as known then."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from projections.core.policy_table import policy_in_force
from projections.working_days.tables import working_days
from qa.core.clock import WorkingDays
from qa.working_days.events import NOTHING_SET, WorkingDaysSet


def in_force(connection: Connection, *, position: int | None = None) -> tuple[WorkingDaysSet, int]:
    """The policy with the version of its stream, 0 where none was ever set."""
    found = policy_in_force(connection, working_days, WorkingDaysSet, position)
    return found or (NOTHING_SET, 0)


def calendar(connection: Connection) -> WorkingDays:
    """The calendar that working days are counted by now."""
    return in_force(connection)[0].calendar
