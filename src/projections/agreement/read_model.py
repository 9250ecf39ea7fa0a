"""How far moderators agree with auditors, and the profile of grades, as known at any position.

question = Question(start=date(2021, 4, 1), end=date(2022, 3, 31), dimensions=("team",))
agreement = report(connection, question, scales=Scales.of_tools(tools), position=position)
agreement.to_json()
rows(connection, question, figure="moderation_agreement_rate",
     group=agreement.rows[0].group, scales=scales, reach=reach, position=position)
"""

from projections.agreement.behind import AuditBehind, Behind, read_group, rows
from projections.agreement.counting import Scales, last_audit_date, who_judged
from projections.agreement.model import Report, Row
from projections.agreement.profile import DOMAIN, WHOSE
from projections.agreement.profile import report as grade_profile
from projections.agreement.projector import ModerationAgreement
from projections.agreement.question import COHORTS, DIMENSIONS, Question
from projections.agreement.report import report

__all__ = [
    "COHORTS",
    "DIMENSIONS",
    "DOMAIN",
    "WHOSE",
    "AuditBehind",
    "Behind",
    "ModerationAgreement",
    "Question",
    "Report",
    "Row",
    "Scales",
    "grade_profile",
    "last_audit_date",
    "read_group",
    "report",
    "rows",
    "who_judged",
]
