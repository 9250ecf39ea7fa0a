"""The policy that audits are picked by. What happens to one moderation stands on the stream of its
audit: `qa.audits.moderation_events`."""

from __future__ import annotations

from typing import ClassVar

from qa.core.event import Event

POLICY_STREAM = "moderation-policy"


class ModerationPolicySet(Event):
    """The policy by which audits are picked for moderation (stream ``moderation-policy``).

    `share_percent` of the remaining audits is drawn by a repeatable lottery with `seed`.
    """

    TYPE: ClassVar[str] = "ModerationPolicySet"
    policy_version: int
    share_percent: int
    every_inadequate: bool
    every_outstanding: bool
    first_audits_of_new_auditor: int
    seed: str
    blind_by_default: bool
    moderator_is_final: bool
    moderate_within_working_days: int
    decide_dispute_within_working_days: int
    small_number: int = 10
