"""Every code that can be sent has a page, whichever way it was put together."""

from __future__ import annotations

from api.installation.error_pages import explanation
from docs.refusal_codes import collect
from qa.core.errors import Fault, HeldOff, Refused
from tests.support.council import Council


def test_the_collector_finds_codes_however_they_are_given() -> None:
    found = collect()
    ways = {
        "reason-thin": "by a function that chooses",
        "too-short": "in a pair beside its sentence",
        "theme-not-shared": "handed to a function",
        "period-in-the-future": "one of two",
        "rebuild-needed": "by a constant",
        "*-missing": "of the field's name",
        "http-*": "of a status",
    }
    assert set(ways) <= set(found)
    assert found["held-off"]["status"] == HeldOff.status == 429
    assert found["tool-unknown"]["status"] == Refused.status


def test_each_page_says_what_was_wrong(small_council: Council) -> None:
    client = small_council.browser("lead").client
    client.cookies.clear()
    page = client.get("/errors/meeting-unknown")
    assert page.status_code == 200
    assert "There is no such meeting." in page.text
    assert "422" in page.text
    assert client.get("/errors/feedback-missing").status_code == 200
    assert client.get("/errors/%3Cb%3E").status_code == 404


def test_a_fault_has_the_code_of_its_page() -> None:
    fault = Fault("team", "team-unknown", "There is no team “x”.")
    found = explanation(fault.code)
    assert found is not None
    assert found.status == 422
