"""Publishing a report, and telling readers what later events made of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from qa.core.errors import CaseloopError, NotFound, NotNow, Refused
from qa.publishing import decisions, events
from qa.publishing.commands import (
    CommentOnPublishedReport,
    PublishReport,
    RestatePublishedReport,
    WithdrawPublishedReport,
)
from qa.publishing.state import PublishedReport
from tests.publishing.support import ASKED, PUBLISHED, report


def publishing(**values: Any) -> list[Any]:
    command = PublishReport(
        **{
            "title": "To the board, quarter 4",
            "asked": ASKED,
            "position": 40,
            "as_at": date(2026, 3, 31),
            "sha256": "ab" * 32,
            "commentary": "Agreement held.",
            **values,
        }
    )
    return decisions.publish(command, published="r1", head=55)


def commented(text: str) -> CommentOnPublishedReport:
    return CommentOnPublishedReport(of="r1", commentary=text)


def restatement(**values: Any) -> RestatePublishedReport:
    return RestatePublishedReport(
        **{"of": "r1", "upto": 50, "figures": 1, "note": "Changed.", **values}
    )


def withdrawal(reason: str) -> WithdrawPublishedReport:
    return WithdrawPublishedReport(of="r1", reason=reason)


def test_a_report_is_published_at_its_position() -> None:
    assert publishing() == [PUBLISHED]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"title": " "}, ["title-missing"]),
        ({"title": "x" * 161}, ["title-long"]),
        ({"commentary": "x" * 8001}, ["commentary-long"]),
        ({"position": 56}, ["position-beyond-head"]),
        ({"position": 0, "title": ""}, ["title-missing", "position-beyond-head"]),
    ],
)
def test_what_cannot_be_published_is_refused(values: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        publishing(**values)
    assert [fault.code for fault in refused.value.faults] == codes


def test_a_restatement_moves_what_readers_were_told() -> None:
    assert report().told_at == 40
    told = restatement(figures=2, note="Two grades were corrected.")
    restated = decisions.restate(report(), told, head=55)
    assert restated == [
        events.ReportRestated(upto=50, figures=2, note="Two grades were corrected.")
    ]
    assert report(*restated).told_at == 50


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"upto": 40}, Refused),
        ({"upto": 56}, Refused),
        ({"figures": 0}, NotNow),
        ({"note": " "}, Refused),
        ({"note": "x" * 8001}, Refused),
    ],
)
def test_a_restatement_says_something_new(
    values: dict[str, Any], error: type[CaseloopError]
) -> None:
    with pytest.raises(error):
        decisions.restate(report(), restatement(**values), head=55)


def test_a_withdrawn_report_is_only_read() -> None:
    gone = report(*decisions.withdraw(report(), withdrawal("The wrong period.")))
    refusals: tuple[Callable[[], object], ...] = (
        lambda: decisions.comment(gone, commented("More.")),
        lambda: decisions.restate(gone, restatement(), head=55),
        lambda: decisions.withdraw(gone, withdrawal("Wrong once again.")),
    )
    for refused in refusals:
        with pytest.raises(NotNow):
            refused()
    with pytest.raises(Refused):
        decisions.withdraw(report(), withdrawal(" "))


def test_commentaries_are_added_beside_each_other() -> None:
    assert decisions.comment(report(), commented(" More. ")) == [
        events.ReportCommented(commentary="More.")
    ]
    with pytest.raises(Refused):
        decisions.comment(report(), commented(""))
    with pytest.raises(NotFound):
        decisions.known(PublishedReport())
