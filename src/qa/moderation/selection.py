"""Which audits are moderated: a versioned policy whose every pick can be explained and redrawn."""

from __future__ import annotations

import hashlib

from qa.core.event import Event
from qa.moderation.commands import SetModerationPolicy
from qa.moderation.events import ModerationPolicySet


def set_policy(current: ModerationPolicySet, command: SetModerationPolicy) -> list[Event]:
    """Set a new version of the policy; audits already picked stay picked under the old one."""
    command.refuse_faults()
    version = current.policy_version + 1
    return [ModerationPolicySet(policy_version=version, **command.model_dump(exclude={"reason"}))]


def draw(seed: str, audit: str) -> int:
    """The audit's place in the lottery, 0–9999: anyone with the seed can draw it again."""
    digest = hashlib.sha256(f"{seed}\n{audit}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10_000


def why_selected(
    policy: ModerationPolicySet,
    *,
    audit: str,
    inadequate: bool,
    outstanding: bool,
    submitted_before: int,
) -> tuple[tuple[str, ...], int]:
    """The lines of the policy that pick this audit (none: not picked), and its place drawn."""
    place = draw(policy.seed, audit)
    reasons: list[str] = []
    if policy.every_inadequate and inadequate:
        reasons.append("inadequate")
    if policy.every_outstanding and outstanding:
        reasons.append("outstanding")
    if submitted_before < policy.first_audits_of_new_auditor:
        reasons.append("new-auditor")
    if place < policy.share_percent * 100:
        reasons.append("random")
    return tuple(reasons), place
