"""Tests lie with the capability that they test, under a name that says what they test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
STOREYS = (ROOT / "src" / "qa", ROOT / "src" / "projections", ROOT / "api")
OTHERS = {"cases", "docs", "golden", "meta", "support"}
"""Folders of tests that belong to no room; in them a module is named by its own lights."""
KINDS = {
    "rules", "commands", "projector", "queries", "figures", "report", "worklist",
    "endpoints", "pages", "browser", "cli", "importer",
}  # fmt: skip
"""What a test module may be named by, alone or as the last word; else by a module of its room."""
ACROSS = {"json/fuzz", "store/concurrency", "store/crash", "web/kit"}
"""What is tested there is no one module's."""
OWN = {"rules", "commands", "queries"}
"""Tests of these call the code of their own room."""
LONGEST = 400

MODULES = sorted(path for path in TESTS.glob("*/test_*.py") if path.parent.name not in OTHERS)
HELPERS = sorted(path for path in TESTS.glob("*/*.py") if not path.name.startswith("test_"))


def modules_of(room: str) -> set[str]:
    """The names of a room's modules and of the folders in it, on every storey."""
    return {
        path.stem
        for storey in STOREYS
        for path in (storey / room).rglob("*")
        if path.suffix == ".py" or path.is_dir()
    }


def named(path: Path) -> str:
    return str(path.relative_to(TESTS))


def test_every_folder_of_tests_is_a_room() -> None:
    rooms = {path.name for storey in STOREYS for path in storey.iterdir() if path.is_dir()}
    folders = {path.parent.name for path in TESTS.glob("*/*.py")}
    assert len(folders) > 30
    assert folders - rooms - OTHERS == set(), "no room of that name"
    assert [path.name for path in TESTS.glob("*.py")] in (
        ["__init__.py", "conftest.py"], ["conftest.py", "__init__.py"],
    )  # fmt: skip


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_test_module_is_named_by_what_it_tests(path: Path) -> None:
    room, name = path.parent.name, path.stem.removeprefix("test_")
    kind = name.rpartition("_")[2]
    known = kind in KINDS or f"{room}/{name}" in ACROSS or name in modules_of(room)
    assert known, f"{room} has no module {name}, and {kind} is no kind of test"
    if kind in OWN:
        assert re.search(rf"\b(qa|projections|api)\.{room}\b", path.read_text("utf-8")), (
            f"it tests nothing of {room}"
        )


def test_no_name_is_kept_for_what_is_gone() -> None:
    assert {f"{path.parent.name}/{path.stem.removeprefix('test_')}" for path in MODULES} >= ACROSS


@pytest.mark.parametrize("path", sorted(TESTS.glob("*/test_*.py")), ids=named)
def test_a_test_module_can_be_read_at_one_go(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST, "split it"
    borrowed = re.findall(r"from (tests\.\w+\.test_\w+) import", text)
    assert borrowed == [], "what two test modules need lies in the room's support, or tests/support"


@pytest.mark.parametrize("path", HELPERS, ids=named)
def test_helpers_have_one_place(path: Path) -> None:
    """A room's `support`, its `conftest`, a program that a test runs, or the shared folder."""
    if path.parent.name == "support" or path.name in ("__init__.py", "conftest.py", "support.py"):
        return
    assert path.read_text("utf-8").startswith('"""Run by test_')
