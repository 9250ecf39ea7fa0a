"""What a published report refuses, by name."""

from __future__ import annotations

from typing import Any

from qa.publishing import decisions
from qa.publishing.commands import (
    CommentOnPublishedReport,
    RestatePublishedReport,
    WithdrawPublishedReport,
)
from qa.publishing.state import PublishedReport
from tests.publishing.support import report
from tests.support.given import codes_of


def restated(state: PublishedReport | None = None, **values: Any) -> list[str]:
    told = {"of": "r1", "upto": 50, "figures": 1, "note": "Changed by late facts.", **values}
    command = RestatePublishedReport(**told)
    return codes_of(lambda: decisions.restate(state or report(), command, head=55))


def withdrawn(state: PublishedReport, reason: str = "The wrong period.") -> list[str]:
    command = WithdrawPublishedReport(of="r1", reason=reason)
    return codes_of(lambda: decisions.withdraw(state, command))


def commented(state: PublishedReport, text: str) -> list[str]:
    command = CommentOnPublishedReport(of="r1", commentary=text)
    return codes_of(lambda: decisions.comment(state, command))


def test_a_restatement_is_of_a_later_position_and_of_other_figures() -> None:
    assert restated(upto=40) == ["restated-already"]
    assert restated(upto=41) == []
    assert restated(upto=55) == []
    assert restated(upto=56) == ["restated-already"]
    assert restated(figures=0) == ["nothing-to-restate"]


def test_a_withdrawn_report_takes_nothing_more() -> None:
    wrong = WithdrawPublishedReport(of="r1", reason="The wrong period.")
    gone = report(*decisions.withdraw(report(), wrong))
    assert restated(gone) == ["report-withdrawn"]
    assert commented(gone, "More.") == ["report-withdrawn"]
    assert withdrawn(gone) == ["report-withdrawn"]


def test_a_reason_and_a_commentary_are_words_of_some_length() -> None:
    assert withdrawn(report(), ("The wrong period. " * 300)[:4000]) == []
    assert withdrawn(report(), "x" * 4001) == ["reason-long"]
    assert withdrawn(report(), "x") == ["reason-thin"]
    assert restated(note=" ") == ["note-missing"]
    assert commented(report(), " ") == ["commentary-missing"]
