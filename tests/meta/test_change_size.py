"""How many files a change takes, told by commands, fields and texts that there are: the files that
name one are those that had to be opened to add it (docs/add-a-feature.md)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEMONSTRATION = re.compile(r"api/demo/|demonstration")
WORDS = {
    str(path.relative_to(ROOT)): frozenset(re.findall(r"\w+", path.read_text("utf-8")))
    for kind in ("src/**/*.py", "api/**/*.py", "api/**/*.html")
    for path in ROOT.glob(kind)
}


def naming(*words: str) -> set[str]:
    """The files of production code that name one of these, demonstrations aside."""
    return {
        path
        for path, held in WORDS.items()
        if held.intersection(words) and not DEMONSTRATION.search(path)
    }


@pytest.mark.parametrize(
    ("room", "names"),
    [
        ("people", ("ReopenTeam", "reopen_team", "TeamReopened", "reopenTeam")),
        ("inspections", ("ExtendInspectorRoom", "extend_room", "InspectorRoomExtended")),
        ("indicators", ("BreakIndicatorSeries", "IndicatorSeriesBroken", "break_series")),
    ],
)
def test_a_command_with_its_event_and_ways_in_is_in_nine_files_of_three_folders(
    room: str, names: tuple[str, ...]
) -> None:
    found = naming(*names)
    assert 7 <= len(found) <= 9, sorted(found)
    places = {path.rpartition("/")[0].removesuffix("/templates") for path in found}
    assert places == {f"src/qa/{room}", f"src/projections/{room}", f"api/{room}"}


@pytest.mark.parametrize("field", ["with_whom", "reason_code", "given_on"])
def test_a_field_of_a_command_and_its_event_is_in_six_files(field: str) -> None:
    """Those with a box of their own in a page, or a place in a row, among them."""
    assert 4 <= len(naming(field)) <= 6, sorted(naming(field))


def test_a_text_of_an_audit_is_in_seven_files() -> None:
    """One with rules and a place on the page of its own; without these it is in one."""
    assert 3 <= len(naming("no_action_reason")) <= 7, sorted(naming("no_action_reason"))
