"""Decisions on named views: a view is its owner's; whoever shares views removes shared ones too."""

from __future__ import annotations

import re

from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, refuse_any
from qa.core.event import Event
from qa.core.list_query import without_words
from qa.core.policy_lines import STAFF
from qa.views import events
from qa.views.commands import KeepListView
from qa.views.state import KeptListView

_ADDRESS = re.compile(r"(/([a-z-]+|[0-9a-f]{32}))+")
"""Words and ids of records: the address of a child holds its reference, and is none of a list."""


def keep(command: KeepListView, view: str) -> list[Event]:
    """Keep the list under the name. Raises `Refused` with every fault, by field."""
    faults = command.faults()
    if not _ADDRESS.fullmatch(command.path):
        sentence = "Enter the address of a list, such as /actions."
        faults.append(Fault("path", "path-unknown", sentence))
    if command.role and command.role not in STAFF:
        faults.append(Fault("role", "role-unknown", "Choose a role, or nobody else."))
    refuse_any(faults)
    return [
        carry(events.ListViewKept, command, view=view, query=without_words(command.query.strip()))
    ]


def remove(state: KeptListView, *, by: str, shares: bool) -> list[Event]:
    """Raises `NotFound` for a view that is none, or another's that is not theirs to remove."""
    if not state.owner or (by != state.owner and not (state.role and shares)):
        raise NotFound("There is no such view.")
    return [events.ListViewRemoved()]
