"""Many at once: order without gaps, one winner a version, one deed a key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread
from time import sleep
from typing import Any

import pytest

from qa.core.errors import MovedOn, Unavailable
from qa.store.store import Store
from qa.store.unit import Receipt
from qa.store.writers import WriterQueue
from tests.store.support import KIM, MarblesAdded, marbles


def together(count: int, do: Callable[[int], Any]) -> list[Any]:
    """Run `do(0) … do(count - 1)` in as many threads, started at one moment."""
    start = Barrier(count)

    def run(n: int) -> Any:
        start.wait()
        return do(n)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_eight_writers_leave_no_gap_and_no_event_twice(store: Store) -> None:
    def write(n: int) -> list[int]:
        ends = []
        for turn in range(20):
            with store.unit(KIM) as unit:
                for jar in (f"jar:{n}", f"jar:{n}-{turn}"):
                    unit.load(jar, marbles, 0)
                    unit.append(jar, MarblesAdded(count=1))
            ends.append(unit.receipt.position)
        return ends

    ends = sorted(end for each in together(8, write) for end in each)
    assert ends == list(range(2, 321, 2))
    events = list(store.events())
    assert [f.position for f in events] == list(range(1, 321))
    assert [f.recorded_at for f in events] == sorted(f.recorded_at for f in events)
    # The two events of one unit stand together.
    correlations = [f.meta.correlation_id for f in events]
    assert all(correlations[i] == correlations[i + 1] for i in range(0, 320, 2))


def test_a_reader_never_sees_a_gap_while_others_write(store: Store) -> None:
    done = Event()
    gaps: list[list[int]] = []

    def watch() -> None:
        while not done.is_set():
            seen = [f.position for f in store.events()]
            if seen != list(range(1, len(seen) + 1)):
                gaps.append(seen)

    def write(n: int) -> None:
        for _ in range(15):
            with store.unit(KIM) as unit:
                unit.append(f"jar:{store.new_id()}", MarblesAdded(count=1))

    watcher = Thread(target=watch)
    watcher.start()
    together(4, write)
    done.set()
    watcher.join()
    assert gaps == []


def test_forty_writers_of_one_version_have_one_winner(store: Store) -> None:
    def write(n: int) -> str:
        try:
            with store.unit(KIM) as unit:
                unit.append("jar:1", MarblesAdded(count=n))
        except MovedOn as refusal:
            return f"moved on to {refusal.current}"
        return "saved"

    assert Counter(together(40, write)) == {"saved": 1, "moved on to 1": 39}
    assert store.head() == 1


def test_forty_requests_with_one_key_do_one_deed(store: Store) -> None:
    def write(n: int) -> Receipt:
        with store.unit(KIM, key="k", request="r") as unit:
            if unit.replayed is None:
                unit.append(f"jar:{n}", MarblesAdded(count=1))
                unit.respond(jar=n)
        return unit.receipt

    receipts = together(40, write)
    assert Counter(r.replayed for r in receipts) == {True: 39, False: 1}
    assert len({(r.position, r.response["jar"]) for r in receipts}) == 1
    assert store.head() == 1


def test_writers_are_served_in_the_order_of_asking() -> None:
    queue = WriterQueue()
    served: list[int] = []
    queue.take(1)

    def ask(n: int) -> None:
        queue.take(10)
        served.append(n)
        queue.give_back()

    threads = []
    for n in range(6):
        threads.append(Thread(target=ask, args=(n,)))
        threads[-1].start()
        while queue.waiting != n + 1:
            sleep(0.001)
    queue.give_back()
    for thread in threads:
        thread.join()
    assert served == list(range(6))


def test_a_writer_whose_turn_does_not_come_is_told_and_forgotten() -> None:
    queue = WriterQueue()
    queue.take(1)
    with ThreadPoolExecutor(1) as pool:
        refusal = pool.submit(queue.take, 0.01).exception()
    assert isinstance(refusal, Unavailable)
    assert queue.waiting == 0
    queue.give_back()
    queue.take(0)
    with pytest.raises(RuntimeError):
        queue.take(0)
