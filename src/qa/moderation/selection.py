"""Which audits are moderated: a versioned policy whose every pick can be explained and redrawn."""

from __future__ import annotations

import hashlib
from typing import Any

from qa.core.errors import Fault, Refused
from qa.core.event import Event, RecordedEvent
from qa.core.words import Scale
from qa.moderation import events


def evolve_policy(
    state: events.ModerationPolicySet, recorded: RecordedEvent[Any]
) -> events.ModerationPolicySet:
    event = recorded.event
    return event if isinstance(event, events.ModerationPolicySet) else state


def set_policy(
    current: events.ModerationPolicySet, proposed: events.ModerationPolicySet
) -> list[Event]:
    """Set a new version of the policy; audits already picked stay picked under the old one."""
    faults: list[Fault] = []
    if not 0 <= proposed.share_percent <= 100:
        faults.append(Fault("share_percent", "share-range", "The share is between 0 and 100."))
    if not 0 <= proposed.first_audits_of_new_auditor <= 50:
        faults.append(
            Fault("first_audits_of_new_auditor", "number-range", "Enter a number from 0 to 50.")
        )
    for field in (
        "moderate_within_working_days",
        "settle_difference_within_working_days",
        "decide_dispute_within_working_days",
    ):
        if not 1 <= getattr(proposed, field) <= 120:
            faults.append(Fault(field, "days-range", "Enter working days from 1 to 120."))
    if not 1 <= proposed.small_number <= 100:
        faults.append(Fault("small_number", "number-range", "Enter a number from 1 to 100."))
    if not proposed.seed.strip():
        faults.append(Fault("seed", "seed-missing", "The lottery needs a seed."))
    if faults:
        raise Refused(faults)
    version = current.policy_version + 1
    return [proposed.model_copy(update={"policy_version": version})]


def draw(seed: str, audit: str) -> int:
    """The audit's place in the lottery, 0–9999: anyone with the seed can draw it again."""
    digest = hashlib.sha256(f"{seed}\n{audit}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10_000


def why_selected(
    policy: events.ModerationPolicySet,
    *,
    audit: str,
    overall: str,
    scale: Scale,
    submitted_before: int,
) -> tuple[tuple[str, ...], int]:
    """The lines of the policy that pick this audit (none: not picked), and its place drawn."""
    ranks = [point.rank for point in scale.points if point.rank is not None]
    rank = scale.rank(overall)
    place = draw(policy.seed, audit)
    reasons: list[str] = []
    if policy.every_inadequate and rank == max(ranks):
        reasons.append("inadequate")
    if policy.every_outstanding and rank == min(ranks):
        reasons.append("outstanding")
    if submitted_before < policy.first_audits_of_new_auditor:
        reasons.append("new-auditor")
    if place < policy.share_percent * 100:
        reasons.append("random")
    return tuple(reasons), place
