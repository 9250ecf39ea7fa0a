"""No refusal goes untested or unexplained: every code of the source has a test and a page."""

from __future__ import annotations

import ast
import re
from fnmatch import filter as matching
from pathlib import Path

from api.installation.error_pages import explanation
from docs.refusal_codes import codes, collect


def test_every_code_can_be_read_from_the_source() -> None:
    found = codes()
    assert len(found.found) > 450
    assert found.unknown == [], "write the code where the refusal is made"
    odd = [code for code in found.found if not re.fullmatch(r"[a-z0-9_*]+(-[a-z0-9_*]+)*", code)]
    assert odd == []


def test_every_code_is_in_a_test() -> None:
    texts = _texts_of_tests()
    missing = {
        code: one.at
        for code, one in codes().found.items()
        if code not in texts and not ("*" in code and matching(texts, code))
    }
    assert missing == {}, "assert each refusal in a test of its room, or delete it"


def test_every_code_has_a_page() -> None:
    bare = [code for code in collect() if explanation(code) is None]
    assert bare == [], "run python docs/generate.py"


def _texts_of_tests() -> set[str]:
    """Every text that a test holds whole."""
    return {
        node.value
        for path in Path(__file__).parents[1].rglob("*.py")
        if path != Path(__file__)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
