"""Commands on people, their roles, and the teams of the council."""

from __future__ import annotations

from datetime import date
from typing import Literal

from qa.authorisation.context import Desk, Once, Work, command, reactions
from qa.core.clock import today
from qa.core.event import Event
from qa.core.words import Actor, Grant, Role, Scope, code_of
from qa.people import decisions, teams
from qa.people.commands.loading import (
    days_of_line,
    is_here,
    load_organisation,
    load_person,
    managers_above,
    team_in_use,
)
from qa.people.commands.reacting import TeamReactions
from qa.people.decisions import Person
from qa.people.events import ORGANISATION, SignInChanged, person_stream
from qa.people.teams import Team
from qa.store.unit import Receipt

OPERATOR = Actor("operator", (Grant(role=Role.SYSTEM, since=date(2000, 1, 1)),))
"""The person at the server's command line: trusted with the machine, so with setting it up."""


def _save(work: Work, person: str, events: list[Event], effective_on: date | None = None) -> None:
    work.unit.version(person_stream(person))
    work.append(person_stream(person), *events, about=f"person:{person}", effective_on=effective_on)


def _load(work: Work, person: str, seen: int | None) -> Person:
    state = load_person(work, person)
    if seen is not None:
        work.unit.expect(person_stream(person), seen)
    return state


@command
def add_person(
    desk: Desk,
    *,
    handle: str,
    name: str,
    job_title: str = "",
    team: str | None = None,
    manager: str | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Make somebody known to Caseloop. The response holds ``person``.

    Raises:
        Conflict: the sign-in name is taken.   Refused: unknown team or manager, malformed names.
    """
    handle = handle.strip().lower()
    with desk.work(by, once=once) as work:
        work.require("manage-people")
        belongs = team_in_use(work, team) if team else None
        decisions.manager_known(not manager or is_here(work, manager))
        decisions.managed_by_another(manager, None, by=by.person)
        holder = desk.lookups.person_with_handle(work.unit.connection, handle)
        decisions.handle_free(handle, holder)
        person = work.new_id()
        added = decisions.add(
            person=person,
            handle=handle,
            name=name,
            job_title=job_title,
            team=None if belongs is None else belongs.code,
            service=None if belongs is None else belongs.service,
            manager=manager or None,
        )
        _save(work, person, added)
        work.unit.respond(person=person, handle=handle)
    return work.receipt


@command
def rename_person(
    desk: Desk,
    *,
    person: str,
    name: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Change a name. What was done under the old one keeps showing it."""
    with desk.work(by, once=once) as work:
        work.require("manage-people")
        _save(work, person, decisions.rename(_load(work, person, seen), name=name))
    return work.receipt


@command
def move_person(
    desk: Desk,
    *,
    person: str,
    team: str | None,
    manager: str | None,
    job_title: str,
    effective_on: date | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record a change of team, line manager or job title from a day on: today, or an earlier or a
    later one. It holds until the next one of theirs."""
    with desk.work(by, once=once) as work:
        work.require("manage-people")
        state = _load(work, person, seen)
        on = effective_on or work.today
        belongs = team_in_use(work, team, day=on) if team else None
        decisions.manager_known(not manager or load_person(work, manager).here_on(on))
        decisions.managed_by_another(manager, state.on(on).manager, by=by.person)
        if manager and manager != person:
            next_one = min((p.since for p in state.placements if p.since > on), default=date.max)
            for day in days_of_line(work, manager, on):
                if day < next_one:
                    line = [manager, *managers_above(work, manager, day)]
                    named = [(one, load_person(work, one).name) for one in line]
                    decisions.no_circle(person, state.name, named)
        decided = decisions.move(
            state,
            on=on,
            today=work.today,
            team=None if belongs is None else belongs.code,
            service=None if belongs is None else belongs.service,
            manager=manager or None,
            job_title=job_title,
        )
        _save(work, person, decided, on)
    return work.receipt


@command
def grant_role(
    desk: Desk,
    *,
    person: str,
    role: Role,
    scope: Scope | None = None,
    since: date | None = None,
    until: date | None = None,
    reason: str | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Grant a role with its reach and dates.

    Raises:
        Refused: to oneself; the scope is unknown; what `decisions.grant_role` refuses.
    """
    with desk.work(by, once=once, reason=reason) as work:
        work.require("manage-people")
        decisions.granted_by_another(person, by=by.person)
        state = _load(work, person, seen)
        reach = scope or Scope()
        teams.scope_exists(load_organisation(work), reach)
        has_room = desk.lookups.has_inspector_room(work.unit.connection, person, work.today)
        decisions.role_beside_room(role, has_room=has_room)
        grant = Grant(role=role, scope=reach, since=since or work.today, until=until)
        decided = decisions.grant_role(state, grant, on=max(grant.since, work.today))
        _save(work, person, decided, grant.since)
    return work.receipt


@command
def end_role(
    desk: Desk,
    *,
    person: str,
    grant: Grant,
    on: date | None = None,
    reason: str | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """End a role, `on` being its last day: today, or an earlier or a later one.

    Raises:
        Refused: what `decisions.end_role` refuses; it is the actor's own administrator role, so
            that one administrator always stays.
    """
    with desk.work(by, once=once, reason=reason) as work:
        work.require("manage-people")
        decisions.ended_by_another(grant.role, person, by=by.person)
        last = on or work.today
        state = _load(work, person, seen)
        _save(work, person, decisions.end_role(state, grant, on=last, today=work.today), last)
    return work.receipt


@command
def depart(
    desk: Desk,
    *,
    person: str,
    on: date | None = None,
    reason: str | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record that somebody leaves, `on` being their last day: today, or an earlier or a later one.
    They can no longer sign in after it, and their work stays theirs until it is handed over."""
    with desk.work(by, once=once, reason=reason) as work:
        work.require("manage-people")
        decisions.departure_by_another(person, by=by.person)
        last = on or work.today
        decided = decisions.depart(_load(work, person, seen), on=last, today=work.today)
        _save(work, person, decided, last)
    return work.receipt


@command
def come_back(
    desk: Desk, *, person: str, seen: int | None = None, by: Actor, once: Once | None = None
) -> Receipt:
    """Record that somebody who had left is back, or call off a departure still to come."""
    with desk.work(by, once=once) as work:
        work.require("manage-people")
        _save(work, person, decisions.come_back(_load(work, person, seen)))
    return work.receipt


@command
def note_sign_in_change(
    desk: Desk,
    *,
    person: str,
    what: Literal["password-set", "sessions-ended", "token-made", "token-revoked", "link-made"],
    detail: str = "",
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Keep on record that a way of signing in changed. People may change their own."""
    with desk.work(by, once=once) as work:
        if person == by.person:
            acting = load_person(work, person).actor(today(desk.store.clock))
            role = acting.grants[0].role if acting.grants else Role.READER
            work.act_as(role)
        else:
            work.require("manage-people")
        _save(work, person, [SignInChanged(what=what, detail=detail)])
    return work.receipt


@command
def open_team(
    desk: Desk,
    *,
    name: str,
    service_name: str,
    code: str | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Open a team in a service. The response holds ``team`` and ``service`` (their codes)."""
    with desk.work(by, once=once) as work:
        work.require("manage-people")
        team, service = code or code_of(name), code_of(service_name)
        decided = teams.open_team(
            load_organisation(work),
            code=team,
            name=name,
            service=service,
            service_name=service_name,
        )
        work.append(ORGANISATION, *decided)
        work.unit.respond(team=team, service=service)
    return work.receipt


@command
def rename_team(
    desk: Desk,
    *,
    team: str,
    name: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Rename a team; records made before keep its old name."""
    with desk.work(by, once=once) as work:
        work.require("manage-people")
        organisation = load_organisation(work)
        decided = teams.rename_team(organisation, code=team, name=name, seen=seen)
        work.append(ORGANISATION, *decided)
    return work.receipt


@command
def close_team(
    desk: Desk,
    *,
    team: str,
    successor: str | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Close a team to new audits, and say which team takes over: its people and whatever runs in
    it (audits that are not submitted, actions, follow-ups, supervision, concerns) are handed to
    that team. One in which something runs is closed only with a successor."""
    with desk.work(by, once=once) as work:
        work.require("manage-people")
        organisation = load_organisation(work)
        running = [(one, one.running(work, team)) for one in reactions(TeamReactions)]
        decided = teams.close_team(
            organisation,
            code=team,
            successor=successor,
            running=[(*one.called, len(records)) for one, records in running],
            seen=seen,
        )
        work.append(ORGANISATION, *decided)
        if successor:
            new = organisation.teams[successor]
            _place_again(work, team, new, work.today)
            for one, records in running:
                for record in records:
                    one.taken_over(work, record, new)
    return work.receipt


def _place_again(work: Work, team: str, into: Team, on: date) -> None:
    for person in work.desk.lookups.people_placed_in(work.unit.connection, team):
        state = load_person(work, person)
        for since, moved in decisions.placed_again(state, team=team, into=into, on=on):
            _save(work, person, [moved], since)


@command
def change_team_service(
    desk: Desk,
    *,
    team: str,
    service_name: str,
    on: date | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Let a team belong to another service from a day on, with its people; records keep theirs."""
    with desk.work(by, once=once) as work:
        work.require("manage-people")
        since = on or work.today
        organisation = load_organisation(work)
        decided = teams.change_service(
            organisation,
            code=team,
            service=code_of(service_name),
            service_name=service_name,
            on=since,
            today=work.today,
            seen=seen,
        )
        work.append(ORGANISATION, *decided, effective_on=since)
        for changed in decided:
            _place_again(work, team, organisation.teams[team].moved(changed, since), since)
    return work.receipt


@command
def reopen_team(
    desk: Desk, *, team: str, seen: int | None = None, by: Actor, once: Once | None = None
) -> Receipt:
    """Open a closed team again."""
    with desk.work(by, once=once) as work:
        work.require("manage-people")
        decided = teams.reopen_team(load_organisation(work), code=team, seen=seen)
        work.append(ORGANISATION, *decided)
    return work.receipt
