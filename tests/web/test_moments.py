"""What a reader asks for becomes one moment, by every way in alike; a pin ends the log for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from api.routes import PAGES
from api.web.moments import AsAt, as_at, asked
from qa.core.errors import Refused
from tests.support.council import Council
from tests.support.pinned import pin_everybody

V1 = "/api/v1"


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
        asked(store, connection, query)
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


def test_nothing_behind_the_pin_is_seen_by_any_route(
    small_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody is pinned; what is recorded behind the pin is on no page and in no answer."""
    council = small_council
    audit = council.submitted("outstanding")
    pinned_on, pin = council.today, council.services.store.head()
    later(council, 2)
    hidden = council.allocated(child="C-90210")
    reference = council.view(hidden).row.reference
    council.moderate(audit)
    final_word = "The file supports this grade."
    pin_everybody(monkeypatch, pin)
    row = council.view(hidden).row
    for handle in ("lead", "admin"):
        browser, program = council.browser(handle), council.program(handle)
        for path in _page_addresses(audit, hidden, row.child):
            pasts = ("", f"true_on={pinned_on}", f"position={pin + 1}")
            for past in pasts if handle == "lead" else pasts[:1]:
                page = browser.get(f"{path}{'&' if '?' in path else '?'}{past}")
                assert page.status_code < 500, path
                for secret in (reference, "C-90210", final_word):
                    assert secret not in page.text, (handle, path, past)
        for path in _api_addresses(program, audit, hidden):
            answer = program.get(path)
            assert answer.status_code < 500, path
            for secret in (reference, "C-90210", final_word):
                assert secret not in answer.text, (handle, path)
            told = answer.headers.get("Caseloop-Position")
            assert told is None or int(told) <= pin, path


def _page_addresses(audit: str, hidden: str, child: str) -> list[str]:
    routed = [route.path for route in PAGES if "GET" in route.methods]
    found = []
    for which in (audit, hidden):
        named = {"{audit}": which, "{kind}": "csv", "{name}": "agreement", "{section}": "overall"}
        for path in routed:
            for name, value in named.items():
                path = path.replace(name, value)
            # The page says back what it was asked for, so this child is looked for by the list.
            if "{child:path}" not in path:
                found.append(path)
    return [*sorted(set(found)), "/audits?status=allocated", "/search?q=supports"]


def _api_addresses(program: Any, audit: str, hidden: str) -> list[str]:
    document = program.get(f"{V1}/openapi.json").json()
    named = {"{name}": "agreement", "{kind}": "csv", "{child}": "C-00001"}
    found = set()
    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        for which in (audit, hidden):
            one = path.replace("{audit}", which)
            for name, value in named.items():
                one = one.replace(name, value)
            found.add(one)
    return [*sorted(found), f"{V1}/search?q=supports"]
