"""What the command line says of a past moment holds nothing of what came later, or is refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from api.cli.commands import CliCommand
from qa.core.capabilities import declared
from tests.support.command_line import Run
from tests.support.council import Council

YEAR = ("--from", "2025-04-01", "--to", "2026-12-31", "--json")
HONOURED = {
    "report agreement": YEAR,
    "report closing-the-loop": YEAR,
    "report grades": YEAR,
    "report indicators": ("--json",),
    "report supervision": YEAR,
    "export audits": ("audits.csv",),
    "search": ("evidence", "--json"),
}
ELSEWHERE = {
    "pack": "the same position gives the same bytes: tests/evidence_packs",
    "prove": "the position is the fact that is proven",
    "report rag": "tests/plans",
    "report board": "tests/plans",
    "report quarterly": "tests/quarterly",
    "report learning-theme": "tests/reports",
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
@pytest.mark.parametrize("command", HONOURED)
def test_a_past_moment_holds_nothing_of_later_events(
    command: str, small_council: Council, typed: Run
) -> None:
    council = small_council
    council.moderated("inadequate", "good")
    head = council.services.store.head()
    words = (*command.split(), *HONOURED[command])

    def told(*moment: str) -> tuple[int, str, bytes]:
        said = typed(*words, *moment)
        file = Path("audits.csv")
        written = file.read_bytes() if file.exists() else b""
        file.unlink(missing_ok=True)
        return said.code, said.out, written

    before = told("--position", str(head))
    council.clock.advance(timedelta(minutes=1))
    council.moderated("outstanding", "good")
    council.submitted("requires-improvement")
    assert told("--position", str(head)) == before
    assert before[0] == 0


@pytest.mark.parametrize(
    "command", sorted(name for name, taken in _commands().items() if not taken & MOMENTS)
)
def test_what_has_no_past_refuses_to_be_asked_for_one(command: str, typed: Run) -> None:
    said = typed(*command.split(), "--position", "1")
    assert said.code == 2
    assert "No such option" in said.err
