"""The policy that audits are picked by. What happens to one moderation stands on the stream of its
audit: `qa.audits.moderation_events`."""

from __future__ import annotations

from typing import Annotated, ClassVar

from qa.core.event import Event
from qa.core.fields import FieldWords, tick, whole
from qa.core.frozen import Frozen

POLICY_STREAM = "moderation-policy"


def _number(label: str, least: int, most: int, **more: str) -> FieldWords:
    return whole(label, least, most, missing="", **{"code": "number-range", **more})


def _working_days(label: str) -> FieldWords:
    return _number(label, 1, 120, unit="working days", code="days-range")


class ModerationPolicy(Frozen):
    """What the policy says."""

    share_percent: Annotated[
        int,
        FieldWords(
            label="Share drawn at random (%)", widget="whole", least=0, most=100,
            code="share-range", sentence="The share is between 0 and 100.",
        ),
    ]  # fmt: skip
    every_inadequate: Annotated[bool, tick("Every audit in the lowest grade")]
    every_outstanding: Annotated[bool, tick("Every audit in the highest grade")]
    first_audits_of_new_auditor: Annotated[int, _number("First audits of a new auditor", 0, 50)]
    seed: Annotated[
        str,
        FieldWords(
            label="Seed of the draw",
            hint="Anyone who knows it can draw again and come to the same audits.",
            missing="The draw needs a seed.",
        ),
    ]
    blind_by_default: Annotated[bool, tick("Blind unless decided otherwise")]
    moderator_is_final: Annotated[bool, tick("The moderator has the last word")]
    moderate_within_working_days: Annotated[int, _working_days("Working days to moderate")]
    decide_dispute_within_working_days: Annotated[
        int, _working_days("Working days to decide a dispute")
    ]
    small_number: Annotated[int, _number("Smallest number shown as a rate", 1, 100)] = 10
    settle_difference_within_working_days: Annotated[
        int, _working_days("Working days to settle a difference")
    ] = 10


class _Versioned(Frozen):
    policy_version: int


class ModerationPolicySet(ModerationPolicy, _Versioned, Event):
    """The policy by which audits are picked for moderation (stream ``moderation-policy``).

    `share_percent` of the remaining audits is drawn by a repeatable lottery with `seed`.
    """

    SCHEMA: ClassVar[int] = 2


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
    "random": "It was drawn at random.",
    "by-hand": "A QA lead asked for it.",
    "again": "It was corrected or resubmitted after an earlier moderation.",
}
