"""Commands on indicators: what they are, what they should reach, and the values they take."""

from __future__ import annotations

from datetime import date

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.periods import parse_period
from qa.core.words import Actor
from qa.indicators import checks, decisions
from qa.indicators import state as indicator_state
from qa.indicators.checks import DefinitionDraft, TargetDraft
from qa.indicators.events import indicator_stream
from qa.indicators.state import Indicator
from qa.indicators.values import ValueDraft
from qa.store.unit import Receipt


def _load(work: Work, indicator_id: str, seen: int | None) -> Indicator:
    work.require("run-indicators")
    stream = indicator_stream(indicator_id)
    state = work.unit.load(stream, indicator_state.evolve, Indicator())
    indicator_state.known(state)
    if seen is not None:
        work.unit.expect(stream, seen)
    return state


def true_of(day: date, today: date) -> date:
    """The day an event about `day` is true of; nothing is true before its day has come."""
    return min(day, today)


@command
def define(
    desk: Desk,
    *,
    draft: DefinitionDraft,
    id: str = "",
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Define an indicator. Without an `id` its name makes one. The response holds ``indicator``.

    Raises:
        Refused: every fault, by field.   Conflict: the id is taken.
    """
    with desk.work(by, once=once) as work:
        work.require("run-indicators")
        chosen = id.strip() or checks.id_for(draft.name)
        stream = indicator_stream(chosen)
        state = work.unit.load(stream, indicator_state.evolve, Indicator())
        decided = decisions.define(state, id=chosen, draft=draft)
        assert draft.since is not None
        work.append(stream, *decided, effective_on=true_of(draft.since, work.today))
        work.unit.respond(indicator=chosen)
    return work.receipt


@command
def redefine(
    desk: Desk,
    *,
    indicator_id: str,
    draft: DefinitionDraft,
    breaks: bool,
    reason: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Change what an indicator is from the first day of a period on."""
    with desk.work(by, once=once, reason=reason) as work:
        state = _load(work, indicator_id, seen)
        decided = decisions.redefine(state, draft=draft, breaks=breaks)
        assert draft.since is not None
        work.append(
            indicator_stream(indicator_id),
            *decided,
            effective_on=true_of(draft.since, work.today),
        )
    return work.receipt


@command
def set_target(
    desk: Desk,
    *,
    indicator_id: str,
    draft: TargetDraft,
    reason: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Set the target that holds from a day on."""
    with desk.work(by, once=once, reason=reason) as work:
        state = _load(work, indicator_id, seen)
        decided = decisions.set_target(state, draft=draft)
        assert draft.since is not None
        work.append(
            indicator_stream(indicator_id),
            *decided,
            effective_on=true_of(draft.since, work.today),
        )
    return work.receipt


@command
def decide_polarity(
    desk: Desk,
    *,
    indicator_id: str,
    polarity: str,
    since: date | None,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Decide which way is better from a day on."""
    with desk.work(by, once=once, reason=reason) as work:
        state = _load(work, indicator_id, seen)
        decided = decisions.decide_polarity(state, polarity=polarity, since=since, reason=reason)
        assert since is not None
        work.append(
            indicator_stream(indicator_id), *decided, effective_on=true_of(since, work.today)
        )
    return work.receipt


@command
def observe(
    desk: Desk,
    *,
    indicator_id: str,
    draft: ValueDraft,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record the value of a period, true of the period's last day.

    Raises:
        Refused: every fault, by field; among them a period that has a value of this source.
    """
    with desk.work(by, once=once) as work:
        state = _load(work, indicator_id, seen)
        decided = decisions.observe(state, draft=draft, today=work.today)
        work.append(
            indicator_stream(indicator_id),
            *decided,
            effective_on=parse_period(draft.period).end,
        )
    return work.receipt


@command
def restate(
    desk: Desk,
    *,
    indicator_id: str,
    draft: ValueDraft,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Replace a value, which stays on record beside the new one, with a reason."""
    with desk.work(by, once=once, reason=reason) as work:
        state = _load(work, indicator_id, seen)
        decided = decisions.restate(state, draft=draft, reason=reason, today=work.today)
        work.append(
            indicator_stream(indicator_id),
            *decided,
            effective_on=parse_period(draft.period).end,
        )
    return work.receipt


@command
def observe_comparator(
    desk: Desk,
    *,
    indicator_id: str,
    comparator: str,
    period: str,
    value: str,
    note: str = "",
    reason: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record a value of others (England, statistical neighbours) to set beside."""
    with desk.work(by, once=once, reason=reason) as work:
        state = _load(work, indicator_id, seen)
        decided = decisions.observe_comparator(
            state,
            comparator=comparator,
            period=period,
            value=value,
            note=note,
            reason=reason,
            today=work.today,
        )
        ended = true_of(parse_period(period).end, work.today)
        work.append(indicator_stream(indicator_id), *decided, effective_on=ended)
    return work.receipt


@command
def record_claim(
    desk: Desk,
    *,
    indicator_id: str,
    period: str,
    text: str,
    source: str,
    claimed: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Keep what a document says of the indicator beside what its values say."""
    with desk.work(by, once=once) as work:
        state = _load(work, indicator_id, seen)
        decided = decisions.record_claim(
            state,
            claim=work.new_id(),
            period=period,
            text=text,
            source=source,
            claimed=claimed,
            today=work.today,
        )
        work.append(indicator_stream(indicator_id), *decided)
    return work.receipt


@command
def break_series(
    desk: Desk,
    *,
    indicator_id: str,
    period: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that values from a period on are not comparable with those before."""
    with desk.work(by, once=once, reason=reason) as work:
        state = _load(work, indicator_id, seen)
        decided = decisions.break_series(state, period=period, reason=reason, today=work.today)
        work.append(
            indicator_stream(indicator_id), *decided, effective_on=parse_period(period).start
        )
    return work.receipt


@command
def rebase(
    desk: Desk,
    *,
    indicator_id: str,
    period: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Decide that the limits of the control chart are calculated anew from a period on."""
    with desk.work(by, once=once, reason=reason) as work:
        state = _load(work, indicator_id, seen)
        decided = decisions.rebase(state, period=period, reason=reason, today=work.today)
        work.append(indicator_stream(indicator_id), *decided)
    return work.receipt


@command
def retire(
    desk: Desk,
    *,
    indicator_id: str,
    after: date | None,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Ask for no new values after a day."""
    with desk.work(by, once=once, reason=reason) as work:
        state = _load(work, indicator_id, seen)
        decided = decisions.retire(state, after=after, reason=reason)
        work.append(indicator_stream(indicator_id), *decided)
    return work.receipt
