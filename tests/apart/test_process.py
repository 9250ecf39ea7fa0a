"""Work in a process apart: what it answers, and how it ends."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from threading import Event
from threading import enumerate as enumerate_threads

import pytest

from api.apart.process import (
    EndedEarly,
    ProcessApart,
    TookTooLong,
    giving_memory_back,
    memory_taken,
    run_apart,
)
from qa.core.errors import Forbidden, Refused
from tests.apart.support import (
    busy,
    forbidden,
    forever,
    gone,
    greedy,
    number,
    refusing,
    twice,
    waiting,
)

QUICK = 30.0
"""Seconds on a busy machine."""


def test_work_apart_answers_refuses_and_ends_in_plain_words() -> None:
    assert run_apart(twice, 21) == 42
    with pytest.raises(Refused) as both:
        run_apart(refusing)
    assert [(f.code, f.row) for f in both.value.faults] == [("one", None), ("two", 2)]
    with pytest.raises(Forbidden, match="Not yours") as no:
        run_apart(forbidden)
    assert no.value.rule == "import"
    for work, code in ((greedy, "file-too-large"), (gone, "file-too-large")):
        with pytest.raises(Refused) as ended:
            run_apart(work)
        assert ended.value.faults[0].code == code
    assert run_apart(waiting, 0.6, seconds=0.5) == 0.6
    begun = time.monotonic()
    for endless in (forever, busy):
        with pytest.raises(Refused) as slow:
            run_apart(endless, seconds=0.5)
        assert slow.value.faults[0].code == "file-too-slow"
    assert time.monotonic() - begun < 2 + QUICK


def test_one_process_carries_out_one_work_after_another_until_it_is_ended() -> None:
    with ProcessApart() as process:
        made = [process.ask(number, seconds=QUICK) for _ in range(2)]
        assert len({os.getpid(), *made}) == 2
        with pytest.raises(Forbidden):
            process.ask(forbidden, seconds=QUICK)
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            process.ask(divmod, 1, 0, seconds=QUICK)
        assert process.ask(twice, "ab" * 500_000, seconds=QUICK) == "ab" * 1_000_000
        assert process.ask(memory_taken, seconds=QUICK) > 1_000_000
        assert process.is_ready
    assert not process.is_ready


@pytest.mark.parametrize(("work", "error"), [(forever, TookTooLong), (gone, EndedEarly)])
def test_a_process_that_was_killed_or_is_gone_is_ready_for_nothing(
    work: Callable[[], object], error: type[Exception]
) -> None:
    with ProcessApart() as process:
        with pytest.raises(error):
            process.ask(work, seconds=1)
        assert not process.is_ready


def test_memory_is_given_back_again_and_again_until_the_server_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[int] = []
    twice_given = Event()

    def give() -> None:
        given.append(len(given))
        if len(given) == 2:
            twice_given.set()

    monkeypatch.setattr("api.apart.process.give_memory_back", give)
    with giving_memory_back(0.001):
        assert twice_given.wait(QUICK)
    assert "memory" not in [thread.name for thread in enumerate_threads()]
