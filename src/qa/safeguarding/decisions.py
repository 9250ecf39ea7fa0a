"""Decisions about immediate safeguarding concerns: raised, a manager told, acknowledged.

No audit is submitted while a concern raised from it has reached no manager.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from qa.audits.state import CaseAudit
from qa.core.errors import Conflict, Fault, Forbidden, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.safeguarding import events
from qa.safeguarding.clocks import acknowledge_by, escalate_again_by
from qa.safeguarding.commands import AcknowledgeConcern, RaiseConcern, TellManager
from qa.safeguarding.events import SafeguardingPolicySet
from qa.safeguarding.state import Concern, Concerns


def raise_concern(
    command: RaiseConcern, *, concern: str, reference: str, child: str, team: str, service: str
) -> list[Event]:
    """Say that a child may not be safe now.

    Raises:
        Refused: nothing said, or too much.
    """
    command.check_each()
    return [
        events.SafeguardingConcernRaised(
            concern=concern,
            audit=command.audit,
            reference=reference,
            child=child,
            team=team,
            service=service,
            what=command.what.strip(),
        )
    ]


def tell(
    concern: Concern,
    command: TellManager,
    *,
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
    faults = command.faults()
    if command.manager == by:
        faults.insert(0, Fault("manager", "told-oneself", "Tell somebody other than yourself."))
    elif command.manager in concern.told:
        sentence = "They know of this concern already."
        faults.insert(0, Fault("manager", "told-already", sentence))
    refuse_any(faults)
    return [
        events.SafeguardingManagerTold(
            concern=concern.id,
            manager=command.manager,
            how=command.how,
            acknowledge_by=acknowledge_by(policy, now),
        )
    ]


def acknowledge(concern: Concern, command: AcknowledgeConcern, *, by: str) -> list[Event]:
    """Answer for it, and say what is being done.

    Raises:
        Forbidden: whoever raised it, or somebody who was not told.   NotNow: acknowledged already,
            or nobody was told yet.   Refused: nothing said.
    """
    if concern.acknowledged_by is not None:
        raise NotNow("This concern has been acknowledged.")
    if by == concern.raised_by:
        raise Forbidden(
            "The person who raised a concern cannot acknowledge it.", rule="acknowledge"
        )
    if by not in concern.told:
        raise Forbidden(
            "Only a manager on record as informed can acknowledge this.", rule="acknowledge"
        )
    command.check_each()
    doing = command.doing.strip()
    return [events.SafeguardingConcernAcknowledged(concern=concern.id, doing=doing)]


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
    people: set[str] = set()
    for event in decided:
        if isinstance(event, events.SafeguardingManagerTold):
            people.add(event.manager)
        elif isinstance(event, events.SafeguardingConcernEscalated):
            people.update(event.to)
    return people


def nothing_untold(concerns: Concerns) -> None:
    """The interlock of an audit's submission.

    Raises:
        Conflict: a concern raised from the audit has reached no manager.
    """
    raised_here = (concern for concern in concerns.by_id.values() if concern.stated is None)
    if any(not concern.told for concern in raised_here):
        raise Conflict(
            "A safeguarding concern was raised from this audit and no manager knows of it. "
            "Tell a named manager, then submit.",
            code="concern-untold",
        )


def audit_stands(audit: CaseAudit) -> None:
    """Raises `Conflict` for an audit that was withdrawn or voided."""
    if not audit.stands:
        raise Conflict("This audit no longer stands.", code="audit-not-standing")


def manages_here(name: str, *, manages: bool) -> None:
    """Raises `Refused` for somebody who answers for no concern in this part of the council."""
    if not manages:
        raise Refused(
            f"{name} does not manage this part of the council.",
            field="manager",
            code="not-a-manager",
        )
