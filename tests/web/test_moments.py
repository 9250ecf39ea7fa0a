"""What a reader asks for becomes one moment, by every way in alike; a pin ends the log for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from api.web.moments import AsAt, as_at, moment_typed, on_day
from qa.core.errors import Refused
from tests.support.council import Council
from tests.support.given import codes_of


@contextmanager
def moments(council: Council) -> Iterator[Any]:
    store = council.services.store
    with store.reading() as connection:
        yield lambda **given: as_at(store, connection, **given)


def later(council: Council, days: int) -> None:
    council.clock.advance(timedelta(days=days))


def refused(council: Council, **given: Any) -> list[tuple[str, str]]:
    with moments(council) as moment, pytest.raises(Refused) as caught:
        moment(**given)
    return [(fault.field, fault.code) for fault in caught.value.faults]


def test_now_a_day_and_a_position(small_council: Council) -> None:
    first = small_council.today
    before = small_council.services.store.head()
    later(small_council, 2)
    small_council.allocated()
    head = small_council.services.store.head()
    with moments(small_council) as moment:
        assert moment() == AsAt(small_council.today, None, head)
        assert moment(day=small_council.today) == moment()
        assert moment(day=first) == AsAt(first, before, head)
        placed = moment(position=before)
        assert (placed.day, placed.position, placed.head) == (first, before, head)
        assert placed.by_position
        assert placed.told_at == small_council.clock.now() - timedelta(2)
        assert moment(position=before).query == {"position": str(before)}
        assert moment(day=first, true_on=first).query == {
            "as_at": first.isoformat(),
            "true_on": first.isoformat(),
        }


def test_what_cannot_be_shown_is_refused_at_its_field(small_council: Council) -> None:
    first, head = small_council.today, small_council.services.store.head()
    later(small_council, 3)
    today = small_council.today
    tomorrow = today + timedelta(days=1)
    assert refused(small_council, day=tomorrow) == [("as_at", "date-future")]
    assert refused(small_council, day=date(1066, 10, 14)) == [("as_at", "date-early")]
    assert refused(small_council, day=first - timedelta(days=1)) == [
        ("as_at", "date-before-record")
    ]
    assert refused(small_council, position=head + 1) == [("position", "position-beyond-head")]
    assert refused(small_council, position=-1) == [("position", "position-beyond-head")]
    assert refused(small_council, day=first, position=1) == [("as_at", "as-at-both")]
    assert refused(small_council, true_on=tomorrow) == [("true_on", "date-future")]
    assert refused(small_council, day=first, true_on=today) == [("true_on", "true-after-known")]
    assert refused(small_council, position=1, true_on=today) == [("true_on", "true-after-known")]
    assert refused(small_council, day=tomorrow, position=head + 1, true_on=tomorrow) == [
        ("as_at", "as-at-both"),
        ("position", "position-beyond-head"),
        ("as_at", "date-future"),
        ("true_on", "date-future"),
    ]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"as_at": "31/2/2026"}, ("as_at", "date-impossible")),
        ({"true_on": "yesterday"}, ("true_on", "date-impossible")),
        ({"position": "１２"}, ("position", "position-malformed")),
        ({"position": "9" * 40}, ("position", "position-malformed")),
        ({"position": "-1"}, ("position", "position-malformed")),
    ],
)
def test_what_is_no_date_or_position_is_refused(
    small_council: Council, query: dict[str, str], fault: tuple[str, str]
) -> None:
    store = small_council.services.store
    with store.reading() as connection, pytest.raises(Refused) as caught:
        moment_typed(store, connection, query)
    assert [(one.field, one.code) for one in caught.value.faults] == [fault]


def test_for_a_pinned_reader_the_log_ends_at_the_pin(small_council: Council) -> None:
    pinned_on, pin = small_council.today, small_council.services.store.head()
    later(small_council, 2)
    small_council.allocated()
    with moments(small_council) as moment:
        at = moment(pin=pin)
        assert (at.day, at.position, at.head, at.shown) == (pinned_on, pin, pin, pin)
    assert refused(small_council, day=small_council.today, pin=pin) == [("as_at", "date-future")]
    assert refused(small_council, position=pin + 1, pin=pin) == [
        ("position", "position-beyond-head")
    ]
    assert refused(small_council, true_on=small_council.today, pin=pin) == [
        ("true_on", "date-future")
    ]


def test_an_entry_is_read_as_on_another_day(small_council: Council) -> None:
    """Of an entry alone: a day has its own end, and what is true on one is of that."""
    entered, pin = small_council.today, small_council.services.store.head()
    later(small_council, 3)
    today = small_council.today
    with moments(small_council) as moment:
        now, at = moment(), moment(position=pin)
        assert on_day(at, None, today) == at
        own = on_day(at, today, today)
        assert (own.day, own.known_day, own.own_day) == (today, entered, today)
        asks = {"position": str(pin), "on": today.isoformat()}
        assert own.query == own.pinned == asks
        assert own.entry == at.query == now.pinned == {"position": str(pin)}
        assert on_day(own, entered, today) == at
        for day, code in ((today + timedelta(days=1), "date-future"), (date.min, "date-early")):
            assert codes_of(partial(on_day, at, day, today)) == [code]
        so = moment(position=pin, true_on=entered)
        for own_day in (now, so):
            assert codes_of(partial(on_day, own_day, entered, today)) == ["on-without-entry"]
        assert so.entry == {"position": str(pin), "true_on": entered.isoformat()}
