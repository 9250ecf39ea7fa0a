"""A self-evaluation as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from qa.core.carry import carry
from qa.core.event import RecordedEvent
from qa.publishing.reviews import ReviewRequest
from qa.self_evaluation import events

EvaluationStage = Literal["draft", "review"]


@dataclass(frozen=True, slots=True)
class SelfEvaluation:
    """`frame` is its title with its first and last day. `claims` are those that are made, each with
    its evidence: what a piece is of, by its number. `numbered` pieces of evidence were tied ever,
    and `copies` were frozen."""

    id: str = ""
    frame: tuple[str, date, date] | None = None
    stage: EvaluationStage = "draft"
    claims: dict[str, dict[str, str]] = field(default_factory=dict)
    numbered: int = 0
    copies: int = 0
    review: ReviewRequest | None = None


def thing_tied(event: events.EvaluationFigureTied | events.EvaluationRecordTied) -> str:
    """What a piece of evidence is of, so that the same is tied to a claim once."""
    if isinstance(event, events.EvaluationRecordTied):
        return f"{event.kind}:{event.record}"
    parts = sorted((one.name, one.value) for one in event.row)
    return f"{event.asked.model_dump_json()} {event.figure} {parts}"


def evolve(state: SelfEvaluation, recorded: RecordedEvent[Any]) -> SelfEvaluation:
    match recorded.event:
        case events.SelfEvaluationStarted() as event:
            return SelfEvaluation(event.evaluation, (event.title, event.start, event.end))
        case events.SelfEvaluationChanged() as event:
            return replace(state, frame=(event.title, event.start, event.end))
        case events.EvaluationClaimMade(claim=claim):
            return replace(state, claims={**state.claims, claim: {}})
        case events.EvaluationClaimWithdrawn(claim=claim):
            kept = {one: tied for one, tied in state.claims.items() if one != claim}
            return replace(state, claims=kept)
        case events.EvaluationFigureTied() | events.EvaluationRecordTied() as event:
            tied = {**state.claims[event.claim], event.evidence: thing_tied(event)}
            claims = {**state.claims, event.claim: tied}
            return replace(state, claims=claims, numbered=state.numbered + 1)
        case events.EvaluationEvidenceUntied(claim=claim, evidence=evidence):
            tied = {one: of for one, of in state.claims[claim].items() if one != evidence}
            return replace(state, claims={**state.claims, claim: tied})
        case events.EvaluationSentForReview() as event:
            return replace(state, stage="review", review=carry(ReviewRequest, event))
        case events.EvaluationReturned():
            return replace(state, stage="draft", review=None)
        case events.SelfEvaluationFrozen(copy_number=number):
            return replace(state, stage="draft", review=None, copies=number)
        case _:
            return state
