"""Carries out the commands on a child's references."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.children import decisions
from qa.children.commands import ChildIsJoined, JoinChildren, PartChildren
from qa.children.events import child_joining_stream
from qa.children.state import ChildJoining, evolve
from qa.core.errors import NotFound
from qa.core.words import Resource


def _require(work: Work, child: str) -> bool:
    """Whether audits of the child are on record. Raises `Forbidden` unless a QA lead of every part
    that holds some acts."""
    parts = work.desk.lookups.parts_of_child(work.unit.connection, child)
    for service, team in parts:
        work.require("join-children", Resource(service=service, team=team))
    return bool(parts)


@handles(JoinChildren)
def join(command: JoinChildren, work: Work) -> ChildIsJoined:
    work.require("join-children", Resource(somewhere=True))
    work.unit.in_turn("joining children")
    connection, lookups = work.unit.connection, work.desk.lookups
    child = lookups.child_as_typed(connection, command.child.strip())
    other = lookups.child_as_typed(connection, command.other.strip())
    if not decisions.open_to((child,), work.by.closed) or not _require(work, child):
        raise NotFound("There is no audit of this child’s file that you may see.")
    known = decisions.open_to((other,), work.by.closed) and _require(work, other)
    joining, already = work.new_id(), lookups.same_child(connection, child)
    decided = decisions.join(
        command, joining=joining, child=child, other=other, known=known, already=already
    )
    work.append(child_joining_stream(joining), *decided, about=f"child:{child}")
    return ChildIsJoined(joining=joining)


@handles(PartChildren)
def part(command: PartChildren, work: Work) -> None:
    state = work.unit.load(child_joining_stream(command.joining), evolve, ChildJoining())
    decisions.found(state, work.by.closed)
    _require(work, state.child)
    work.expect_seen()
    decided = decisions.part(state, command)
    work.append(child_joining_stream(state.id), *decided, about=state.about)
