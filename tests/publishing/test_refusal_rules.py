"""What a published report refuses, by name."""

from __future__ import annotations

from typing import Any

from qa.publishing import decisions
from qa.publishing.decisions import PublishedReport
from tests.publishing.support import report
from tests.support.given import codes_of


def restated(state: PublishedReport | None = None, **values: Any) -> list[str]:
    asked = {"upto": 50, "figures": 1, "note": "Changed.", "head": 55, **values}
    return codes_of(lambda: decisions.restate(state or report(), **asked))


def test_a_restatement_is_of_a_later_position_and_of_other_figures() -> None:
    assert restated(upto=40) == ["restated-already"]
    assert restated(upto=41) == []
    assert restated(upto=55) == []
    assert restated(upto=56) == ["restated-already"]
    assert restated(figures=0) == ["nothing-to-restate"]


def test_a_withdrawn_report_takes_nothing_more() -> None:
    gone = report(*decisions.withdraw(report(), reason="The wrong period."))
    assert restated(gone) == ["report-withdrawn"]
    assert codes_of(lambda: decisions.comment(gone, commentary="More.")) == ["report-withdrawn"]
    assert codes_of(lambda: decisions.withdraw(gone, reason="Again.")) == ["report-withdrawn"]


def test_a_reason_and_a_commentary_are_words_of_some_length() -> None:
    def withdraw(reason: str) -> list[str]:
        return codes_of(lambda: decisions.withdraw(report(), reason=reason))

    assert withdraw("x" * decisions.LONGEST) == []
    assert withdraw("x" * (decisions.LONGEST + 1)) == ["reason-long"]
    assert codes_of(lambda: decisions.comment(report(), commentary=" ")) == ["commentary-missing"]
