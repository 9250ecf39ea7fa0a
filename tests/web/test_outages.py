"""An outage says what it is: to the reader, to whoever looks after the service, and to monitors."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import update

from api.cli import listening
from api.cli.app import main
from projections.core.bookkeeping import read_model
from qa.core.errors import Refused, Unavailable
from qa.security import access_log
from qa.store import write_probe
from tests.support.council import Council, words_of
from tests.support.forms import hidden


def of_another_version(council: Council) -> None:
    """The audits' table as an earlier version had it: without a column of today."""
    with council.services.store.writing() as connection:
        connection.exec_driver_sql('ALTER TABLE "audit_row" RENAME COLUMN reference TO ref_of_old')
        connection.execute(
            update(read_model).where(read_model.c.name == "case_audits").values(version=1)
        )
    council.services.store.close()


def test_tables_of_another_version_say_that_a_rebuild_is_owed(
    council: Council, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    council.submitted()
    of_another_version(council)
    page = council.browser("lead").get("/audits")
    assert page.status_code == 503
    text = words_of(page.text)
    assert "caseloop rebuild" in text
    assert "Nothing was saved" not in text
    assert "Try again in a few minutes" not in text
    assert "retry-after" not in page.headers
    answer = council.program("lead").get("/api/v1/case-audits")
    assert (answer.status_code, answer.json()["code"]) == (503, "rebuild-needed")
    health = council.program("lead").get("/healthz").json()
    assert (health["status"], health["stale"]) == ("stale", ["case_audits"])
    assert health["advice"] == "run caseloop rebuild"

    settings = council.services.settings
    monkeypatch.setenv("CASELOOP_STORE", settings.store)
    monkeypatch.setenv("CASELOOP_COUNCIL_NAME", "Example Council")
    monkeypatch.setenv("CASELOOP_KEY_FILE", str(settings.key_file))
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["init"])
    assert "Run caseloop rebuild" in capsys.readouterr().err
    with pytest.raises(SystemExit) as done:
        main(["rebuild"])
    assert not done.value.code
    council.services.store.close()
    assert council.browser("lead").get("/audits").status_code == 200


@contextmanager
def no_room(council: Council) -> Iterator[None]:
    """A disk without room for one more page."""
    with pytest.MonkeyPatch.context() as patch:
        store = council.services.store
        writing = store.writing

        @contextmanager
        def full(*, lasting: bool = True) -> Iterator[object]:
            with writing(lasting=lasting):
                raise Unavailable("There is no room left to save to.", code="store-full")
            yield

        patch.setattr(store, "writing", full)
        yield


def test_reading_that_cannot_be_written_down_is_not_shown_and_says_why(
    small_council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    council = small_council
    audit = council.submitted()
    browser, program = council.browser("lead"), council.program("lead")
    assert browser.get("/audits").status_code == 200
    assert program.get("/api/v1/me").status_code == 200
    with no_room(council), caplog.at_level(logging.ERROR):
        page = browser.get("/audits")
        answer = program.get("/api/v1/case-audits")
    assert page.status_code == 503
    assert "There is no room left to save to." in words_of(page.text)
    assert council.view(audit).row.reference not in page.text
    assert (answer.status_code, answer.json()["code"]) == (503, "store-full")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "(store-full)" in caplog.text
    assert browser.get("/audits").status_code == 200


def test_health_tries_to_save_but_not_each_time(small_council: Council) -> None:
    council = small_council
    client = council.program("lead")
    assert client.get("/healthz").json()["saving"] == "ok"
    with no_room(council):
        assert client.get("/healthz").json()["saving"] == "ok"
        council.clock.advance(timedelta(seconds=write_probe.EVERY_SECONDS + 1))
        full = client.get("/healthz")
    assert (full.status_code, full.json()["saving"]) == (503, "store-full")
    assert full.json()["status"] == "failed"
    council.clock.advance(timedelta(seconds=write_probe.EVERY_SECONDS + 1))
    assert client.get("/healthz").json()["saving"] == "ok"


def test_waiting_for_a_connection_is_bounded_and_says_when_to_come_again(
    small_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*given: object, **named: object) -> None:
        raise Unavailable("The records are busy.", code="store-busy")

    program, browser = small_council.program("lead"), small_council.browser("lead")
    monkeypatch.setattr(access_log, "note", busy)
    for answer in (program.get("/api/v1/case-audits"), browser.get("/audits")):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_a_service_says_that_it_listens_when_it_does() -> None:
    said = Event()
    port = listening.free_port("127.0.0.1", 0)
    listening.when_listening("127.0.0.1", port, said.set)
    assert not said.wait(0.5)
    with socket.create_server(("127.0.0.1", port)):
        assert said.wait(20)
        with pytest.raises(Refused) as taken:
            listening.free_port("127.0.0.1", port)
    assert taken.value.code == "port-taken"


def test_a_date_that_cannot_be_is_named_when_its_section_is_saved(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    browser = council.browser("auditor")
    listed = browser.get(f"/audits/{audit}/write").text
    for section in ("about", "overall"):
        assert f"/write/{section}" in listed
    address = f"/audits/{audit}/write/about"
    page = browser.get(address)
    answer = browser.post(
        address,
        {
            **hidden(page.text, address),
            "audit_date.day": "31",
            "audit_date.month": "2",
            "audit_date.year": "2026",
        },
    )
    assert answer.status_code == 303
    shown = browser.get(answer.headers["location"])
    assert 'href="#audit_date"' in shown.text
    assert "Enter a real date" in shown.text
    assert "Enter the first day" not in shown.text  # not asked for yet
    assert 'value="31"' in shown.text
    fixed = browser.post(
        address,
        {
            **hidden(shown.text, address),
            "audit_date.day": "27",
            "audit_date.month": "2",
            "audit_date.year": "2026",
        },
    )
    assert not fixed.headers["location"].endswith("check=dates")
