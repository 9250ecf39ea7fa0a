"""The working days as a policy: which days are closed, and which bank holidays stand for good."""

from __future__ import annotations

from datetime import date

from qa.core.clock import bank_holidays
from qa.core.errors import Fault, refuse_any
from qa.core.event import Event
from qa.working_days.commands import SetWorkingDays
from qa.working_days.events import WorkingDaysSet

FIRST_YEAR = 2000
YEARS_AHEAD = 5
MOST_DAYS = 500


def set_working_days(
    current: WorkingDaysSet, command: SetWorkingDays, *, today: date
) -> list[Event]:
    """Set a new version. A day that is over stays what it was, so that no clock of the past moves.

    Raises:
        Refused: a day that is over would change, a day too far ahead, too many days.
    """
    proposed, before = frozenset(command.closed), frozenset(current.closed)
    faults = [
        Fault("closed", "date-past", f"{day} is over and stays as it was.")
        for day in sorted(proposed ^ before)
        if day < today
    ]
    last_year = today.year + YEARS_AHEAD
    faults += [
        Fault("closed", "date-far", f"{day} is too far ahead.")
        for day in sorted(proposed)
        if day.year > last_year
    ]
    if len(proposed) > MOST_DAYS:
        faults.append(Fault("closed", "days-many", f"Enter {MOST_DAYS} days or fewer."))
    refuse_any(faults)
    if proposed == before and current.policy_version:
        return []
    known = current.calendar
    holidays = {day for day in known.holidays if day < today}
    years = range(FIRST_YEAR, last_year + 1)
    days = (day for year in years for day in bank_holidays(year))
    holidays |= {day for day in days if day >= today or day.year not in known.frozen}
    return [
        WorkingDaysSet(
            policy_version=current.policy_version + 1,
            closed=tuple(sorted(proposed)),
            bank_holidays=tuple(sorted(holidays)),
            first_year=FIRST_YEAR,
            last_year=last_year,
        )
    ]
