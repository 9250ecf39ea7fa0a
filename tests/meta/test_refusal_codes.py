"""No refusal goes untested: every code that the source can refuse with is asserted in a test."""

from __future__ import annotations

import re

import pytest

from tests.support.refusal_codes import Codes, texts_of_tests


@pytest.fixture(scope="module")
def codes() -> Codes:
    return Codes()


def test_every_code_can_be_read_from_the_source(codes: Codes) -> None:
    assert len(codes.exact) > 450
    assert codes.unknown == [], "write the code where the refusal is made"
    odd = [code for code in codes.exact if not re.fullmatch(r"[a-z0-9_]+(-[a-z0-9_]+)*", code)]
    assert odd == []


def test_every_code_is_in_a_test(codes: Codes) -> None:
    texts = texts_of_tests()
    missing = {code: at for code, at in codes.exact.items() if code not in texts}
    missing |= {
        shape: at
        for shape, at in codes.shaped.items()
        if not any(re.fullmatch(shape, text) for text in texts)
    }
    assert missing == {}, "assert each refusal in a test of its room, or delete it"
