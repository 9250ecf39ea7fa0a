"""What several tests of people begin with."""

from __future__ import annotations

from datetime import date

from qa.core.words import Grant, Role
from qa.people.events import (
    PersonAdded,
    RoleGranted,
)

ADDED = PersonAdded(person="p", handle="p", name="Pat")


READS = RoleGranted(grant=Grant(role=Role.READER, since=date(2020, 1, 1)))
