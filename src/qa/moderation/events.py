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
    SCHEMA: ClassVar[int] = 2
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
    settle_difference_within_working_days: int = 10


REASON_CODES = {
    "evidence-overlooked": "Evidence on the file was overlooked",
    "descriptor-misread": "The descriptor was read differently",
    "new-evidence": "New evidence came to light",
    "grade-sound": "The moderator's grade was sound",
    "other": "Another reason",
}


DEFAULT_POLICY = ModerationPolicySet(
    policy_version=0,
    share_percent=25,
    every_inadequate=True,
    every_outstanding=True,
    first_audits_of_new_auditor=3,
    seed="caseloop",
    blind_by_default=True,
    moderator_is_final=False,
    moderate_within_working_days=10,
    decide_dispute_within_working_days=10,
)
"""In force until a QA lead sets another: every inadequate and outstanding audit, the first three
of a new auditor, and a quarter of the rest."""


REASONS = {
    "inadequate": "It was graded in the lowest grade, and every such audit is moderated.",
    "outstanding": "It was graded in the highest grade, and every such audit is moderated.",
    "new-auditor": "It is among the first audits of this auditor.",
    "random": "It was drawn by the repeatable lottery.",
    "by-hand": "A QA lead asked for it.",
    "again": "It was corrected or resubmitted after an earlier moderation.",
}
