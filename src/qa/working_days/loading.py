"""The working days that every clock is counted by."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.core.clock import WorkingDays
from qa.core.event import last_said
from qa.working_days.events import NOTHING_SET, WORKING_DAYS_STREAM, WorkingDaysSet


def load_working_days(work: Work) -> WorkingDaysSet:
    return work.unit.load(WORKING_DAYS_STREAM, last_said, NOTHING_SET)


def load_calendar(work: Work) -> WorkingDays:
    return load_working_days(work).calendar
