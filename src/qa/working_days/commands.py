"""What can be asked of the working days."""

from __future__ import annotations

from typing import ClassVar

from qa.core.command import Command
from qa.working_days.events import ClosedDays


class SetWorkingDays(Command):
    """Set the days on which nobody works. Days that are over, and dates that were given, stay."""

    STREAM: ClassVar[str] = "working-days"
    closed: ClosedDays
