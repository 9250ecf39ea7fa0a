"""Decisions on a self-evaluation: claims and their evidence, a review, and frozen copies."""

from __future__ import annotations

from qa.core.carry import carry
from qa.core.errors import NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.publishing.reviews import beyond_head, refuse_period, refuse_review, some_have
from qa.self_evaluation import events
from qa.self_evaluation.commands import (
    ChangeEvaluationClaim,
    ChangeSelfEvaluation,
    ConfirmEvaluationClaim,
    FreezeSelfEvaluation,
    MakeEvaluationClaim,
    ReturnSelfEvaluation,
    SendEvaluationForReview,
    StartSelfEvaluation,
    TieEvaluationFigure,
    TieEvaluationRecord,
    UntieEvaluationEvidence,
    WithdrawEvaluationClaim,
)
from qa.self_evaluation.state import SelfEvaluation, thing_tied

MOST_CLAIMS = 100
MOST_EVIDENCE = 20
NONE_SUCH = "There is no such self-evaluation."


def known(state: SelfEvaluation) -> None:
    """Raises `NotFound` for a self-evaluation that was never begun."""
    if not state.id:
        raise NotFound(NONE_SUCH)


def start(command: StartSelfEvaluation, *, evaluation: str) -> list[Event]:
    """Begin one. Raises `Refused` with every fault of its fields."""
    refuse_period(command.faults(), command.start, command.end)
    return [carry(events.SelfEvaluationStarted, command, evaluation=evaluation)]


def change(state: SelfEvaluation, command: ChangeSelfEvaluation) -> list[Event]:
    """Give a draft another title or period; nothing where both are the same.

    Raises:
        NotNow: it is in review.   Refused: faults of its fields.
    """
    _draft(state)
    refuse_period(command.faults(), command.start, command.end)
    frame = (command.title.strip(), command.start, command.end)
    return [] if frame == state.frame else [carry(events.SelfEvaluationChanged, command)]


def make_claim(state: SelfEvaluation, command: MakeEvaluationClaim, *, claim: str) -> list[Event]:
    """Add a claim.

    Raises:
        NotNow: it is in review, or it is full.   Refused: faults of the texts.
    """
    _draft(state)
    if len(state.claims) >= MOST_CLAIMS:
        sentence = f"A self-evaluation has {MOST_CLAIMS} claims at most."
        raise NotNow(sentence, code="claims-full")
    command.refuse_faults()
    return [carry(events.EvaluationClaimMade, command, claim=claim)]


def change_claim(state: SelfEvaluation, command: ChangeEvaluationClaim) -> list[Event]:
    """Word a claim otherwise. Raises as `make_claim`; `NotFound` for one that there is not."""
    _claim(state, command.claim)
    command.refuse_faults()
    return [carry(events.EvaluationClaimChanged, command)]


def withdraw_claim(state: SelfEvaluation, command: WithdrawEvaluationClaim) -> list[Event]:
    """Take a claim back. Raises as `change_claim`."""
    _claim(state, command.claim)
    command.refuse_faults()
    return [carry(events.EvaluationClaimWithdrawn, command)]


def tie_figure(state: SelfEvaluation, command: TieEvaluationFigure, *, head: int) -> list[Event]:
    """Tie a claim to a figure.

    Raises:
        NotNow: it is in review, or the claim has all the evidence that it can hold.
        NotFound: there is no such claim.
        Refused: faults; a figure that the claim is tied to already; a position beyond the log.
    """
    tied = _claim(state, command.claim)
    refuse_any([*command.faults(), *beyond_head(command.position, head)])
    made = carry(events.EvaluationFigureTied, command, evidence=_next(state, tied))
    _once(tied, thing_tied(made), "figure")
    return [made]


def tie_record(state: SelfEvaluation, command: TieEvaluationRecord, *, head: int) -> list[Event]:
    """Tie a claim to an audit or an action. Raises as `tie_figure`."""
    tied = _claim(state, command.claim)
    refuse_any([*command.faults(), *beyond_head(command.position, head)])
    made = carry(events.EvaluationRecordTied, command, evidence=_next(state, tied))
    _once(tied, thing_tied(made), "named")
    return [made]


def untie(state: SelfEvaluation, command: UntieEvaluationEvidence) -> list[Event]:
    """Take a piece of evidence away. Raises `NotFound` where the claim has no such piece."""
    if command.evidence not in _claim(state, command.claim):
        raise NotFound("There is no such piece of evidence.")
    command.refuse_faults()
    return [carry(events.EvaluationEvidenceUntied, command)]


def confirm(state: SelfEvaluation, command: ConfirmEvaluationClaim, *, head: int) -> list[Event]:
    """Say that a claim is still true.

    Raises:
        NotNow: it is in review, or none of its evidence moved.
        Refused: no reason of substance; a position beyond the log.
    """
    _claim(state, command.claim)
    if not command.moved:
        sentence = "Nothing behind this claim has changed since it was last looked at."
        raise NotNow(sentence, code="claim-not-moved")
    refuse_any([*command.faults(), *beyond_head(command.position, head)])
    return [carry(events.EvaluationClaimConfirmed, command)]


def send(
    state: SelfEvaluation, command: SendEvaluationForReview, *, by: str, head: int
) -> list[Event]:
    """Ask somebody else to review it as known at a position.

    Raises:
        NotNow: it is in review, it claims nothing, a claim has no evidence, or the evidence of a
        claim moved and nobody looked at it.
        Refused: faults; the reviewer is the sender; a position beyond the log.
    """
    _draft(state)
    if not state.claims:
        raise NotNow("Make a claim first.", code="claims-missing")
    bare = sum(not tied for tied in state.claims.values())
    some_have(bare, "claim", "no evidence yet.", "claims-bare")
    some_have(command.moved, "claim", "evidence that changed. Look at it first.", "claims-amber")
    refuse_review(command.faults(), command.reviewer, command.position, by=by, head=head)
    return [carry(events.EvaluationSentForReview, command)]


def send_back(state: SelfEvaluation, command: ReturnSelfEvaluation) -> list[Event]:
    """Send it back to be changed. Raises `NotNow` unless it is in review."""
    _in_review(state)
    command.refuse_faults()
    return [events.EvaluationReturned()]


def freeze(
    state: SelfEvaluation, command: FreezeSelfEvaluation
) -> list[events.SelfEvaluationFrozen]:
    """Agree it, so that it stands as the next copy.

    Raises:
        NotNow: it is not in review, or made again it is not what was sent for review.
    """
    _in_review(state)
    if state.review is None or command.sha256 != state.review.sha256:
        sentence = "Made again, it is not what was sent. Send it back and review it again."
        raise NotNow(sentence, code="evaluation-made-otherwise")
    number = state.copies + 1
    return [carry(events.SelfEvaluationFrozen, state.review, copy_number=number)]


def _draft(state: SelfEvaluation) -> None:
    if state.stage != "draft":
        sentence = "It is in review. Send it back before you change it."
        raise NotNow(sentence, code="evaluation-in-review")


def _in_review(state: SelfEvaluation) -> None:
    if state.stage != "review":
        raise NotNow("It is not in review.", code="evaluation-not-in-review")


def _claim(state: SelfEvaluation, claim: str) -> dict[str, str]:
    """The evidence of a claim that can be changed."""
    _draft(state)
    if claim not in state.claims:
        raise NotFound("There is no such claim.")
    return state.claims[claim]


def _next(state: SelfEvaluation, tied: dict[str, str]) -> str:
    """The number of the next piece of evidence; none is ever given twice."""
    if len(tied) >= MOST_EVIDENCE:
        sentence = f"A claim has {MOST_EVIDENCE} pieces of evidence at most."
        raise NotNow(sentence, code="evidence-full")
    return f"E{state.numbered + 1}"


def _once(tied: dict[str, str], thing: str, field: str) -> None:
    if thing in tied.values():
        sentence = "This claim is linked to it already."
        raise Refused(sentence, field=field, code="evidence-tied")
