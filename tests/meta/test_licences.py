"""What Caseloop needs at run time has a licence that a council and its suppliers can live with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "HPND", "ISC", "MIT", "MIT-0",
    "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib",
}  # fmt: skip
EXCEPTIONS = {
    # The one driver of PostgreSQL that SQLAlchemy and we test with. Used unmodified, as a package
    # of its own that anybody may replace, and only by who keeps their log in PostgreSQL.
    "psycopg": "LGPL-3.0-only",
    "psycopg-binary": "LGPL-3.0-only",
}
OLDER_WORDS = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""What packages call their licence that do not yet give an SPDX expression."""


def pinned() -> list[str]:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    return sorted(set(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==", text, re.MULTILINE)))


def stated(package: metadata.PackageMetadata) -> str:
    """The licence as one SPDX expression. Several classifiers mean a choice."""
    if package.get("License-Expression"):
        return str(package["License-Expression"])
    marks = [c.rpartition(" :: ")[2] for c in package.get_all("Classifier", []) if "License" in c]
    if marks:
        return " OR ".join(OLDER_WORDS.get(mark, mark) for mark in marks)
    said = str(package.get("License") or "none").strip()
    return OLDER_WORDS.get(said, said)


def allowed(expression: str) -> bool:
    """One of what may be chosen, and all of what holds together, are on the list."""
    found, rest = _either(iter([*re.findall(r"[()]|[^()\s]+", expression), ""]))
    return found and rest == ""


def _either(tokens: Iterator[str]) -> tuple[bool, str]:
    found, token = _both(tokens)
    while token == "OR":
        other, token = _both(tokens)
        found = found or other
    return found, token


def _both(tokens: Iterator[str]) -> tuple[bool, str]:
    found = _single(tokens)
    token = next(tokens)
    while token == "AND":
        found = _single(tokens) and found
        token = next(tokens)
    return found, token


def _single(tokens: Iterator[str]) -> bool:
    token = next(tokens)
    return _either(tokens)[0] if token == "(" else token in ALLOWED


@pytest.mark.parametrize("name", pinned())
def test_a_run_time_licence_is_on_the_list(name: str) -> None:
    try:
        package = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        pytest.skip("It is for another operating system.")
    expression = stated(package)
    assert allowed(expression) or EXCEPTIONS.get(name) == expression, expression


@pytest.mark.parametrize(
    ("expression", "right"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("none", False),
        ("MIT but not for councils", False),
        ("Apache-2.0 OR GPL-2.0-only", True),
        ("MIT AND GPL-2.0-only", False),
        ("MPL-2.0 AND (GPL-3.0-only OR MIT)", True),
        ("BSD-3-Clause AND (GPL-3.0-only OR AGPL-3.0-only)", False),
    ],
)
def test_an_expression_is_read_as_spdx_means_it(expression: str, right: bool) -> None:
    assert allowed(expression) is right


def test_no_exception_outlives_its_package_and_caseloop_states_its_own() -> None:
    assert EXCEPTIONS.keys() <= set(pinned())
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License")
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text("utf-8")
