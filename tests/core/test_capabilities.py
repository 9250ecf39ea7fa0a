"""What every capability says of a matter is found by folder, and nothing else is imported."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qa.core.capabilities import declared, modules


@pytest.fixture
def storey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A storey of its own: two capabilities that speak of dishes, one that must not be imported."""
    name = f"storey_{tmp_path.name.replace('-', '_')}"
    for path, text in {
        "soups/dishes.py": "MENU = ('leek', 'pea')",
        "cakes/dishes.py": "MENU = 'plum'",
        "cakes/late_dishes.py": "MENU = 'lemon'",
        "cakes/sidedishes.py": "raise AssertionError('ends alike, and is another matter')",
        "tools/knives.py": "raise AssertionError('another matter')",
    }.items():
        file = tmp_path / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(text)
    (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def test_modules_come_in_the_order_of_their_folders(storey: str) -> None:
    found = [module.__name__ for module in modules(storey, "dishes")]
    assert found == [f"{storey}.cakes.dishes", f"{storey}.soups.dishes"]
    assert f"{storey}.tools" not in sys.modules


def test_a_suffix_finds_the_further_modules_of_a_folder(storey: str) -> None:
    found = [
        module.__name__.partition(".")[2] for module in modules(storey, "dishes", suffixed=True)
    ]
    assert found == ["cakes.dishes", "cakes.late_dishes", "soups.dishes"]


def test_one_or_several_are_declared_and_silence_is_passed_over(storey: str) -> None:
    assert declared(storey, "dishes", "MENU", str) == ["plum", "leek", "pea"]
    assert declared(storey, "dishes", "DRINKS", str) == []


def test_what_is_of_another_kind_is_named(storey: str) -> None:
    with pytest.raises(TypeError, match=r"cakes\.dishes\.MENU holds 'p', no int"):
        declared(storey, "dishes", "MENU", int)
