"""Carries out the commands on inspectors' rooms."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.words import Resource, Scope, part_of_council
from qa.inspections import commands, decisions
from qa.inspections.events import inspection_stream
from qa.inspections.state import COUNCIL, Room, evolve
from qa.people.loading import load_organisation, present
from qa.people.teams import scope_exists


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
    work.authorise(verb, _resource(work, state.scope, state.inspector))
    return state


@handles(commands.OpenInspectorRoom)
def open_room(command: commands.OpenInspectorRoom, work: Work) -> commands.RoomMade:
    scope, inspector, pinned_on = command.scope or COUNCIL, command.inspector, command.pinned_on
    work.authorise("run-inspection", _resource(work, scope, inspector))
    person = present(work, inspector, field="inspector")
    scope_exists(load_organisation(work), scope)
    connection, start = work.unit.connection, command.since or work.today
    room, pin = work.new_id(), None
    if pinned_on is not None and pinned_on <= work.today:
        pin = work.desk.store.position_at(pinned_on, connection)
    decided = decisions.open_room(
        command,
        room=room,
        pin=pin,
        today=work.today,
        holds_roles=any(g.until is None or g.until >= start for g in person.grants),
        has_room=work.desk.lookups.has_inspector_room(connection, inspector, start),
    )
    work.append(inspection_stream(room), *decided)
    return commands.RoomMade(room=room)


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
