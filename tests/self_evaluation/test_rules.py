"""A self-evaluation from its first claim to a frozen copy, and each of its refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from api.self_evaluation.evidence_reading import figure_as_tied
from projections.figures.figure import Figure, count, median_days, rate
from qa.audit_tools.definition import JudgementArea
from qa.core.errors import NotFound
from qa.publishing.events import ReportAsked
from qa.quarterly.events import RowPart
from qa.self_evaluation import commands, decisions, events
from qa.self_evaluation.events import FigureAsTied, FigureSeenAgain
from qa.self_evaluation.state import SelfEvaluation, evolve
from tests.support.given import codes_of, recorded

START, END = date(2026, 4, 1), date(2027, 3, 31)
ASKED = ReportAsked(report="agreement", start=START, end=END, by="quarter")
ROW = (RowPart(name="total", value="Whole range"),)
TOLD = FigureAsTied(numerator=2, denominator=3, value="66.7", shown="67% (2 of 3)")
KNOWN: dict[str, Any] = {"position": 40, "as_at": END}
MADE: dict[str, Any] = {**KNOWN, "sha256": "ab" * 32, "rendering": 2}
WORDS: dict[str, Any] = {
    "area": JudgementArea.CHILDREN_IN_CARE,
    "known": "Plans are in time.",
    "how_known": "Two audits in three say so.",
    "will_do": "Look again in June.",
}

BEGUN = events.SelfEvaluationStarted(
    evaluation="s1", title="2026/27", council="Testshire", start=START, end=END
)
CLAIM = events.EvaluationClaimMade(claim="c1", **WORDS)
FIGURE = events.EvaluationFigureTied(
    claim="c1", evidence="E1", asked=ASKED, figure="moderation_agreement_rate", row=ROW,
    told=TOLD, **KNOWN,
)  # fmt: skip
RECORD = events.EvaluationRecordTied(claim="c1", evidence="E2", kind="audit", record="a1", **KNOWN)
SENT = events.EvaluationSentForReview(reviewer="p2", **MADE)
COMPLETE = (CLAIM, FIGURE, RECORD)


def evaluation(*after: Any) -> SelfEvaluation:
    state = SelfEvaluation()
    for version, event in enumerate((BEGUN, *after), 1):
        state = evolve(state, recorded(event, version, "self-evaluation:s1"))
    return state


def starting(**values: Any) -> list[Any]:
    given = {"title": " 2026/27", "council": "Testshire", "start": START, "end": END, **values}
    return decisions.start(commands.StartSelfEvaluation(**given), evaluation="s1")


def claiming(state: SelfEvaluation, **values: Any) -> list[Any]:
    asked = commands.MakeEvaluationClaim(of="s1", **{**WORDS, **values})
    return decisions.make_claim(state, asked, claim="c1")


def changing(state: SelfEvaluation, claim: str = "c1", **values: Any) -> list[Any]:
    asked = commands.ChangeEvaluationClaim(of="s1", claim=claim, **{**WORDS, **values})
    return decisions.change_claim(state, asked)


def withdrawing(state: SelfEvaluation, reason: str = "It is no longer so.") -> list[Any]:
    asked = commands.WithdrawEvaluationClaim(of="s1", claim="c1", reason=reason)
    return decisions.withdraw_claim(state, asked)


def tying_figure(state: SelfEvaluation, **values: Any) -> list[Any]:
    given = {
        "claim": "c1", "asked": ASKED, "figure": FIGURE.figure, "row": ROW, "told": TOLD, **KNOWN,
    }  # fmt: skip
    asked = commands.TieEvaluationFigure(of="s1", **{**given, **values})
    return decisions.tie_figure(state, asked, head=50)


def tying_record(state: SelfEvaluation, **values: Any) -> list[Any]:
    given = {"claim": "c1", "named": "QA-1", "kind": "audit", "record": "a1", **KNOWN, **values}
    return decisions.tie_record(state, commands.TieEvaluationRecord(of="s1", **given), head=50)


def untying(
    state: SelfEvaluation, evidence: str = "E1", reason: str = "Another figure says more."
) -> list[Any]:
    asked = commands.UntieEvaluationEvidence(of="s1", claim="c1", evidence=evidence, reason=reason)
    return decisions.untie(state, asked)


def confirming(state: SelfEvaluation, **values: Any) -> list[Any]:
    seen = (FigureSeenAgain(evidence="E1", told=TOLD),)
    given = {
        "claim": "c1", "note": "One audit fewer changes nothing.", "moved": 1, "figures": seen,
        **KNOWN, **values,
    }  # fmt: skip
    asked = commands.ConfirmEvaluationClaim(of="s1", **given)
    return decisions.confirm(state, asked, head=50)


def sending(state: SelfEvaluation, **values: Any) -> list[Any]:
    given = {"reviewer": "p2", "moved": 0, **MADE, **values}
    asked = commands.SendEvaluationForReview(of="s1", **given)
    return decisions.send(state, asked, by="p1", head=50)


def returning(state: SelfEvaluation, reason: str = "Say more of care leavers.") -> list[Any]:
    return decisions.send_back(state, commands.ReturnSelfEvaluation(of="s1", reason=reason))


def freezing(state: SelfEvaluation, sha256: str = "ab" * 32) -> list[Any]:
    return decisions.freeze(state, commands.FreezeSelfEvaluation(of="s1", sha256=sha256))


def test_it_goes_from_its_first_claim_to_a_frozen_copy_and_on() -> None:
    assert starting() == [BEGUN]
    assert claiming(evaluation()) == [CLAIM]
    assert tying_figure(evaluation(CLAIM)) == [FIGURE]
    assert tying_record(evaluation(CLAIM, FIGURE)) == [RECORD]
    assert sending(evaluation(*COMPLETE)) == [SENT]
    (frozen,) = freezing(evaluation(*COMPLETE, SENT))
    assert (frozen.copy_number, frozen.position, frozen.sha256) == (1, 40, "ab" * 32)
    after = evaluation(*COMPLETE, SENT, frozen)
    assert (after.stage, after.review, after.copies) == ("draft", None, 1)
    assert claiming(after) == [CLAIM], "the live one goes on"
    (second,) = freezing(evaluation(*COMPLETE, SENT, frozen, SENT))
    assert second.copy_number == 2
    assert evaluation(*COMPLETE, SENT, *returning(evaluation(*COMPLETE, SENT))).stage == "draft"


def test_claims_and_evidence_are_changed_and_taken_back_and_no_number_is_given_twice() -> None:
    (changed,) = changing(evaluation(CLAIM), known=" Most plans are in time. ")
    assert changed.known == "Most plans are in time."
    assert evaluation(*COMPLETE, *withdrawing(evaluation(*COMPLETE))).claims == {}
    (untied,) = untying(evaluation(*COMPLETE), "E2")
    again = evaluation(*COMPLETE, untied)
    assert set(again.claims["c1"]) == {"E1"}
    assert tying_record(again)[0].evidence == "E3"
    (confirmed,) = confirming(evaluation(*COMPLETE))
    assert (confirmed.position, confirmed.figures[0].told) == (40, TOLD)
    other = tying_figure(evaluation(*COMPLETE), row=(RowPart(name="quarter", value="Q1"),))
    assert other[0].evidence == "E3"


FULL = [CLAIM.model_copy(update={"claim": f"c{n}"}) for n in range(decisions.MOST_CLAIMS)]
TIED = [
    RECORD.model_copy(update={"evidence": f"E{n}", "record": f"a{n}"})
    for n in range(1, decisions.MOST_EVIDENCE + 1)
]


@pytest.mark.parametrize(
    ("refused", "codes"),
    [
        (lambda: starting(title=" ", council=""), ["title-missing", "council-missing"]),
        (lambda: starting(end=date(2025, 12, 31)), ["period-backwards"]),
        (lambda: claiming(evaluation(*FULL)), ["claims-full"]),
        (
            lambda: claiming(evaluation(), known=" ", how_known="x" * 4001, will_do=""),
            ["known-missing", "how-known-long", "will-do-missing"],
        ),
        (lambda: changing(evaluation(CLAIM), known=""), ["known-missing"]),
        (lambda: withdrawing(evaluation(CLAIM), "x"), ["reason-thin"]),
        (lambda: tying_figure(evaluation(CLAIM), figure=""), ["figure-missing"]),
        (lambda: tying_figure(evaluation(CLAIM), position=51), ["position-beyond-head"]),
        (lambda: tying_figure(evaluation(*COMPLETE)), ["evidence-tied"]),
        (lambda: tying_record(evaluation(CLAIM), named=""), ["named-missing"]),
        (lambda: tying_record(evaluation(*COMPLETE)), ["evidence-tied"]),
        (lambda: tying_record(evaluation(CLAIM, *TIED), record="a99"), ["evidence-full"]),
        (lambda: untying(evaluation(*COMPLETE), reason=""), ["reason-missing"]),
        (lambda: confirming(evaluation(*COMPLETE), moved=0), ["claim-not-moved"]),
        (lambda: confirming(evaluation(*COMPLETE), note="ok"), ["reason-thin"]),
        (lambda: confirming(evaluation(*COMPLETE), position=0), ["position-beyond-head"]),
        (lambda: sending(evaluation()), ["claims-missing"]),
        (lambda: sending(evaluation(CLAIM)), ["claims-bare"]),
        (lambda: sending(evaluation(*COMPLETE), moved=2), ["claims-amber"]),
        (lambda: sending(evaluation(*COMPLETE), reviewer=""), ["reviewer-missing"]),
        (lambda: sending(evaluation(*COMPLETE), reviewer="p1"), ["reviewer-sends"]),
        (lambda: sending(evaluation(*COMPLETE), position=51), ["position-beyond-head"]),
        (lambda: returning(evaluation(*COMPLETE)), ["evaluation-not-in-review"]),
        (lambda: returning(evaluation(*COMPLETE, SENT), "x"), ["reason-thin"]),
        (lambda: freezing(evaluation(*COMPLETE)), ["evaluation-not-in-review"]),
        (lambda: freezing(evaluation(*COMPLETE, SENT), "cd" * 32), ["evaluation-made-otherwise"]),
    ],
)
def test_what_does_not_fit_is_refused(refused: Callable[[], object], codes: list[str]) -> None:
    assert codes_of(refused) == codes


@pytest.mark.parametrize(
    "change",
    [claiming, changing, withdrawing, tying_figure, tying_record, untying, confirming, sending],
)
def test_what_is_in_review_is_not_changed(change: Callable[[SelfEvaluation], object]) -> None:
    assert codes_of(lambda: change(evaluation(*COMPLETE, SENT))) == ["evaluation-in-review"]


def test_a_self_evaluation_a_claim_or_evidence_that_there_is_not() -> None:
    for missing in (
        lambda: decisions.known(SelfEvaluation()),
        lambda: changing(evaluation(CLAIM), "c9"),
        lambda: tying_record(evaluation(CLAIM), claim="c9"),
        lambda: untying(evaluation(*COMPLETE), "E9"),
    ):
        with pytest.raises(NotFound):
            missing()


def reframing(state: SelfEvaluation, **values: Any) -> list[Any]:
    given = {"of": "s1", "title": "2027/28", "start": START, "end": END, **values}
    return decisions.change(state, commands.ChangeSelfEvaluation(**given))


def test_a_draft_gets_another_title_or_period_and_one_in_review_does_not() -> None:
    [event] = reframing(evaluation())
    assert event == events.SelfEvaluationChanged(title="2027/28", start=START, end=END)
    assert reframing(evaluation(event)) == []
    assert reframing(evaluation(), title=" 2026/27 ") == []
    assert evaluation(CLAIM, event).claims
    for state, values, codes in (
        (evaluation(), {"title": " "}, ["title-missing"]),
        (evaluation(), {"end": date(2025, 1, 1)}, ["period-backwards"]),
        (evaluation(*COMPLETE, SENT), {}, ["evaluation-in-review"]),
    ):
        assert codes_of(lambda state=state, values=values: reframing(state, **values)) == codes


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (rate("good", 3, 4), "75% (3 of 4)"),
        (rate("good", 0, 0), "– (0 of 0)"),
        (median_days("first", [10, 14]), "12 days (24 of 2)"),
        (count("all", 7), "7"),
    ],
)
def test_the_words_of_a_figure_that_is_evidence_never_change(figure: Figure, words: str) -> None:
    assert figure_as_tied(figure).shown == words
