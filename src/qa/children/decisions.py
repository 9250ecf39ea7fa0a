"""Decisions on a child's references: which two are one child's, and undoing it."""

from __future__ import annotations

from collections.abc import Collection

from qa.children import events
from qa.children.commands import JoinChildren, PartChildren
from qa.children.state import ChildJoining
from qa.core.errors import Conflict, Fault, NotFound, NotNow, refuse_any
from qa.core.event import Event
from qa.core.naming import reference_key

NO_JOINING = "There is no such joining."


def join(
    command: JoinChildren,
    *,
    joining: str,
    child: str,
    other: str,
    known: bool,
    already: Collection[str],
) -> list[Event]:
    """Join two references, which are written as their audits write them. `known` says that the
    other is on record and its records are open to whoever joins; `already` are the keys of those
    that are the same child's.

    Raises:
        Conflict: they are joined already.   Refused: every fault, by field.
    """
    faults = command.faults()
    if other and (not known or reference_key(other) == reference_key(child)):
        sentence = "Enter another reference that is on record and that you may read."
        faults.append(Fault("other", "child-unknown", sentence))
    refuse_any(faults)
    if reference_key(other) in already:
        raise Conflict("These references are joined already.", code="children-joined")
    return [events.ChildJoined(joining=joining, child=child, other=other, why=command.why.strip())]


def found(state: ChildJoining, closed: Collection[str]) -> None:
    """Raises `NotFound` where there is no joining, or one of records that are closed."""
    if not state.id or {reference_key(state.child), reference_key(state.other)} & {*closed}:
        raise NotFound(NO_JOINING)


def part(state: ChildJoining, command: PartChildren) -> list[Event]:
    """Undo a joining.

    Raises:
        NotNow: it is undone.   Refused: no reason of substance.
    """
    if state.parted:
        raise NotNow("This joining is undone already.", code="children-parted")
    command.refuse_faults()
    return [events.ChildParted(child=state.child, other=state.other, why=command.why.strip())]
