"""Every screen at a random moment is what a store told only the events of it would show, and what
is asked at a position gives the same bytes for ever: later, rebuilt, on either database."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.web.moments import as_at, looking
from projections.core.rebuild import rebuild
from qa.core.clock import SetClock
from qa.core.words import Actor
from tests.history.support import Eventful
from tests.support.council import Council
from tests.support.engines import Server
from tests.support.screens import screens, told_only


def actors(council: Council) -> list[Actor]:
    return [council.actor(name) for name in ("lead", "moderator", "auditor")]


def moments(council: Council, random: Random, times: int, *, true_on: bool) -> list[dict[str, Any]]:
    head = council.services.store.head()
    found: list[dict[str, Any]] = []
    for _ in range(times):
        position = random.randrange(head + 1) if random.random() < 0.7 else None
        given: dict[str, Any] = {"position": position}
        if true_on:
            with council.services.store.reading() as connection:
                last = as_at(council.services.store, connection, position=position).day
            given["true_on"] = last - timedelta(days=random.randrange(45))
        found.append(given)
    return found


def compare(council: Council, given: dict[str, Any]) -> None:
    services = council.services
    with services.store.reading() as connection:
        at = as_at(services.store, connection, **given)
        with told_only(council, at, connection) as small:
            expected = screens(small, at, actors(council), council.today)
        with looking(services, connection, at) as shown:
            found = screens(shown, at, actors(council), council.today)
    # The live tables know of records that are not of this moment; those must show as nothing.
    for name in sorted(found.keys() | expected.keys()):
        if name in expected:
            assert found[name] == expected[name], (given, name)
        else:
            assert not found[name] or not any(found[name]), (given, name)


def test_as_true_on_a_day_as_known_at_a_position(small_council: Council) -> None:
    Eventful(small_council, 100).go_on(60)
    random = Random(1)
    for given in [
        *moments(small_council, random, 1, true_on=False),
        *moments(small_council, random, 3, true_on=True),
    ]:
        compare(small_council, given)


@pytest.mark.postgres
def test_both_times_on_the_other_database(postgres_council: Council) -> None:
    council = postgres_council
    Eventful(council, 7).go_on(50)
    random = Random(7)
    for given in [
        *moments(council, random, 1, true_on=False),
        *moments(council, random, 2, true_on=True),
    ]:
        compare(council, given)


def test_the_random_council_does_every_kind_of_thing(tmp_path: Path, clock: SetClock) -> None:
    """So that the comparison above cannot pass for want of something to compare."""
    council = Council.open(f"sqlite:///{tmp_path / 'all.db'}", clock, tmp_path)
    eventful = Eventful(council, 1)
    eventful.go_on(220)
    council.services.store.close()
    assert len(eventful.done) == 14


RANGE = "from=2026-01-01&to=2026-06-30"
API = "/api/v1"


def answers(council: Council, position: int, *, more: str = "") -> dict[str, bytes]:
    """Everything that goes out of the house at a position, by its address."""
    browser, program = council.browser("lead"), council.program("lead")
    moment = f"position={position}{more}"
    pages = [
        f"/reports/{name}/download.{kind}?{RANGE}&dimension={cut}&{moment}"
        for name, cut in (("agreement", "team"), ("grades", "domain"))
        for kind in ("csv", "xlsx", "json", "docx", "pdf")
    ]
    pages += [
        f"/reports/agreement/rows?{RANGE}&figure=moderation_agreement_rate&file=csv&{moment}",
        f"/audits/export.csv?{moment}",
        f"/audits/export.xlsx?{moment}",
    ]
    documents = [
        f"{API}/reports/agreement?{RANGE}&dimension=auditor&{moment}",
        f"{API}/reports/grades?{RANGE}&{moment}",
        f"{API}/exports/audits.json?{moment}",
        f"{API}/exports/reports/agreement.pdf?{RANGE}&{moment}",
        f"{API}/case-audits?{moment}",
    ]
    found = {}
    for path in pages:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        found[path] = answer.content
        assert answer.headers["Caseloop-Position"] == str(position)
    for path in documents:
        answer = program.get(path)
        assert answer.status_code == 200, path
        found[path] = answer.content
    return found


def same(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    assert one.keys() == other.keys()
    for path, content in one.items():
        assert content == other[path], path


@pytest.fixture
def eventful(small_council: Council) -> tuple[Council, Eventful, int]:
    happening = Eventful(small_council, 5)
    happening.go_on(40)
    return small_council, happening, small_council.services.store.head()


def test_after_later_events_and_after_a_rebuild(eventful: tuple[Council, Eventful, int]) -> None:
    council, happening, position = eventful
    day = council.today - timedelta(days=6)
    known, so = answers(council, position), answers(council, position, more=f"&true_on={day}")
    happening.go_on(40)
    council.clock.advance(timedelta(days=400))
    same(answers(council, position), known)
    same(answers(council, position, more=f"&true_on={day}"), so)
    rebuild(council.services.store, council.services.registry)
    same(answers(council, position), known)
    same(answers(council, position, more=f"&true_on={day}"), so)


@pytest.mark.postgres
def test_on_the_other_database(postgres_server: Server, tmp_path: Path) -> None:
    """The same things done in both give the same events, and so the same bytes."""
    found = []
    with ExitStack() as stack:
        urls = [stack.enter_context(postgres_server.fresh()), f"sqlite:///{tmp_path / 'other.db'}"]
        for number, url in enumerate(urls):
            folder = tmp_path / str(number)
            folder.mkdir()
            council = Council.open(url, SetClock(datetime(2026, 3, 2, 9, tzinfo=UTC)), folder)
            stack.callback(council.services.store.close)
            Eventful(council, 5).go_on(40)
            position = council.services.store.head()
            day = council.today - timedelta(6)
            found.append(answers(council, position))
            found.append(answers(council, position, more=f"&true_on={day}"))
    same(found[0], found[2])
    same(found[1], found[3])
