"""The chart of the home page: the grades given in the last quarters, and all of them by now."""

from __future__ import annotations

from datetime import timedelta

from api.agreement import report
from api.agreement.charts import grade_charts
from api.agreement.document import words_of
from api.charts.drawing import Chart
from api.reports.declaration import report_called
from api.web.context import Reading
from projections.agreement.model import AgreementRow
from projections.agreement.question import AgreementQuestion
from qa.authorisation.policy import can
from qa.core.periods import PeriodKind, period_of

QUARTERS = 6


def grades_of_last_quarters(reading: Reading) -> Chart | None:
    """The grades of the last six quarters, for readers of reports; None before the first audit."""
    if not can(reading.actor, "read-report").allowed:
        return None
    now = period_of(reading.at.on, PeriodKind.QUARTER)
    first = now
    for _ in range(QUARTERS - 1):
        first = period_of(first.start - timedelta(days=1), PeriodKind.QUARTER)
    question = AgreementQuestion(start=first.start, end=now.end, by=PeriodKind.QUARTER)
    made = report.make(reading.connection, "grades", question, reading.at, actor=reading.actor)
    if not any(figure.numerator for row in made.rows for figure in row.figures.values()):
        return None
    words, scales = words_of(reading.connection, made)
    kind = report_called("grades")

    def href(row: AgreementRow, figure: str) -> str:
        return kind.why_link(row.figures[figure].basis.rows, reading.moment)

    return next(iter(grade_charts(made, words, scales, href)), None)


HOME_CHART = grades_of_last_quarters
