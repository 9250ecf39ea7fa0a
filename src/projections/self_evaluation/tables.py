"""The read rows of self-evaluations."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

import orjson

from projections.core.typed_rows import JsonText, Position, ReadTable
from qa.audit_tools.definition import JudgementArea
from qa.core.clock import from_microseconds
from qa.publishing.events import PublishedLetterhead, ReportAsked
from qa.self_evaluation.events import FigureAsTied

FIGURE = "figure"
"""The kind of a piece of evidence that is no record."""


class SelfEvaluationRow(NamedTuple):
    """A self-evaluation: `sent` is the position that it is in review at, and `copies` how many
    were frozen."""

    evaluation: str
    stream_version: int
    title: str
    council: str
    start: str
    end: str
    author: str
    begun_us: Position
    stage: str = "draft"
    reviewer: str | None = None
    sent: Position | None = None
    sent_as_at: str | None = None
    sha256: str | None = None
    rendering: int | None = None
    returned_because: str | None = None
    copies: int = 0

    @property
    def days(self) -> tuple[date, date]:
        return date.fromisoformat(self.start), date.fromisoformat(self.end)


class EvaluationClaimRow(NamedTuple):
    """A claim, who worded it last, and how it was last found to be true still."""

    evaluation: str
    claim: str
    made: Position
    area: str
    known: str
    how_known: str
    will_do: str
    by: str
    written_us: Position
    confirmed_by: str | None = None
    confirmed_us: Position | None = None
    confirmed_note: str | None = None

    @property
    def under(self) -> JudgementArea:
        return JudgementArea(self.area)

    @property
    def confirmed_at(self) -> datetime | None:
        return None if self.confirmed_us is None else from_microseconds(self.confirmed_us)


class EvaluationEvidenceRow(NamedTuple):
    """A piece of evidence as it was last looked at, up to `position` on the day `looked_on`. `kind`
    is ``figure``, of the report `asked` for, or that of the `record`. A figure is asked of the day
    `as_at` for as long as it is tied: what was due on it is asked again."""

    evaluation: str
    claim: str
    evidence: str
    number: int
    kind: str
    position: Position
    as_at: str
    looked_on: str
    by: str
    record: str = ""
    asked: JsonText | None = None
    figure: str = ""
    row: JsonText = JsonText("{}")
    told: JsonText | None = None

    @property
    def on(self) -> date:
        return date.fromisoformat(self.as_at)

    @property
    def looked(self) -> date:
        return date.fromisoformat(self.looked_on)

    @property
    def report_asked(self) -> ReportAsked:
        return ReportAsked.model_validate_json(self.asked or "")

    @property
    def group(self) -> dict[str, str]:
        """What names the row of the report."""
        found: dict[str, str] = orjson.loads(self.row)
        return found

    @property
    def figure_told(self) -> FigureAsTied:
        return FigureAsTied.model_validate_json(self.told or "")


class EvaluationCopyRow(NamedTuple):
    """A frozen copy: the self-evaluation as recorded up to `position`, agreed by the reviewer
    `by`."""

    evaluation: str
    number: int
    position: Position
    as_at: str
    sha256: str
    rendering: int
    letterhead: JsonText
    by: str
    frozen_us: Position

    @property
    def on(self) -> date:
        return date.fromisoformat(self.as_at)

    @property
    def at(self) -> datetime:
        return from_microseconds(self.frozen_us)

    @property
    def for_outside(self) -> str:
        """What its copies for outside are called after."""
        named = f"self-evaluation:{self.evaluation}:{self.number}"
        return sha256(named.encode()).hexdigest()[:32]

    @property
    def under(self) -> PublishedLetterhead:
        return PublishedLetterhead.model_validate_json(self.letterhead)


EVALUATIONS = ReadTable(
    SelfEvaluationRow, "self_evaluation_row", key=("evaluation",), indexes=(("begun_us",),)
)
CLAIMS = ReadTable(EvaluationClaimRow, "evaluation_claim", key=("evaluation", "claim"))
EVIDENCE = ReadTable(
    EvaluationEvidenceRow, "evaluation_evidence", key=("evaluation", "claim", "evidence")
)
COPIES = ReadTable(EvaluationCopyRow, "evaluation_copy", key=("evaluation", "number"))
self_evaluation_row, evaluation_claim = EVALUATIONS.table, CLAIMS.table
evaluation_evidence, evaluation_copy = EVIDENCE.table, COPIES.table
