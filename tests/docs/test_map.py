"""The map tells every folder that there is, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STOREYS = {"src/qa": ROOT / "src/qa", "src/projections": ROOT / "src/projections"} | {
    "api": ROOT / "api",
    "tests": ROOT / "tests",
}
MAP = (ROOT / "docs" / "map.md").read_text("utf-8")


def rooms(folder: Path) -> set[str]:
    return {
        each.name
        for each in folder.iterdir()
        if each.is_dir() and any(file.suffix != ".pyc" for file in each.rglob("*.*"))
    }


def rows(heading: str) -> list[list[str]]:
    table = MAP.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def on_the_map() -> dict[str, set[str]]:
    told: dict[str, set[str]] = {storey: set() for storey in STOREYS}
    for name, _, *marks in rows("Capabilities"):
        for storey, mark in zip(STOREYS, marks, strict=True):
            if mark:
                told[storey].add(name)
    for folder, _ in rows("Shared rooms"):
        storey, _, name = folder.strip("`").rpartition("/")
        told[storey].add(name)
    return told


def test_every_folder_is_on_the_map_and_every_row_is_a_folder() -> None:
    told = on_the_map()
    shared = {name for storey in ("src/qa", "src/projections", "api") for name in told[storey]}
    for storey, folder in STOREYS.items():
        extra = (rooms(folder) - told[storey]) - {"__pycache__"}
        if storey == "tests":  # Tests of a shared room lie under its name.
            extra -= shared
        assert extra == set(), f"{storey}: not on the map"
        assert told[storey] - rooms(folder) == set(), f"{storey}: on the map, and not there"


def test_every_room_is_told_what_it_is() -> None:
    told = [row[1] for heading in ("Capabilities", "Shared rooms") for row in rows(heading)]
    assert len(told) > 35
    assert all(len(what) > 15 for what in told)


def test_the_ways_drawn_name_modules_that_exist() -> None:
    drawn = re.findall(r"^(\w+)/(\w+)\s+((?:\w+(?: · )?)+)(?:  |$)", MAP, re.MULTILINE)
    assert len(drawn) >= 8
    places = {"qa": ROOT / "src/qa", "projections": ROOT / "src/projections", "api": ROOT / "api"}
    for storey, room, modules in drawn:
        for module in modules.split(" · "):
            at = places[storey] / room / module.strip()
            assert at.with_suffix(".py").exists() or at.is_dir(), f"{storey}/{room}/{module}"
