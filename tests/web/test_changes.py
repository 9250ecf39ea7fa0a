"""What the forms of pages cannot be read as."""

from __future__ import annotations

from datetime import date

from api.web.dates import day_in
from tests.support.council import ORIGIN, Council
from tests.support.given import codes_of
from tests.support.told_codes import ToldCodes

PATH = "/tools/dip-sample/retire"


def test_a_date_of_three_boxes_is_a_real_one() -> None:
    def boxes(*parts: str) -> dict[str, str]:
        return dict(zip(("on.day", "on.month", "on.year"), parts, strict=True))

    assert day_in(boxes("", "", ""), "on") is None
    assert day_in(boxes("28", "2", "2026"), "on") == date(2026, 2, 28)
    for wrong in (("29", "2", "2026"), ("1", "", "2026"), ("x", "2", "2026")):
        assert codes_of(lambda wrong=wrong: day_in(boxes(*wrong), "on")) == ["date-impossible"]  # type: ignore[misc]


def test_a_form_carries_its_key_and_the_version_that_was_seen(
    small_council: Council, told_codes: ToldCodes
) -> None:
    lead = small_council.browser("lead")
    for fields in ({}, {"key": "k" * 20}, {"key": "k" * 20, "seen": "-1"}, {"seen": "1"}):
        answer = lead.post(PATH, {"reason": "Old.", **fields})
        assert (answer.status_code, told_codes.taken()) == (422, ["form-incomplete"])


def test_a_body_that_is_no_form_is_refused(small_council: Council, told_codes: ToldCodes) -> None:
    lead = small_council.browser("lead")
    answer = lead.client.post(
        PATH,
        content=b"--x\r\nnothing",
        headers={
            "accept": "text/html", "origin": ORIGIN, "sec-fetch-site": "same-origin",
            "content-type": "multipart/form-data",
        },
    )  # fmt: skip
    assert (answer.status_code, told_codes.taken()) == (422, ["unreadable-form"])
