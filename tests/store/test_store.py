"""What is read of the log by many positions at once."""

from __future__ import annotations

from projections.core.base import events_at
from qa.store.store import Store
from tests.store.support import KIM, MarblesAdded


def test_more_events_are_read_at_once_than_a_statement_takes_parameters(store: Store) -> None:
    with store.unit(KIM) as unit:
        unit.append(f"jar:{store.new_id()}", *(MarblesAdded(count=number) for number in (1, 2, 3)))
    with store.reading() as connection:
        found = events_at(connection, range(2, 70_000))
    assert {at: event for at, (event, _) in found.items()} == {
        2: MarblesAdded(count=2),
        3: MarblesAdded(count=3),
    }
