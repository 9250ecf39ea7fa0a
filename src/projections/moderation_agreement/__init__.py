"""How far moderators agree with auditors, and the profile of grades, as known at any position."""

from projections.moderation_agreement.agreement import report
from projections.moderation_agreement.counting import Scales
from projections.moderation_agreement.projector import ModerationAgreement
from projections.moderation_agreement.question import COHORTS, DIMENSIONS, Question
from projections.moderation_agreement.report import Report, Row

__all__ = [
    "COHORTS",
    "DIMENSIONS",
    "ModerationAgreement",
    "Question",
    "Report",
    "Row",
    "Scales",
    "report",
]
