"""What the API answers about agreement and grades."""

from __future__ import annotations

from pydantic import BaseModel

from api.json.figure_out import FigureRowOut, ReportMomentOut
from api.json.moment_out import OfMomentOut
from projections.agreement.behind import AuditBehind
from projections.agreement.model import AgreementReport, AgreementRow
from projections.agreement.question import Cohort


class AgreementRowOut(FigureRowOut):
    """A row of the report. `matrix` holds auditor's (down) by moderator's (across) grades, by
    `grades`, best first; `reading` says which figure of agreement to trust."""

    grades: list[str]
    matrix: list[list[int]]
    reading: str
    caveats: list[str]


class AgreementReportOut(BaseModel):
    """A report on grades. `totals` are of the whole range, one a scale (none by domain)."""

    report: str
    title: str
    as_at: ReportMomentOut
    cohort: Cohort
    cohort_rule: str
    blind: bool | None
    caveats: list[str]
    rows: list[AgreementRowOut]
    totals: list[AgreementRowOut]

    @classmethod
    def of(cls, made: AgreementReport) -> AgreementReportOut:
        return cls.model_construct(
            None,
            report=made.name,
            title=made.title,
            as_at=ReportMomentOut.of(made),
            cohort=made.question.cohort,
            cohort_rule=made.cohort_rule,
            blind=made.question.blind,
            caveats=list(made.caveats),
            rows=[*map(_row, made.rows)],
            totals=[*map(_row, made.totals)],
        )


def _row(row: AgreementRow) -> AgreementRowOut:
    return AgreementRowOut.of(
        row,
        grades=list(row.grades),
        matrix=[list(line) for line in row.matrix],
        reading=row.reading,
        caveats=list(row.caveats),
    )


class AgreementRowsOut(OfMomentOut):
    """The audits behind a figure; the caller is not shown the `hidden` ones."""

    figure: str
    group: dict[str, str]
    audits: list[AuditBehind]
    hidden: int
