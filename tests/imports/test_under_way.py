"""A long file on the page: recorded by a process apart, followed, stopped, gone on with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest

from api.imports import pace, parts
from api.imports import run as of_run
from api.imports.uploads import heartbeat, previews, sent_files, services_apart, under_way
from api.imports.uploads.under_way import UnderWay
from api.services import Services
from projections.imports import queries
from qa.core.clock import microseconds
from qa.core.errors import Unavailable
from qa.store import writers
from tests.imports.support import record, upload
from tests.support.council import Council, words_of
from tests.support.forms import hidden, send

pytestmark = pytest.mark.one_database

LINES = [f"L-{n},60{n},2025-07-0{n},Pat Sample,Good" for n in range(1, 8)]
LONG = "\n".join(["Ref,Child ref,Audit date,Auditor,Rating", *LINES])
Begun = list[Callable[[], None]]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Begun:
    """Seven rows are many; what a process apart would do is done here, when it is called."""
    found: Begun = []
    monkeypatch.setattr(of_run, "LONG", 3)
    monkeypatch.setattr(sent_files, "LARGE", 100)
    monkeypatch.setattr(pace, "MOST", 2)
    monkeypatch.setattr(parts, "BREATH", 0)
    monkeypatch.setattr(under_way, "BEAT_SECONDS", 0)
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.01)

    def later(services: Services, work: Callable[..., None], *given: Any) -> None:
        found.append(partial(work, services, *given))

    def now(services: Services, work: Callable[..., Any], *given: Any) -> Any:
        return work(services, *given)

    monkeypatch.setattr(under_way, "start_with_services", later)
    monkeypatch.setattr(previews, "run_with_services", now)
    return found


def follow(lead: Any, there: str) -> Any:
    """The page of the file, which leads to how far it is while it is under way."""
    answer = lead.get(there)
    return lead.get(answer.headers["location"]) if answer.status_code == 303 else answer


def test_a_long_file_is_followed_until_it_is_recorded(
    small_council: Council, begun: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = small_council.browser("lead")
    there = upload(lead, LONG)
    assert record(lead, there).headers["location"] == there
    checking = follow(lead, there).text
    assert "Every row is checked once more" in checking
    assert "If you stop it now, nothing is recorded." in checking
    seen = []
    monkeypatch.setattr(
        "api.imports.uploads.under_way.let_others_save",
        lambda: seen.append(follow(lead, there).text),
    )
    begun[0]()
    assert "2 of 7 rows are recorded" in words_of(seen[2])
    assert 'http-equiv="refresh"' in seen[2]
    assert 'max="7" value="2"' in seen[2]
    assert "Stop the import" in seen[2]
    assert "The file is imported" in follow(lead, there).text
    assert len(begun) == 1


@pytest.mark.both_databases
def test_a_stopped_import_says_what_is_recorded_and_goes_on(
    council: Council, begun: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = council.browser("lead")
    there = upload(lead, LONG)
    record(lead, there)
    far = lead.get(there).headers["location"]
    parts_begun: list[int] = []

    def stop_at_the_third() -> None:
        parts_begun.append(1)
        if len(parts_begun) == 3:
            assert send(lead, far, {}).headers["location"] == far
            assert "It stops after the rows" in words_of(lead.get(far).text)

    monkeypatch.setattr("api.imports.uploads.under_way.let_others_save", stop_at_the_third)
    begun[0]()
    page = words_of(lead.get(there).text)
    assert "It was stopped. 4 rows are recorded ( see the batch, or undo it ), 3 are not" in page
    record(lead, there)
    begun[1]()
    assert "The file is imported" in lead.get(there).text
    with council.services.store.reading() as connection:
        assert [one.imported for one in queries.batches(connection)] == [3, 4]


ACTIONS = "\n".join(
    [
        "Action ref,Team,Action,Kind,Owner,Raised,Due",
        *(f"R-{n},East,Write it,Practice,worker,2025-07-01,2025-09-01" for n in range(7)),
    ]
)


def test_a_kind_that_is_recorded_whole_lives_and_tells_how_far_it_is_while_it_writes(
    small_council: Council, begun: Begun, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    lead = small_council.browser("lead")
    there = upload(lead, ACTIONS, kind="actions")
    record(lead, there)
    seen = []
    whole = of_run.as_whole

    def looked_at(do: Any, *given: Any, **how: Any) -> Any:
        def doing(desk: Any, *rows: Any, **more: Any) -> Any:
            desk.progress(3, 7)
            clock.advance(2 * under_way.SILENT)
            beat, now = 0, microseconds(clock.now())
            with small_council.services.store.writing(), monkeypatch.context() as patch:
                patch.setattr(writers, "BUSY_SECONDS", 0.05)
                for _ in range(3000):
                    told = heartbeat.last_beat(there.rpartition("/")[2])
                    beat = told[0] if told is not None else 0
                    if beat >= now:
                        break
                    Event().wait(0.01)
                assert beat >= now
                seen.append(follow(lead, there).text)
            return do(desk, *rows, **more)

        return whole(doing, *given, **how)

    monkeypatch.setattr(of_run, "as_whole", looked_at)
    begun[0]()
    page = words_of(seen[0])
    assert "3 of 7 rows are ready to be saved together" in page
    assert "It cannot be stopped any more" in page
    assert "Stop the import" not in page
    assert 'max="7" value="3"' in seen[0]
    assert "The file is imported" in follow(lead, there).text
    assert heartbeat.last_beat(there.rpartition("/")[2]) is None

    again = upload(lead, ACTIONS.replace("R-", "S-"), kind="actions")
    far = record(lead, again).headers["location"]
    send(lead, lead.get(far).headers["location"], {})
    begun[1]()
    assert "It was stopped. Nothing is recorded." in words_of(lead.get(again).text)


def test_what_refuses_or_breaks_it_is_told_on_the_page_of_the_file(
    small_council: Council, begun: Begun, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    lead = small_council.browser("lead")
    there = upload(lead, LONG.replace("Good", "Splendid", 1))
    record(lead, there, bad="refuse")
    begun[0]()
    assert "because rows are refused" in words_of(lead.get(there).text)
    record(lead, there, bad="skip")
    monkeypatch.setattr(of_run, "in_parts", _broken)
    with pytest.raises(ZeroDivisionError):
        begun[1]()
    assert "It met trouble of its own (ZeroDivisionError)." in words_of(lead.get(there).text)
    record(lead, there, bad="skip")
    clock.advance(under_way.SILENT + timedelta(seconds=1))
    assert "It ended before it was through." in words_of(lead.get(there).text)
    monkeypatch.setattr(of_run, "in_parts", _away)
    record(lead, there, bad="skip")
    begun[3]()
    assert "The records cannot be reached." in words_of(lead.get(there).text)


def test_a_file_that_is_not_under_way_is_not_stopped(small_council: Council, begun: Begun) -> None:
    """As from a page that was left open, when the columns were chosen anew since."""
    lead = small_council.browser("lead")
    there = upload(lead, LONG.replace("Good", "Splendid", 1))
    record(lead, there, bad="refuse")
    far = lead.get(there).headers["location"]
    begun[0]()
    to = f"{there}/columns"
    lead.post(to, hidden(lead.get(there).text, to))
    assert lead.post(far, hidden(lead.get(there).text, to)).status_code == 303
    assert lead.get(there).status_code == 200


def _broken(*given: Any, **how: Any) -> Any:
    raise ZeroDivisionError


def _away(*given: Any, **how: Any) -> Any:
    raise Unavailable("The records cannot be reached.")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "about 5 seconds left"),
        (9, "about 10 seconds left"),
        (60, "about 1 minute left"),
        (400, "about 7 minutes left"),
    ],
)
def test_the_time_left_is_told_in_round_words(seconds: float, words: str) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    began = microseconds(now - timedelta(seconds=seconds))
    assert UnderWay(began, began, {}, done=50, total=100).time_left(now) == words
    assert UnderWay(began, began, {}, total=100).time_left(now) == ""


def test_a_process_apart_records_the_file_of_a_real_store(
    small_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_files, "LARGE", 100)
    started = []

    def noted(*given: Any) -> None:
        started.append(services_apart.start_with_services(*given))

    monkeypatch.setattr(under_way, "start_with_services", noted)
    lead = small_council.browser("lead")
    there = upload(lead, LONG)
    record(lead, there)
    started[0].join(60)
    assert started[0].exitcode == 0
    assert "The file is imported" in lead.get(there).text
