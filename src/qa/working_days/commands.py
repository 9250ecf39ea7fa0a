"""What can be asked of the working days."""

from __future__ import annotations

from qa.core.command import Command
from qa.working_days.events import ClosedDays


class SetWorkingDays(Command, stream="working-days"):
    """Set the days on which nobody works. Days that are over, and dates that were given, stay."""

    closed: ClosedDays
