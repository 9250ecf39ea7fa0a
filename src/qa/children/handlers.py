"""Carries out the commands on a child's references."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.authorisation.policy import can
from qa.children import decisions
from qa.children.commands import ChildIsJoined, JoinChildren, PartChildren
from qa.children.events import child_joining_stream
from qa.children.state import ChildJoining, evolve
from qa.core.errors import NotFound
from qa.core.naming import reference_key
from qa.core.words import Resource


def _known(work: Work, child: str) -> bool:
    """Whether there are audits of the child that are open to whoever acts, in a part that they
    read: of any other child they are told nothing. Raises `Forbidden` unless they are a QA lead of
    every part that holds some."""
    key = reference_key(child)
    parts = [
        Resource(service=service, team=team, child=key)
        for service, team in work.desk.lookups.parts_of_child(work.unit.connection, child)
    ]
    if not any(can(work.by, "read-audit", part).allowed for part in parts):
        return False
    for part in parts:
        work.require("join-children", part)
    return True


@handles(JoinChildren)
def join(command: JoinChildren, work: Work) -> ChildIsJoined:
    work.require("join-children", Resource(somewhere=True))
    work.unit.in_turn("joining children")
    connection, lookups = work.unit.connection, work.desk.lookups
    child = lookups.child_as_typed(connection, command.child.strip())
    other = lookups.child_as_typed(connection, command.other.strip())
    if not _known(work, child):
        raise NotFound("There is no audit of this child’s file that you may see.")
    joining, already = work.new_id(), lookups.same_child(connection, child)
    decided = decisions.join(
        command,
        joining=joining,
        child=child,
        other=other,
        known=_known(work, other),
        already=already,
    )
    work.append(child_joining_stream(joining), *decided, about=f"child:{child}")
    return ChildIsJoined(joining=joining)


@handles(PartChildren)
def part(command: PartChildren, work: Work) -> None:
    state = work.unit.load(child_joining_stream(command.joining), evolve, ChildJoining())
    decisions.found(state, work.by.closed)
    if not _known(work, state.child):
        raise NotFound(decisions.NO_JOINING)
    work.expect_seen()
    decided = decisions.part(state, command)
    work.append(child_joining_stream(state.id), *decided, about=state.about)
