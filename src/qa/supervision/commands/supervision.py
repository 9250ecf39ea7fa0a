"""Commands on the supervision that one person gives another: its beginning, its sessions, its
standard, and the policy behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.audits.commands.loading import open_audit
from qa.authorisation.context import Desk, Once, Work, command
from qa.authorisation.policy import can
from qa.core.errors import NotFound
from qa.core.event import Event
from qa.core.words import Actor, Resource
from qa.people.commands.loading import managers_of, present, team_in_use
from qa.store.unit import Receipt
from qa.supervision import clocks, decisions
from qa.supervision.decisions import SupervisionPairState
from qa.supervision.events import (
    SupervisionBegan,
    SupervisionHeld,
    SupervisionPolicySet,
    prompt_stream,
    supervision_stream,
)
from qa.supervision.states import NotHeldWhy, Standard


def load_pair(work: Work, wanted: str, verb: str, seen: int | None = None) -> SupervisionPairState:
    """The pair, for a person who may do `verb` to it.

    Raises:
        NotFound: no such supervision, or none that this person may know of.   Forbidden: the policy
            says no.   MovedOn: stale version.
    """
    stream = supervision_stream(wanted)
    state = work.unit.load(stream, decisions.evolve, SupervisionPairState())
    decisions.known(state)
    resource = pair_resource(work, state.supervisor, state.practitioner, state.team, state.service)
    if not can(work.by, "read-supervision", resource).allowed:
        raise NotFound("There is no such supervision.")
    work.require(verb, resource)
    if seen is not None:
        work.unit.expect(stream, seen)
    return state


def pair_resource(
    work: Work, supervisor: str, practitioner: str, team: str, service: str
) -> Resource:
    """A pair as the policy table sees it: the practitioner's work, which the supervisor shares."""
    return Resource(
        service=service,
        team=team,
        person=practitioner,
        line=managers_of(work, practitioner) | managers_of(work, supervisor),
        contributors=frozenset({supervisor}),
    )


def load_policy(work: Work) -> SupervisionPolicySet:
    return work.unit.load(
        clocks.SUPERVISION_POLICY_STREAM,
        clocks.evolve_supervision_policy,
        clocks.DEFAULT_SUPERVISION_POLICY,
    )


def _save(
    work: Work,
    state: SupervisionPairState,
    events: Sequence[Event],
    effective_on: date | None = None,
) -> None:
    stream = supervision_stream(state.id)
    work.append(stream, *events, about=state.about, effective_on=effective_on)


@command
def set_policy(
    desk: Desk,
    *,
    policy: SupervisionPolicySet,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Set a new version of how often supervision is owed, from today on."""
    stream = clocks.SUPERVISION_POLICY_STREAM
    with desk.work(by, once=once) as work:
        work.require("set-policy")
        current = load_policy(work)
        work.unit.expect(stream, seen)
        work.append(stream, *clocks.set_supervision_policy(current, policy))
    return work.receipt


@command
def begin(
    desk: Desk,
    *,
    supervisor: str,
    practitioner: str,
    team: str,
    since: date,
    standard: Standard = "regular",
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that one person supervises another. The response holds ``pair``.

    Raises:
        Refused: unknown or departed people, self-supervision, a second time, the future.
    """
    with desk.work(by, once=once) as work:
        owning = team_in_use(work, team)
        began = SupervisionBegan(
            pair=work.new_id(),
            supervisor=supervisor,
            practitioner=practitioner,
            team=owning.code,
            service=owning.service,
            standard=standard,
        )
        work.require(
            "run-supervision",
            pair_resource(work, supervisor, practitioner, owning.code, owning.service),
        )
        present(work, practitioner, field="practitioner")
        present(work, supervisor, field="supervisor")
        decided = decisions.begin(
            began,
            since=since,
            today=work.today,
            above_supervisor=managers_of(work, supervisor),
            already=desk.lookups.supervises(work.unit.connection, supervisor, practitioner),
        )
        stream = supervision_stream(began.pair)
        work.unit.expect(stream, 0)
        work.append(stream, *decided, about=f"person:{practitioner}", effective_on=since)
        work.unit.respond(pair=began.pair)
    return work.receipt


@command
def switch_standard(
    desk: Desk,
    *,
    pair: str,
    standard: Standard,
    since: date,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """From a day on, sessions are owed by another standard."""
    with desk.work(by, once=once) as work:
        state = load_pair(work, pair, "run-supervision", seen)
        decided = decisions.switch_standard(state, standard=standard, since=since, today=work.today)
        _save(work, state, decided, since)
    return work.receipt


@command
def record_held(
    desk: Desk,
    *,
    pair: str,
    held_on: date,
    actions: Sequence[str] = (),
    cases: Sequence[str] = (),
    note: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record a session that was held. The response holds ``session``."""
    with desk.work(by, once=once) as work:
        state = load_pair(work, pair, "record-supervision", seen)
        decisions.cases_named(cases)
        held = SupervisionHeld(
            session=work.new_id(),
            held_on=held_on,
            actions=tuple(actions),
            cases=tuple(cases),
            note=note,
        )
        _save(work, state, decisions.hold(state, held, today=work.today), held_on)
        work.unit.respond(session=held.session)
    return work.receipt


@command
def record_not_held(
    desk: Desk,
    *,
    pair: str,
    planned_on: date,
    why: NotHeldWhy,
    note: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record that a planned session was not held. The response holds ``session``."""
    with desk.work(by, once=once) as work:
        state = load_pair(work, pair, "record-supervision", seen)
        session = work.new_id()
        decided = decisions.not_hold(
            state, session=session, planned_on=planned_on, why=why, note=note, today=work.today
        )
        _save(work, state, decided, planned_on)
        work.unit.respond(session=session)
    return work.receipt


@command
def withdraw_session(
    desk: Desk,
    *,
    pair: str,
    session: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that what was recorded of a session was a mistake."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_pair(work, pair, "record-supervision", seen)
        _save(work, state, decisions.withdraw(state, session=session, reason=reason))
    return work.receipt


@command
def end(
    desk: Desk,
    *,
    pair: str,
    on: date,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that the one no longer supervises the other."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_pair(work, pair, "run-supervision", seen)
        _save(work, state, decisions.end(state, on=on, reason=reason, today=work.today), on)
    return work.receipt


@command
def set_prompt_aside(
    desk: Desk,
    *,
    practitioner: str,
    audits: Sequence[str],
    reason: str,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that no check follows from weak audits of a worker's cases: they never prompt again."""
    with desk.work(by, once=once, reason=reason) as work:
        found = [open_audit(work, audit, "read-judgement") for audit in audits]
        decisions.cases_of(practitioner, {one.case_holder for one in found})
        for one in found:
            work.require("run-checks", Resource(service=one.service, team=one.team))
        decided = decisions.set_aside(practitioner=practitioner, audits=audits, reason=reason)
        work.unit.version(prompt_stream(practitioner))
        work.append(prompt_stream(practitioner), *decided, about=f"person:{practitioner}")
    return work.receipt
