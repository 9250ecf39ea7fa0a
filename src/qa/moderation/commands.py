"""What can be asked of moderation: picking audits, moderating one, settling a difference."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.audits import moderation_events
from qa.audits.comparison import GradesGiven
from qa.audits.judgements import AgreedGrade, ModeratedJudgement
from qa.core.command import Command
from qa.core.fields import FieldWords, choice, day, reason_text, target
from qa.core.frozen import Frozen
from qa.moderation.events import ModerationPolicy

OverallGrade = Annotated[str, choice("Overall grade")]
WhyException = Annotated[
    str | None, FieldWords(label="Why a rule of independence is set aside", widget="long")
]


class SetModerationPolicy(ModerationPolicy, Command, stream="moderation-policy"):
    """Set the next version of the moderation policy."""

    reason: Annotated[
        str, reason_text("Why does the policy change?", missing="Say why the policy changes.")
    ]


class ModerationMade(Frozen):
    """The id of the moderation."""

    moderation: str


class SelectForModeration(Command, stream="case-audit:{audit}", result=ModerationMade):
    """Ask for the moderation of an audit that the policy did not pick."""

    audit: Annotated[str, target("The id of the audit.")]


class OfModeration(Command, stream="case-audit:{audit}"):
    """What is asked of a moderation that there is."""

    audit: Annotated[str, target("The id of the audit.")]
    moderation: Annotated[str, target("The id of the moderation.")]


class ModeratorNamed(ModerationMade):
    """The moderation, and whether it is blind."""

    blind: bool


class AssignModeration(OfModeration, result=ModeratorNamed):
    """Name the moderator, blind or open."""

    moderator: moderation_events.Moderator
    exception: WhyException = None
    blind: Annotated[bool | None, moderation_events.BLIND] = None
    due_on: Annotated[date | None, day("Due", "As the policy says, if empty.")] = None


class UnblindModeration(OfModeration):
    """Open the auditor's judgement before giving one's own; the moderation is no longer blind."""

    reason: Annotated[str, reason_text(missing="Say why the judgement must be seen first.")]


class ModerationComparison(Frozen):
    """Whether the moderator comes to the auditor's grades, and the reference of the audit."""

    agrees: bool
    reference: str


class RecordModeration(OfModeration, result=ModerationComparison):
    """Record the moderator's judgement; the result says whether it agrees."""

    overall: moderation_events.ModeratedOverall = ""
    rationale: Annotated[
        str, moderation_events.told_why("Reasons", "Give the reasons for your grade.")
    ]
    judgements: tuple[ModeratedJudgement, ...] = ()
    audit_quality: moderation_events.AuditQuality = None
    audit_quality_comment: moderation_events.AuditQualityComment = ""
    moderated_on: Annotated[date | None, moderation_events.MODERATED_ON] = None

    @property
    def grades(self) -> GradesGiven:
        return GradesGiven.of(self.overall, self.judgements)


class RecordConversation(OfModeration):
    """Note that auditor and moderator talked their difference over."""

    held_on: moderation_events.HeldOn
    note: Annotated[str, FieldWords(label="Note", widget="long")] = ""


class ReconcileGrade(OfModeration):
    """Record the grade that both came to; it is final."""

    overall: OverallGrade = ""
    rationale: Annotated[
        str, moderation_events.told_why("Reasons", "Say how you came to the agreed grade.")
    ]
    judgements: tuple[AgreedGrade, ...] = ()


class DisputeMade(Frozen):
    """The id of the dispute."""

    dispute: str


class DisputeGrade(OfModeration, result=DisputeMade):
    """Challenge the moderator's grade."""

    about: moderation_events.DisputeAbout
    grounds: moderation_events.DisputeGrounds
    evidence: moderation_events.DisputeEvidence = ""


class AssignDispute(OfModeration):
    """Name who decides the dispute."""

    decider: moderation_events.Decider
    exception: WhyException = None


class DecideDispute(OfModeration):
    """Decide the dispute; the decider's grade is final."""

    outcome: moderation_events.DisputeOutcome
    overall: OverallGrade = ""
    reason_code: moderation_events.DisputeReason
    reasons: moderation_events.ReasonsOfDecision
    judgements: tuple[AgreedGrade, ...] = ()


class CancelModeration(OfModeration):
    """Call a moderation off before its judgement is in."""

    reason: Annotated[
        str, reason_text("Why is it cancelled?", missing="Say why the moderation is called off.")
    ]
