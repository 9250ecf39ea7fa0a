"""What is asked at a position gives the same bytes for ever: later, rebuilt, on either database."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from projections.core.rebuild import rebuild
from qa.core.clock import SetClock
from tests.conftest import FreshUrl
from tests.history.eventful import Eventful
from tests.support.council import Council

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
def test_on_the_other_database(fresh_url: FreshUrl, tmp_path: Path) -> None:
    """The same things done in both give the same events, and so the same bytes."""
    found = []
    with ExitStack() as stack:
        urls = [stack.enter_context(fresh_url()), f"sqlite:///{tmp_path / 'other.db'}"]
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
