"""Processes kept beside a server: used again, given up, and gone when it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest

from api.apart import kept
from api.apart.kept import KeptProcesses, NotMade, kept_processes, made_apart
from qa.core.errors import NotFound
from tests.apart.support import forever, gone, number, until_there

QUICK = 30.0


@pytest.fixture
def one() -> Iterator[KeptProcesses]:
    """Room for one process."""
    made = KeptProcesses(number, most=1)
    yield made
    made.close()


def missing() -> None:
    raise NotFound("There is none.")


def test_without_processes_the_work_is_done_here() -> None:
    assert made_apart(number) == os.getpid()


def test_beside_a_server_one_process_is_used_again() -> None:
    with kept_processes(number):
        first = made_apart(number)
        assert first != os.getpid()
        with pytest.raises(NotFound, match="There is none"):
            made_apart(missing)
        assert made_apart(number) == first
    assert made_apart(number) == os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_one_that_ends_or_takes_too_long_is_told_and_another_is_there(one: KeptProcesses) -> None:
    first = one.carry_out(number, (), QUICK)
    for work, seconds in ((gone, QUICK), (forever, 1.0)):
        with pytest.raises(NotMade) as told:
            one.carry_out(work, (), seconds)
        assert (told.value.status, told.value.code) == (503, "document-not-made")
        assert one.carry_out(number, (), QUICK) != first


def test_who_waits_too_long_for_a_turn_is_told() -> None:
    with pytest.raises(NotMade, match="Too many documents"):
        KeptProcesses(number, most=0).carry_out(number, (), 0.01)


def test_the_chart_of_a_page_waits_for_no_documents(tmp_path: Path) -> None:
    both, there = KeptProcesses(number), tmp_path / "there"
    with ThreadPoolExecutor() as waiting:
        documents = [
            waiting.submit(both.carry_out, until_there, (str(there),), QUICK) for _ in range(2)
        ]
        chart = both.carry_out(number, (), QUICK, quick=True)
        assert not any(one.done() for one in documents)
        there.touch()
        assert {one.result() for one in documents}
        assert chart != os.getpid()
    both.close()


def test_one_that_has_taken_too_much_memory_or_is_idle_ends(
    one: KeptProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = one.carry_out(number, (), QUICK)
    assert one.carry_out(number, (), QUICK) == first
    monkeypatch.setattr(kept, "MOST_MEMORY", 1)
    assert one.carry_out(number, (), QUICK) == first
    monkeypatch.setattr(kept, "MOST_MEMORY", 10**12)
    second = one.carry_out(number, (), QUICK)
    assert second != first
    one.end_idle()
    assert one.carry_out(number, (), QUICK) == second
    monkeypatch.setattr(kept, "monotonic", lambda: monotonic() + kept.IDLE_SECONDS)
    one.end_idle()
    assert one.carry_out(number, (), QUICK) != second
