"""Self-evaluations as they stand, each with its claims, their evidence and its frozen copies."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from projections.self_evaluation.tables import (
    CLAIMS,
    COPIES,
    EVALUATIONS,
    EVIDENCE,
    EvaluationClaimRow,
    EvaluationCopyRow,
    EvaluationEvidenceRow,
    SelfEvaluationRow,
    evaluation_claim,
    evaluation_copy,
    evaluation_evidence,
    self_evaluation_row,
)
from qa.core.one_of import one_of


@dataclass(frozen=True, slots=True)
class EvaluationRecord:
    """A self-evaluation with its claims in the order they were made, and the evidence of each."""

    row: SelfEvaluationRow
    claims: Sequence[EvaluationClaimRow]
    evidence: Mapping[str, Sequence[EvaluationEvidenceRow]]

    @property
    def people(self) -> frozenset[str]:
        """Everybody who wrote, looked or reviews."""
        named = [self.row.author, self.row.reviewer]
        for claim in self.claims:
            named += [claim.by, claim.confirmed_by]
        return frozenset(one for one in named if one)


def evaluations(connection: Connection, *, position: int | None = None) -> list[SelfEvaluationRow]:
    """The self-evaluations, the last begun first."""
    query = EVALUATIONS.select(position=position)
    columns = self_evaluation_row.c
    return EVALUATIONS.rows(connection, query.order_by(columns.begun_us.desc(), columns.evaluation))


def titles(
    connection: Connection, wanted: Collection[str], *, position: int | None = None
) -> dict[str, str]:
    """The titles of these self-evaluations by their ids."""
    some = one_of(self_evaluation_row.c.evaluation, wanted)
    rows = EVALUATIONS.rows(connection, EVALUATIONS.select(some, position=position))
    return {row.evaluation: row.title for row in rows}


def one(
    connection: Connection, evaluation: str, *, position: int | None = None
) -> EvaluationRecord | None:
    """One self-evaluation, or None."""
    row = EVALUATIONS.one(
        connection, self_evaluation_row.c.evaluation == evaluation, position=position
    )
    if row is None:
        return None
    claims = CLAIMS.select(evaluation_claim.c.evaluation == evaluation, position=position)
    pieces = EVIDENCE.select(evaluation_evidence.c.evaluation == evaluation, position=position)
    tied: dict[str, list[EvaluationEvidenceRow]] = {}
    for one in EVIDENCE.rows(connection, pieces.order_by(evaluation_evidence.c.number)):
        tied.setdefault(one.claim, []).append(one)
    made = CLAIMS.rows(connection, claims.order_by(evaluation_claim.c.made))
    return EvaluationRecord(row, made, tied)


def copies(
    connection: Connection, evaluation: str, *, position: int | None = None
) -> list[EvaluationCopyRow]:
    """Its frozen copies, the last first."""
    query = COPIES.select(evaluation_copy.c.evaluation == evaluation, position=position)
    return COPIES.rows(connection, query.order_by(evaluation_copy.c.number.desc()))


def copy_called(
    connection: Connection, outside: str, *, position: int | None = None
) -> EvaluationCopyRow | None:
    """The frozen copy whose copies for outside are called so, or None."""
    every = COPIES.rows(connection, COPIES.select(position=position))
    return next((one for one in every if one.for_outside == outside), None)


def beginning(connection: Connection, start: str) -> list[str]:
    """The ids of the self-evaluations that begin so."""
    some = self_evaluation_row.c.evaluation.startswith(start, autoescape=True)
    rows = EVALUATIONS.rows(connection, EVALUATIONS.select(some, position=None))
    return [row.evaluation for row in rows]
