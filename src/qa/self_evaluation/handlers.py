"""Carries out the commands on self-evaluations.

What is tied was found for the caller, with the caller's rights, while the command was made; here
the right to keep the self-evaluation is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.event import Event
from qa.core.words import Resource
from qa.people.loading import present
from qa.self_evaluation import decisions
from qa.self_evaluation.commands import (
    ChangeEvaluationClaim,
    ChangeSelfEvaluation,
    ConfirmEvaluationClaim,
    CopyFrozen,
    EvaluationClaimResult,
    EvidenceResult,
    FreezeSelfEvaluation,
    MakeEvaluationClaim,
    ReturnSelfEvaluation,
    SelfEvaluationMade,
    SendEvaluationForReview,
    StartSelfEvaluation,
    TieEvaluationFigure,
    TieEvaluationRecord,
    UntieEvaluationEvidence,
    WithdrawEvaluationClaim,
)
from qa.self_evaluation.events import self_evaluation_stream
from qa.self_evaluation.state import SelfEvaluation, evolve


def _state(work: Work, of: str) -> SelfEvaluation:
    return work.unit.load(self_evaluation_stream(of), evolve, SelfEvaluation())


def _load(work: Work, of: str) -> SelfEvaluation:
    """For people who keep it. Raises `Forbidden`, `NotFound` or `MovedOn`, in this order."""
    work.require("keep-self-evaluation")
    state = _state(work, of)
    decisions.known(state)
    work.expect_seen()
    return state


def _in_review(work: Work, of: str, verb: str) -> SelfEvaluation:
    """For its reviewer, or for people who keep it."""
    state = _state(work, of)
    reviewer = None if state.review is None else state.review.reviewer
    work.require(verb, Resource(person=reviewer))
    decisions.known(state)
    work.expect_seen()
    return state


def _head(work: Work) -> int:
    return work.desk.store.head(work.unit.connection)


def _save(work: Work, of: str, events: Sequence[Event], reason: str | None = None) -> None:
    work.append(self_evaluation_stream(of), *events, reason=reason)


@handles(StartSelfEvaluation)
def start(command: StartSelfEvaluation, work: Work) -> SelfEvaluationMade:
    work.authorise("keep-self-evaluation")
    evaluation = work.new_id()
    _save(work, evaluation, decisions.start(command, evaluation=evaluation))
    return SelfEvaluationMade(evaluation=evaluation)


@handles(ChangeSelfEvaluation)
def change(command: ChangeSelfEvaluation, work: Work) -> None:
    _save(work, command.of, decisions.change(_load(work, command.of), command))


@handles(MakeEvaluationClaim)
def make_claim(command: MakeEvaluationClaim, work: Work) -> EvaluationClaimResult:
    state, claim = _load(work, command.of), work.new_id()
    _save(work, command.of, decisions.make_claim(state, command, claim=claim))
    return EvaluationClaimResult(claim=claim)


@handles(ChangeEvaluationClaim)
def change_claim(command: ChangeEvaluationClaim, work: Work) -> None:
    _save(work, command.of, decisions.change_claim(_load(work, command.of), command))


@handles(WithdrawEvaluationClaim)
def withdraw_claim(command: WithdrawEvaluationClaim, work: Work) -> None:
    decided = decisions.withdraw_claim(_load(work, command.of), command)
    _save(work, command.of, decided, command.reason)


@handles(TieEvaluationFigure)
def tie_figure(command: TieEvaluationFigure, work: Work) -> EvidenceResult:
    state = _load(work, command.of)
    decided = decisions.tie_figure(state, command, head=_head(work))
    _save(work, command.of, decided)
    return EvidenceResult(evidence=f"E{state.numbered + 1}")


@handles(TieEvaluationRecord)
def tie_record(command: TieEvaluationRecord, work: Work) -> EvidenceResult:
    state = _load(work, command.of)
    decided = decisions.tie_record(state, command, head=_head(work))
    _save(work, command.of, decided)
    return EvidenceResult(evidence=f"E{state.numbered + 1}")


@handles(UntieEvaluationEvidence)
def untie(command: UntieEvaluationEvidence, work: Work) -> None:
    decided = decisions.untie(_load(work, command.of), command)
    _save(work, command.of, decided, command.reason)


@handles(ConfirmEvaluationClaim)
def confirm(command: ConfirmEvaluationClaim, work: Work) -> None:
    state = _load(work, command.of)
    _save(work, command.of, decisions.confirm(state, command, head=_head(work)))


@handles(SendEvaluationForReview)
def send(command: SendEvaluationForReview, work: Work) -> None:
    state = _load(work, command.of)
    decided = decisions.send(state, command, by=work.by.person, head=_head(work))
    present(work, command.reviewer, field="reviewer")
    _save(work, command.of, decided)


@handles(ReturnSelfEvaluation)
def send_back(command: ReturnSelfEvaluation, work: Work) -> None:
    state = _in_review(work, command.of, "return-self-evaluation")
    _save(work, command.of, decisions.send_back(state, command), command.reason)


@handles(FreezeSelfEvaluation)
def freeze(command: FreezeSelfEvaluation, work: Work) -> CopyFrozen:
    state = _in_review(work, command.of, "review-self-evaluation")
    decided = decisions.freeze(state, command)
    _save(work, command.of, decided)
    return CopyFrozen(copy_number=decided[0].copy_number)
