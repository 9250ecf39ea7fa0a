"""What each event changes in the read rows of the working days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.core.policy_table import put_policy
from projections.working_days.tables import working_days
from qa.core.event import RecordedEvent
from qa.working_days.events import WorkingDaysSet


class WorkingDaysPolicy:
    """Projects the working days."""

    name = "working_days"
    version = 1
    tables = (working_days,)
    handles = (WorkingDaysSet,)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        return [put_policy(working_days, recorded)]


PROJECTORS = (WorkingDaysPolicy,)
