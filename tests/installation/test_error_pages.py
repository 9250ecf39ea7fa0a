"""Every code that can be sent has a page, whichever way it was put together."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from api.installation.error_pages import explanation
from qa.core.errors import Fault, HeldOff, Refused
from tests.support.council import Council

ROOT = Path(__file__).parents[2]
Codes = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def found() -> Codes:
    """Every code that the collector finds in the source."""
    collected: Codes = runpy.run_path(str(ROOT / "docs" / "refusal_codes.py"))["collect"]()
    return collected


def test_every_code_in_the_source_is_explained(found: Codes) -> None:
    assert len(found) > 450
    bare = [code for code in found if explanation(code.replace("*", "field")) is None]
    assert bare == []
    written = ROOT / "api" / "installation" / "refusal_codes.json"
    assert json.loads(written.read_text("utf-8")) == found, "run python docs/generate.py"


def test_the_collector_finds_codes_however_they_are_given(found: Codes) -> None:
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
