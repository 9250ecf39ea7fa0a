"""Commands on learning themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.actions.reactions import load_action
from qa.audits.commands.loading import open_audit
from qa.authorisation.context import Desk, Once, Work, command
from qa.core import naming
from qa.core.errors import NotFound, Refused
from qa.core.event import Event
from qa.core.words import Actor
from qa.indicators import state as indicator_state
from qa.indicators.events import indicator_stream
from qa.indicators.state import Indicator
from qa.learning import decisions
from qa.learning.decisions import LearningTheme, Named
from qa.learning.events import Effect, TagKind, theme_stream
from qa.people.commands.loading import present
from qa.plans import action_state
from qa.plans.action_events import plan_action_stream
from qa.plans.action_state import PlanAction
from qa.store.unit import Receipt


def _named(work: Work, *texts: str) -> Named:
    """Who could be named in these texts."""
    lookups, connection = work.desk.lookups, work.unit.connection
    references = naming.like_references(texts)
    return Named(
        lookups.names_of_everybody(connection),
        lookups.children_in_use(connection, references) if references else (),
    )


def _load(work: Work, theme: str, seen: int | None) -> LearningTheme:
    work.require("keep-learning")
    stream = theme_stream(theme)
    state = work.unit.load(stream, decisions.evolve, LearningTheme())
    decisions.known(state)
    if seen is not None:
        work.unit.expect(stream, seen)
    return state


@command
def open_theme(
    desk: Desk, *, title: str, question: str, by: Actor, once: Once | None = None
) -> Receipt:
    """Open a theme. The response holds ``theme``.

    Raises:
        Refused: every fault, by field; a text that names a worker or a child.
    """
    with desk.work(by, once=once) as work:
        work.require("keep-learning")
        theme = work.new_id()
        named = _named(work, title, question)
        decided = decisions.open_theme(theme=theme, title=title, question=question, named=named)
        work.append(theme_stream(theme), *decided)
        work.unit.respond(theme=theme)
    return work.receipt


def _change(
    desk: Desk,
    theme: str,
    decide: Callable[[Work, LearningTheme], list[Event]],
    seen: int | None,
    by: Actor,
    once: Once | None,
    reason: str | None = None,
) -> Receipt:
    with desk.work(by, once=once, reason=reason) as work:
        state = _load(work, theme, seen)
        decided = decide(work, state)
        # What the policy was asked last is a record behind the theme: the role is the keeper's.
        work.require("keep-learning")
        work.append(theme_stream(theme), *decided)
    return work.receipt


@command
def tag(
    desk: Desk,
    *,
    theme: str,
    kind: TagKind,
    record: str,
    part: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Tag something to a theme.

    Raises:
        Refused: there is no such thing, or it may not be known of; said at ``record`` or ``part``.
    """

    def decide(work: Work, state: LearningTheme) -> list[Event]:
        _there(work, kind, record, part)
        return decisions.tag(state, kind=kind, record=record, part=part)

    return _change(desk, theme, decide, seen, by, once)


def _there(work: Work, kind: TagKind, record: str, part: str) -> None:
    try:
        if kind in ("finding", "strength"):
            _part_of_audit(work, kind, record, part)
        elif kind == "action":
            load_action(work, record, "read-action")
        elif kind == "plan-action":
            held = work.unit.load(plan_action_stream(record), action_state.evolve, PlanAction())
            action_state.known(held)
        else:
            indicator = work.unit.load(
                indicator_stream(record), indicator_state.evolve, Indicator()
            )
            indicator_state.known(indicator)
    except NotFound as missing:
        raise Refused(missing.sentence, field="record", code="record-unknown") from None


def _part_of_audit(work: Work, kind: TagKind, audit: str, part: str) -> None:
    state = open_audit(work, audit, "read-judgement")
    decisions.part_of_audit(kind, state, part)


@command
def untag(
    desk: Desk,
    *,
    theme: str,
    kind: TagKind,
    record: str,
    part: str = "",
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that something does not belong to a theme after all."""

    def decide(work: Work, state: LearningTheme) -> list[Event]:
        named = _named(work, reason)
        return decisions.untag(
            state, kind=kind, record=record, part=part, reason=reason, named=named
        )

    return _change(desk, theme, decide, seen, by, once, reason)


@command
def share(
    desk: Desk,
    *,
    theme: str,
    where: str,
    with_whom: str,
    message: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say where the learning was shared, and its key message."""

    def decide(work: Work, state: LearningTheme) -> list[Event]:
        named = _named(work, where, with_whom, message)
        return decisions.share(
            state, where=where, with_whom=with_whom, message=message, named=named
        )

    return _change(desk, theme, decide, seen, by, once)


@command
def change_practice(
    desk: Desk,
    *,
    theme: str,
    what: str,
    evidence: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say how practice changed, and what shows it."""

    def decide(work: Work, state: LearningTheme) -> list[Event]:
        named = _named(work, what, evidence)
        return decisions.change_practice(state, what=what, evidence=evidence, named=named)

    return _change(desk, theme, decide, seen, by, once)


@command
def re_audit(
    desk: Desk,
    *,
    theme: str,
    audits: Sequence[str],
    found: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say which later audits looked whether the change holds, and what they found."""

    def decide(work: Work, state: LearningTheme) -> list[Event]:
        for audit in audits:
            try:
                submitted = open_audit(work, audit, "read-judgement").submitted
            except NotFound:
                submitted = False
            decisions.looked_again(submitted)
        return decisions.re_audit(state, audits=audits, found=found, named=_named(work, found))

    return _change(desk, theme, decide, seen, by, once)


@command
def close(
    desk: Desk,
    *,
    theme: str,
    effect: Effect,
    why: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Close a theme with its effect."""

    def decide(work: Work, state: LearningTheme) -> list[Event]:
        return decisions.close(state, effect=effect, why=why, named=_named(work, why))

    return _change(desk, theme, decide, seen, by, once)


@command
def share_good_practice(
    desk: Desk,
    *,
    theme: str,
    audit: str,
    strength: int,
    text: str,
    worker: str,
    thanks: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Hold a tagged strength of a final audit up as an example, and thank the worker. The response
    holds ``exemplar``.

    Raises:
        Refused: every fault, by field.   NotNow: the audit is not final.
    """
    with desk.work(by, once=once) as work:
        state = _load(work, theme, seen)
        held = open_audit(work, audit, "read-judgement")
        decisions.grade_is_final(held)
        present(work, worker, field="worker")
        work.require("keep-learning")
        exemplar = work.new_id()
        decided = decisions.share_good_practice(
            state,
            exemplar=exemplar,
            audit=audit,
            strength=strength,
            text=text,
            worker=worker,
            thanks=thanks,
            named=_named(work, text),
        )
        work.append(theme_stream(theme), *decided, about=f"person:{worker}")
        work.unit.respond(exemplar=exemplar)
    return work.receipt
