"""Carries out the command on the working days."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.working_days import clocks
from qa.working_days.commands import SetWorkingDays
from qa.working_days.events import WORKING_DAYS_STREAM
from qa.working_days.loading import load_working_days


@handles(SetWorkingDays)
def set_working_days(command: SetWorkingDays, work: Work) -> None:
    work.authorise("set-policy")
    decided = clocks.set_working_days(load_working_days(work), command, today=work.today)
    work.append(WORKING_DAYS_STREAM, *decided)
