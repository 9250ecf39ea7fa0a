"""What the API answers about self-evaluations, and what the JSON of a copy holds."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, Self, cast

from pydantic import BaseModel

from api.json.row_out import RowOut
from api.self_evaluation.evidence_reading import ShownEvidence
from api.self_evaluation.reading import ShownClaim, ShownEvaluation
from projections.self_evaluation.tables import EvaluationCopyRow, SelfEvaluationRow
from qa.audit_tools.definition import JudgementArea

_KEPT = ("stream_version", "begun_us", "rendering", "sha256", "sent_as_at")


EvidenceKind = Literal["figure", "audit", "action", "plan-action"]


class SelfEvaluationOut(RowOut, row=SelfEvaluationRow, without=_KEPT):
    """A self-evaluation, and where it stands; `sent` is the position that it is in review at."""


class SelfEvaluationsOut(BaseModel):
    """The self-evaluations, the last begun first."""

    position: int
    evaluations: list[SelfEvaluationOut]


class ClaimEvidenceOut(BaseModel):
    """A piece of evidence: what it shows, and what it showed when somebody last looked at it, on
    `looked_on`. Figures have counts, a value and the address of their receipt; a record is null for
    readers outside."""

    evidence: str
    kind: EvidenceKind
    what: str
    as_at: date
    looked_on: date
    was: str
    shows: str
    moved: bool
    causes: list[str]
    numerator: int | None
    denominator: int | None
    value: str | None
    unit: str | None
    rule: str | None
    record: str | None
    receipt: str | None


class EvaluationClaimOut(BaseModel):
    """A claim under a judgement area. `restricted` counts the evidence that the reader may not
    see."""

    claim: str
    area: JudgementArea
    area_name: str
    known: str
    how_known: str
    will_do: str
    by: str
    confirmed: str
    moved: bool
    evidence: list[ClaimEvidenceOut]
    restricted: int


class EvaluationContentOut(BaseModel):
    """What a self-evaluation says, as recorded up to a position."""

    title: str
    council: str
    author: str
    start: date
    end: date
    as_at: date
    position: int
    areas_mapped: str
    claims: list[EvaluationClaimOut]


class EvaluationCopyOut(RowOut, row=EvaluationCopyRow, without=("frozen_us", "letterhead")):
    """A frozen copy; `sha256` is of its JSON file, and `same_bytes` says that made again it is the
    same."""

    same_bytes: bool | None = None
    for_outside: str = ""

    @classmethod
    def of(cls, row: EvaluationCopyRow, **more: Any) -> Self:
        return super().of(row, for_outside=row.for_outside, **more)


class OpenedSelfEvaluationOut(SelfEvaluationOut):
    """A self-evaluation, whole, as far as the caller may see it."""

    version: int
    content: EvaluationContentOut
    frozen: list[EvaluationCopyOut]


class OpenedCopyOut(EvaluationCopyOut):
    """A frozen copy with what it says, as far as the caller may see it."""

    content: EvaluationContentOut


def receipt_address(one: ShownEvidence, position: int) -> str:
    """The short address of the receipt of a figure, at an entry of the log."""
    row = one.row
    return f"/receipts/{row.evaluation[:8]}-{row.evidence}-{position}"


def _evidence_out(one: ShownEvidence, position: int, outside: bool) -> ClaimEvidenceOut:
    figure = one.figure
    value = None if figure is None or figure.value is None else f"{figure.value:f}"
    return ClaimEvidenceOut.model_construct(
        evidence=one.row.evidence,
        kind=cast("EvidenceKind", one.row.kind),
        what=one.outside if outside else one.called,
        as_at=one.row.on,
        looked_on=one.row.looked,
        was=one.was,
        shows=one.now,
        moved=one.moved,
        # They name records.
        causes=[] if outside else list(one.causes),
        numerator=None if figure is None else figure.numerator,
        denominator=None if figure is None else figure.denominator,
        value=value,
        unit=None if figure is None else figure.unit,
        rule=one.rule or None,
        record=None if outside or one.is_figure else one.row.record,
        receipt=receipt_address(one, position) if one.is_figure else None,
    )


def _claim_out(claim: ShownClaim, position: int, outside: bool) -> EvaluationClaimOut:
    row = claim.row
    return EvaluationClaimOut.model_construct(
        claim=row.claim,
        area=row.under,
        area_name=row.under.label,
        known=row.known,
        how_known=row.how_known,
        will_do=row.will_do,
        by=claim.by,
        # It may name records, and says who looked.
        confirmed="" if outside else claim.confirmed,
        moved=claim.moved,
        evidence=[_evidence_out(one, position, outside) for one in claim.evidence],
        restricted=claim.restricted,
    )


def content_out(made: ShownEvaluation, *, outside: bool) -> EvaluationContentOut:
    """What it says; to readers outside no record is named."""
    row = made.evaluation.row
    start, end = row.days
    return EvaluationContentOut.model_construct(
        title=row.title,
        council=row.council,
        author=made.author,
        start=start,
        end=end,
        as_at=made.at.day,
        position=made.at.shown,
        areas_mapped=made.mapping,
        claims=[_claim_out(one, made.at.shown, outside) for one in made.claims],
    )
