"""What a plan refuses about its texts, by name, at the edge of each length."""

from __future__ import annotations

from typing import Any

import pytest

from qa.plans import action_decisions, assessments, board_meetings, decisions, success_measures
from qa.plans.action_events import Agreed, PlanActionAssessmentWithdrawn
from qa.plans.decisions import LONGEST, LONGEST_NAME
from qa.plans.events import TaskGroupFormed
from tests.plans.test_action_rules import RED, SINCE, action, assessing
from tests.plans.test_rules import CALLED, ONE, opening, part, plan
from tests.support.given import TODAY, codes_of


def agreed(*past: Any, **values: Any) -> list[str]:
    asked = Agreed(**{"reference": "1.1", "title": "Do it", **values})
    return codes_of(
        lambda: action_decisions.agree(
            plan(ONE, *past).state, asked, action="a", part="a1", since=SINCE, today=TODAY,
            taken=False,
        )
    )  # fmt: skip


def test_an_action_is_given_to_a_group_that_works() -> None:
    formed = TaskGroupFormed(group="g", name="Group", lead="Head", purpose="")
    assert agreed(group="g") == ["group-unknown"]
    assert agreed(formed, group="g") == []


@pytest.mark.parametrize(("over", "codes"), [(0, []), (1, ["reference-long"])])
def test_a_reference_has_a_length(over: int, codes: list[str]) -> None:
    reference = "x" * (60 + over)
    assert agreed(reference=reference) == codes
    assert codes_of(lambda: part(plan().state, reference=reference)) == codes


def test_a_withdrawn_review_is_withdrawn_once() -> None:
    gone = action(RED, PlanActionAssessmentWithdrawn(assessment="x"))
    gone.when(lambda a: assessments.withdraw(a, assessment="x", reason="Mistyped.")).refused(
        "assessment-withdrawn"
    )


def test_a_review_in_words_is_words_of_some_length() -> None:
    def assessed(**values: Any) -> list[str]:
        return codes_of(lambda: assessing(action().state, **values))

    assert assessed(commentary=" ") == ["commentary-missing"]
    assert assessed(commentary="x" * 4 * LONGEST) == []
    assert assessed(commentary="x" * (4 * LONGEST + 1)) == ["commentary-long"]
    assert assessed(assessed_by=" ") == ["assessed_by-missing"]
    assert assessed(assessed_by="x" * LONGEST_NAME) == []
    assert assessed(assessed_by="x" * (LONGEST_NAME + 1)) == ["assessed_by-long"]


def test_the_decisions_of_a_meeting_have_a_length() -> None:
    def held(text: str) -> list[str]:
        return codes_of(
            lambda: board_meetings.hold(
                plan(CALLED).state, meeting="m", position=9, decisions=text, head=9, today=TODAY
            )
        )

    assert held("x" * 4 * LONGEST) == []
    assert held("x" * (4 * LONGEST + 1)) == ["decisions-long"]


@pytest.mark.parametrize("over", [0, 1])
def test_names_and_reasons_have_a_length(over: int) -> None:
    def only(code: str) -> list[str]:
        return [code] if over else []

    name, text = "x" * (LONGEST_NAME + over), "x" * (LONGEST + over)
    assert codes_of(lambda: opening(board=name)) == only("board-long")

    def group(**values: Any) -> list[str]:
        asked = {"group": "g", "name": "Group", "lead": "Head", "purpose": "", **values}
        return codes_of(lambda: decisions.form_group(plan().state, **asked))

    assert group(name=name) == only("name-long")
    assert group(lead=name) == only("lead-long")
    assert group(purpose=text) == only("purpose-long")

    def evidence(**values: Any) -> list[str]:
        asked = {"evidence": "e", "of": "impact", "what": "Audit", "where": "", **values}
        return codes_of(
            lambda: action_decisions.add_evidence(action().state, on=TODAY, today=TODAY, **asked)
        )

    assert evidence(where=name) == only("where-long")
    assert evidence(what=text) == only("what-long")

    def link(to: str) -> list[str]:
        return codes_of(lambda: action_decisions.link(action().state, kind="indicator", to=to))

    assert link(name) == only("to-long")
    assert link(" ") == ["to-missing"]
    assert codes_of(lambda: action_decisions.remove(action().state, reason=text)) == only(
        "reason-long"
    )

    def said(text: str) -> list[str]:
        return codes_of(
            lambda: success_measures.report(
                action().state, report="r", measure=None, said=text, period="", values=(),
                unit=None, numerator=None, denominator=None, note="", reading="none",
            )
        )  # fmt: skip

    assert said(text) == only("said-long")
