"""Decisions about immediate safeguarding concerns: raised, a manager told, acknowledged.

No audit is submitted while a concern raised from it has reached no manager.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from qa.core.errors import Conflict, Fault, Forbidden, NotFound, NotNow, Refused
from qa.core.event import Event, RecordedEvent
from qa.core.words import AuditStatus
from qa.safeguarding import events
from qa.safeguarding.clocks import acknowledge_by, escalate_again_by
from qa.safeguarding.events import SafeguardingPolicySet
from qa.safeguarding.words import HOW_LABELS

LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Concern:
    """A concern as its events leave it. `told` are those who can acknowledge it, in the order in
    which they were told; `next_by` is when it goes a rung higher."""

    id: str
    raised_by: str
    child: str = ""
    team: str = ""
    service: str = ""
    told: tuple[str, ...] = ()
    next_by: datetime | None = None
    rungs: int = 0
    acknowledged_by: str | None = None

    @property
    def waits(self) -> bool:
        """Whether somebody was told and nobody has acknowledged it."""
        return bool(self.told) and self.acknowledged_by is None


@dataclass(frozen=True, slots=True)
class Concerns:
    """The concerns of one audit."""

    held: Mapping[str, Concern] = field(default_factory=dict)

    def one(self, concern: str) -> Concern:
        """Raises `NotFound` for a concern that was never raised."""
        found = self.held.get(concern)
        if found is None:
            raise NotFound("There is no such concern.")
        return found


def evolve(state: Concerns, recorded: RecordedEvent[Any]) -> Concerns:
    event = recorded.event
    match event:
        case events.SafeguardingConcernRaised():
            changed = Concern(
                id=event.concern,
                raised_by=recorded.meta.by,
                child=event.child,
                team=event.team,
                service=event.service,
            )
        case events.SafeguardingManagerTold():
            old = state.held[event.concern]
            next_by = old.next_by or event.acknowledge_by
            changed = replace(old, told=_also(old.told, (event.manager,)), next_by=next_by)
        case events.SafeguardingConcernEscalated():
            old = state.held[event.concern]
            changed = replace(
                old, told=_also(old.told, event.to), next_by=event.acknowledge_by, rungs=event.rung
            )
        case events.SafeguardingConcernAcknowledged():
            old = state.held[event.concern]
            changed = replace(old, acknowledged_by=recorded.meta.by)
        case _:
            return state
    return Concerns({**state.held, changed.id: changed})


def _also(told: tuple[str, ...], further: Collection[str]) -> tuple[str, ...]:
    return (*told, *(one for one in further if one not in told))


def raise_concern(raised: events.SafeguardingConcernRaised) -> list[Event]:
    """Say that a child may not be safe now.

    Raises:
        Refused: nothing said, or too much.
    """
    _said(raised.what, "what", "Say what you fear for the child, and why.")
    return [raised]


def tell(
    concern: Concern,
    *,
    manager: str,
    how: str,
    policy: SafeguardingPolicySet,
    by: str,
    now: datetime,
) -> list[Event]:
    """Record that a named manager was told. The clock starts with the first one.

    Raises:
        Refused: oneself, or no way of telling.   NotNow: acknowledged already.
    """
    if concern.acknowledged_by is not None:
        raise NotNow("This concern has been acknowledged.")
    faults = []
    if manager == by:
        faults.append(Fault("manager", "told-oneself", "Tell somebody other than yourself."))
    elif manager in concern.told:
        faults.append(Fault("manager", "told-already", "They have been told of this concern."))
    if how not in HOW_LABELS:
        faults.append(Fault("how", "how-missing", "Say how they were told."))
    if faults:
        raise Refused(faults)
    return [
        events.SafeguardingManagerTold(
            concern=concern.id,
            manager=manager,
            how=how,
            acknowledge_by=acknowledge_by(policy, now),
        )
    ]


def acknowledge(concern: Concern, *, doing: str, by: str) -> list[Event]:
    """Answer for it, and say what is being done.

    Raises:
        Forbidden: whoever raised it, or somebody who was not told.   NotNow: acknowledged already,
            or nobody was told yet.   Refused: nothing said.
    """
    if concern.acknowledged_by is not None:
        raise NotNow("This concern has been acknowledged.")
    if by == concern.raised_by:
        raise Forbidden("Whoever raised a concern cannot acknowledge it.", rule="acknowledge")
    if by not in concern.told:
        raise Forbidden("Only a manager who was told can acknowledge this.", rule="acknowledge")
    _said(doing, "doing", "Say what is being done for the child.")
    return [events.SafeguardingConcernAcknowledged(concern=concern.id, doing=doing.strip())]


def escalate(
    concern: Concern,
    *,
    up: Sequence[str],
    leads: Sequence[str],
    policy: SafeguardingPolicySet,
    now: datetime,
) -> list[Event]:
    """Tell the next one up: the first of `up` (the line above who was told first) who does not
    know, then the `leads` who do not, then all of them again until the policy's last rung.

    Nothing where it is not yet due, acknowledged, or the last rung was reached.
    """
    if not concern.waits or concern.next_by is None or now < concern.next_by:
        return []
    if concern.rungs >= policy.escalations_at_most:
        return []
    above = [one for one in up if one not in concern.told and one != concern.raised_by][:1]
    others = [one for one in leads if one not in concern.told and one != concern.raised_by]
    return [
        events.SafeguardingConcernEscalated(
            concern=concern.id,
            rung=concern.rungs + 1,
            to=tuple(above or others or concern.told),
            acknowledge_by=escalate_again_by(policy, now),
        )
    ]


def told_by(decided: Sequence[Event]) -> set[str]:
    """Everybody whom these events tell of a concern."""
    told: set[str] = set()
    for event in decided:
        if isinstance(event, events.SafeguardingManagerTold):
            told.add(event.manager)
        elif isinstance(event, events.SafeguardingConcernEscalated):
            told.update(event.to)
    return told


def nothing_untold(concerns: Concerns) -> None:
    """The interlock of an audit's submission.

    Raises:
        Conflict: a concern raised from the audit has reached no manager.
    """
    if any(not concern.told for concern in concerns.held.values()):
        raise Conflict(
            "A safeguarding concern was raised from this audit and no manager has been told. "
            "Tell a named manager, then submit.",
            code="concern-untold",
        )


def _said(text: str, name: str, sentence: str) -> None:
    if not text.strip():
        raise Refused(sentence, field=name, code=f"{name}-missing")
    if len(text) > LONGEST:
        raise Refused(f"Use {LONGEST} characters or fewer.", field=name, code=f"{name}-long")


def audit_stands(status: AuditStatus | None) -> None:
    """Raises `Conflict` for an audit that was withdrawn or voided."""
    if status in (AuditStatus.WITHDRAWN, AuditStatus.VOIDED):
        raise Conflict("This audit no longer stands.", code="audit-not-standing")


def manages_here(name: str, *, manages: bool) -> None:
    """Raises `Refused` for somebody who answers for no concern in this part of the council."""
    if not manages:
        raise Refused(
            f"{name} does not manage this part of the council.",
            field="manager",
            code="not-a-manager",
        )
