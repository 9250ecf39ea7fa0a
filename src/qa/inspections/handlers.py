"""Carries out the commands on inspectors' rooms."""

from __future__ import annotations

from qa.audit_tools.loading import load_tool
from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.words import Resource, Scope, part_of_council
from qa.inspections import commands, decisions
from qa.inspections.decisions import ReachChoice
from qa.inspections.events import RoomReach, inspection_stream
from qa.inspections.state import COUNCIL, Room, RoomCase, evolve
from qa.people.loading import load_organisation, present
from qa.people.teams import scope_exists
from qa.restrictions.loading import of_child


def _resource(work: Work, scope: Scope, inspector: str) -> Resource:
    services = {code: team.service for code, team in load_organisation(work).teams.items()}
    return part_of_council(scope, services, inspector)


def _load(work: Work, room: str, verb: str) -> Room:
    """The room, once the policy allows `verb` on it.

    Raises:
        NotFound: no such room.   Forbidden: the policy says no.   MovedOn: stale version.
    """
    state = work.unit.load(inspection_stream(room), evolve, Room())
    decisions.known(state)
    work.authorise(verb, _resource(work, state.reach.scope, state.inspector))
    return state


def _reach(
    work: Work,
    command: commands.OpenInspectorRoom | commands.ChangeInspectorRoomReach,
    inspector: str,
) -> ReachChoice:
    """What the room would open, of what is on record."""
    scope_exists(load_organisation(work), command.scope or COUNCIL)
    named = work.desk.lookups.cases_called(work.unit.connection, command.cases)
    cases = [RoomCase(*one) for one in named]
    children = {one.child_key: one.child for one in cases if one.child_key}
    return decisions.reach_asked(
        command,
        cases=cases,
        restricted={
            key
            for key, child in children.items()
            if not of_child(work, child).reads(inspector, work.today)
        },
        tools={tool for tool in command.tools if load_tool(work, tool).id},
    )


def _hidden(work: Work, reach: RoomReach) -> set[str]:
    """The cases of a room whose records whoever acts may not read: audits by their ids, children
    as they are named."""

    def reads(child: str) -> bool:
        return of_child(work, child).reads(work.by.person, work.today)

    references = [one.reference for one in reach.audits]
    found = [
        RoomCase(*one) for one in work.desk.lookups.cases_called(work.unit.connection, references)
    ]
    audits = {one.audit for one in found if one.child and not reads(one.child)}
    return audits | {child for child in reach.children if not reads(child)}


@handles(commands.OpenInspectorRoom)
def open_room(command: commands.OpenInspectorRoom, work: Work) -> commands.RoomMade:
    scope, inspector, pinned_on = command.scope or COUNCIL, command.inspector, command.pinned_on
    work.authorise("run-inspection", _resource(work, scope, inspector))
    person = present(work, inspector, field="inspector", outside=True)
    choice = _reach(work, command, inspector)
    connection, start = work.unit.connection, command.since or work.today
    room, pin = work.new_id(), None
    if pinned_on is not None and pinned_on <= work.today:
        pin = work.desk.store.position_at(pinned_on, connection)
    decided = decisions.open_room(
        command,
        reach=choice,
        room=room,
        pin=pin,
        today=work.today,
        holds_roles=any(g.until is None or g.until >= start for g in person.grants),
        manages=work.desk.lookups.manages(connection, inspector, start),
        owns_action=work.desk.lookups.owns_open_action(connection, inspector),
        has_room=work.desk.lookups.has_inspector_room(connection, inspector, start),
    )
    work.append(inspection_stream(room), *decided)
    return commands.RoomMade(room=room, left_out=choice.left_out)


@handles(commands.ChangeInspectorRoomReach)
def change_reach(command: commands.ChangeInspectorRoomReach, work: Work) -> commands.CasesLeftOut:
    state = _load(work, command.room, "run-inspection")
    work.require("run-inspection", _resource(work, command.scope or COUNCIL, state.inspector))
    choice = _reach(work, command, state.inspector)
    hidden = _hidden(work, state.reach)
    decided = decisions.change_reach(state, command, reach=choice, hidden=hidden)
    work.append(inspection_stream(command.room), *decided, reason=command.reason)
    return commands.CasesLeftOut(left_out=choice.left_out)


@handles(commands.ExtendInspectorRoom)
def extend_room(command: commands.ExtendInspectorRoom, work: Work) -> None:
    state = _load(work, command.room, "run-inspection")
    decided = decisions.extend(state, command, today=work.today)
    work.append(inspection_stream(command.room), *decided, reason=command.reason or None)


@handles(commands.CloseInspectorRoom)
def close_room(command: commands.CloseInspectorRoom, work: Work) -> None:
    state = _load(work, command.room, "run-inspection")
    decided = decisions.close(state, command)
    work.append(inspection_stream(command.room), *decided, reason=command.reason)


@handles(commands.AskInInspectorRoom)
def ask(command: commands.AskInInspectorRoom, work: Work) -> commands.QuestionMade:
    state, question = _load(work, command.room, "ask-in-inspection"), work.new_id()
    decided = decisions.ask(state, command, question=question, today=work.today)
    work.append(inspection_stream(command.room), *decided, about=f"person:{state.inspector}")
    return commands.QuestionMade(question=question)


@handles(commands.AnswerInInspectorRoom)
def answer(command: commands.AnswerInInspectorRoom, work: Work) -> None:
    state = _load(work, command.room, "answer-in-inspection")
    decided = decisions.answer(state, command)
    work.append(inspection_stream(command.room), *decided, about=f"person:{state.inspector}")
