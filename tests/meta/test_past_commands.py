"""What the command line says of a past moment holds nothing of what came later, or is refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.commands import CliCommand
from qa.core.capabilities import declared
from tests.support.addresses import named_records
from tests.support.command_line import Run
from tests.support.council import Council
from tests.support.every_room import lived_in_halves

YEAR = ("--from", "2025-04-01", "--to", "2026-12-31", "--json")
HONOURED = {
    "report agreement": YEAR,
    "report board": ("--plan", "Getting to good", "--json"),
    "report closing-the-loop": YEAR,
    "report grades": YEAR,
    "report indicators": ("--json",),
    "report learning-theme": ("--theme", "{learning-theme}", "--json"),
    "report quarterly": ("--report", "{quarterly-report}", "--json"),
    "report rag": ("--plan", "Getting to good", "--json"),
    "report supervision": YEAR,
    "export audits": ("audits.csv",),
    "import list": ("--json",),
    "people list": ("--json",),
    "search": ("evidence", "--json"),
    "self-evaluation": ("{self-evaluation}", "--json"),
    "team list": ("--json",),
}
ELSEWHERE = {
    "pack": "the same position gives the same bytes: tests/evidence_packs",
    "prove": "the position is the fact that is proven",
    "import assessments": "the day that the imported ratings are of",
    "import measure-reports": "the day that the imported reports are of",
}


def _commands() -> dict[str, set[str]]:
    """Every command as typed, with the names of its parameters."""
    found = declared("api", "cli", "COMMANDS", CliCommand, suffixed=True)
    return {
        f"{one.group} {one.name}".strip(): set(inspect.signature(one.run).parameters)
        for one in found
    }


MOMENTS = {"as_at", "known_on", "position"}


def test_every_command_that_takes_a_moment_is_walked() -> None:
    taking = {name for name, parameters in _commands().items() if parameters & MOMENTS}
    assert taking == {*HONOURED, *ELSEWHERE}


@pytest.fixture
def typed(small_council: Council, over: Callable[[str, Path], Run]) -> Run:
    settings = small_council.services.settings
    return over(settings.store, settings.key_path.parent)


@pytest.mark.slow
def test_a_past_moment_holds_nothing_of_later_events(small_council: Council, typed: Run) -> None:
    """Every room goes on; what each command said of the moment before it says again."""
    council = small_council
    halves = lived_in_halves(council)
    next(halves)
    named, position = named_records(council), str(council.services.store.head())

    def told() -> dict[str, tuple[int, str, bytes]]:
        file, found = Path("audits.csv"), {}
        for command, words in HONOURED.items():
            asked = [named[word[1:-1]] if word.startswith("{") else word for word in words]
            said = typed(*command.split(), *asked, "--position", position)
            written = file.read_bytes() if file.exists() else b""
            file.unlink(missing_ok=True)
            found[command] = said.code, said.out, written
        return found

    council.allocated()
    before = told()
    assert [command for command, (code, _, _) in before.items() if code] == []
    for _ in halves:
        pass
    after = told()
    assert [command for command in HONOURED if after[command] != before[command]] == []


@pytest.mark.parametrize(
    "command", sorted(name for name, taken in _commands().items() if not taken & MOMENTS)
)
def test_what_has_no_past_refuses_to_be_asked_for_one(command: str, typed: Run) -> None:
    said = typed(*command.split(), "--position", "1")
    assert said.code == 2
    assert "No such option" in said.err
