"""Tests lie with the capability that they test, under a name that says what they test."""

from __future__ import annotations

import re
from pathlib import Path

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
ACROSS = {
    "authorisation/decisions",
    "json/fuzz",
    "json/generated_client",
    "json/typescript_client",
    "schema/at_once",
    "schema/expand_and_contract",
    "store/concurrency",
    "store/crash",
    "web/kit",
    "web/navigation",
    "web/outages",
}
"""What is tested there is no one module's."""
OWN = {"rules", "commands", "queries"}
"""Tests of these call the code of their own room."""
LONGEST = 450

MODULES = sorted(path for path in TESTS.glob("*/test_*.py") if path.parent.name not in OTHERS)


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


def test_a_test_module_is_named_by_what_it_tests() -> None:
    wrong = []
    for path in MODULES:
        room, name = path.parent.name, path.stem.removeprefix("test_")
        kind = name.rpartition("_")[2]
        if not (kind in KINDS or f"{room}/{name}" in ACROSS or name in modules_of(room)):
            wrong.append(f"{named(path)}: no kind of test, and no module of the room")
        calls = rf"\b(qa|projections|api)\.{room}\b"
        if kind in OWN and not re.search(calls, path.read_text("utf-8")):
            wrong.append(f"{named(path)}: it tests nothing of its room")
    assert wrong == []


def test_no_name_is_kept_for_what_is_gone() -> None:
    assert {f"{path.parent.name}/{path.stem.removeprefix('test_')}" for path in MODULES} >= ACROSS


def test_a_test_module_can_be_read_at_one_go_and_on_its_own() -> None:
    """What two of them need lies in the room's `support`, or in `tests/support`."""
    wrong = []
    for path in TESTS.glob("*/test_*.py"):
        text = path.read_text("utf-8")
        if len(text.splitlines()) > LONGEST:
            wrong.append(f"{named(path)}: split it")
        wrong += [
            f"{named(path)} borrows of {other}"
            for other in re.findall(r"from (tests\.\w+\.test_\w+) import", text)
        ]
    assert wrong == []


def test_helpers_have_one_place() -> None:
    """A room's `support`, its `conftest`, a program that a test runs, or the shared folder."""
    assert [
        named(path)
        for path in TESTS.glob("*/*.py")
        if not path.name.startswith("test_")
        and path.parent.name != "support"
        and path.name not in ("__init__.py", "conftest.py", "support.py")
        and not path.read_text("utf-8").startswith('"""Run by test_')
    ] == []
