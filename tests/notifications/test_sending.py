"""What leaves the house: one message a person a run, by mail or GOV.UK Notify, never a case."""

from __future__ import annotations

import json
import socket
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from notifications_python_client.authentication import decode_jwt_token, get_token_issuer

from api.jobs import run_due
from api.notifications import announcing
from api.notifications.sending import send
from api.services import Services
from qa.core.errors import Refused, Unavailable
from qa.outbox import govuk_notify
from qa.outbox.govuk_notify import GovUkNotify
from qa.outbox.senders import Message, NotSent
from tests.actions.support import by_hand, raised
from tests.support.council import Council, words_of
from tests.support.loopback import Post, serving

SECRET = "An unmistakable thing."
HERE = "https://caseloop.example.gov.uk"
KEY = "test-11111111-2222-3333-4444-555555555555-66666666-7777-8888-9999-000000000000"


def sending(council: Council, **settings: Any) -> Services:
    """The council's services with a way out of the house."""
    known = council.services.settings
    return replace(
        council.services, settings=known.model_copy(update={"base_url": HERE, **settings})
    )


def give_address(council: Council, handle: str) -> None:
    answer = council.browser(handle).post(
        "/account/address", {"address": f"{handle}@council.example"}
    )
    assert answer.status_code == 303


def by_mail(council: Council, port: int) -> Services:
    return sending(
        council,
        send_by="mail",
        mail_server=f"smtp://127.0.0.1:{port}",
        mail_from="Caseloop <caseloop@council.example>",
    )


def test_one_message_a_person_holds_all_that_is_unread(small_council: Council) -> None:
    council = small_council
    run_due.run_due(council.services)
    audit, action = raised(council, text=SECRET)
    second = by_hand(council, text=SECRET)
    read = by_hand(council, owner=council.ids["auditor2"], text=SECRET)
    give_address(council, "worker")
    give_address(council, "auditor2")
    kept = {"path": "/actions", "query": "view=mine", "name": "What I owe"}
    council.program("worker").post("/api/v1/views", json=kept)
    Post.received.clear()
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post)) as port:
        services = by_mail(council, port)
        announcing.announce(services)
        council.browser("auditor2").post("/notices/read", {"upto": "1000"})
        assert send(services, dry_run=True) == 1
        assert [done.count for done in run_due.run_due(services)] == [0, 0, 0, 1]
        assert [done.count for done in run_due.run_due(services)] == [0, 0, 0, 0]
    (received,) = Post.received
    message = message_from_bytes(received, policy=policy.default)
    assert message["to"] == "worker@council.example"
    assert message["subject"] == "Caseloop: 2 notices"
    assert message["message-id"] == "<caseloop-notices-1@council.example>"
    text = message.get_content()
    for one in (action, second):
        assert f"{HERE}/actions/{one}" in text
    assert f"What I owe: {HERE}/views/" in text
    child = council.view(audit).row.child
    for kept in (SECRET, child, read, "chronology"):
        assert kept not in received.decode()


def test_what_is_not_taken_is_tried_again_after_a_pause(small_council: Council) -> None:
    council = small_council
    run_due.run_due(council.services)
    by_hand(council, text=SECRET)
    give_address(council, "worker")
    announcing.announce(council.services)
    shut = by_mail(council, 1)
    with pytest.raises(Unavailable, match="1 of 1 messages were not taken"):
        send(shut)
    (step,) = [done for done in run_due.run_due(shut) if done.name == "send"]
    assert (step.count, step.trouble) == (0, ""), "not before five minutes are over"
    council.clock.advance(timedelta(minutes=6))
    assert "are tried again later" in run_due.run_due(shut)[-1].trouble
    council.clock.advance(timedelta(minutes=6))
    assert send(shut) == 0, "the second pause is twice as long"
    council.clock.advance(timedelta(minutes=6))
    Post.received.clear()
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post)) as port:
        assert send(by_mail(council, port)) == 1
        assert send(by_mail(council, port)) == 0
    assert len(Post.received) == 1


class Notify(BaseHTTPRequestHandler):
    """Answers in turn what `answers` holds: status and body; keeps what it was asked."""

    got: list[tuple[str, str, Any]] = []
    answers: list[tuple[int, str]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.got.append((self.path, self.headers["authorization"], body))
        status, answer = self.answers.pop(0)
        self.send_response(status)
        if status == 302:
            self.send_header("location", "/elsewhere")
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *args: Any) -> None:
        return


@contextmanager
def notify(*answers: tuple[int, str]) -> Iterator[str]:
    Notify.got.clear()
    Notify.answers[:] = answers
    with serving(HTTPServer(("127.0.0.1", 0), Notify)) as port:
        yield f"http://127.0.0.1:{port}"


def refusal(message: str) -> str:
    return json.dumps({"errors": [{"error": "AuthError", "message": message}]})


def test_govuk_notify_is_called_with_the_token_of_the_key(small_council: Council) -> None:
    council = small_council
    run_due.run_due(council.services)
    by_hand(council, text=SECRET)
    give_address(council, "worker")
    announcing.announce(council.services)
    with notify((403, refusal("Invalid token")), (201, "{}")) as url:
        services = sending(
            council,
            send_by="govuk-notify",
            govuk_notify_key=KEY,
            govuk_notify_template="t-1",
            govuk_notify_url=url,
        )
        with pytest.raises(Unavailable, match="answered 403: Invalid token"):
            send(services)
        council.clock.advance(timedelta(minutes=6))
        assert send(services) == 1
    path, bearer, body = Notify.got[1]
    assert path == "/v2/notifications/email"
    assert body["email_address"] == "worker@council.example"
    assert (body["template_id"], body["reference"]) == ("t-1", "caseloop-notices-1")
    assert body["personalisation"]["subject"] == "Caseloop: 1 notice"
    assert SECRET not in json.dumps(body)
    kind, _, token = bearer.partition(" ")
    assert kind == "Bearer"
    assert decode_jwt_token(token, "66666666-7777-8888-9999-000000000000")
    assert get_token_issuer(token) == "11111111-2222-3333-4444-555555555555"


MESSAGE = Message("kim@council.example", "Caseloop: 1 notice", "A link.", "caseloop-notices-7")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((400, refusal("kim@council.example is not on the list")),
         "answered 400: the address is not on the list"),
        ((400, '{"message": "Cannot send"}'), "answered 400: Cannot send"),
        ((503, "<html>busy</html>"), "answered 503: Request failed"),
        ((500, '{"errors": []}'), "answered 500: no reason given"),
        ((302, ""), "answered 302: "),
    ],
)  # fmt: skip
def test_what_govuk_notify_does_not_take_is_said_and_nothing_given_away(
    answer: tuple[int, str], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    with notify(answer) as url, pytest.raises(NotSent) as refused:
        GovUkNotify(url, KEY, "t-1").send(MESSAGE)
    assert str(refused.value).startswith(why)
    assert len(Notify.got) == 1
    for kept in (MESSAGE.to, KEY[-36:], MESSAGE.text):
        assert kept not in f"{refused.value}{caplog.text}"


def test_what_govuk_notify_took_is_sent_whatever_it_says_about_it() -> None:
    with notify((201, "not JSON")) as url:
        GovUkNotify(url, KEY, "t-1").send(MESSAGE)
    assert len(Notify.got) == 1


def test_govuk_notify_has_its_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(govuk_notify, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(NotSent, match="ReadTimeout"):
            GovUkNotify(url, KEY, "t-1").send(MESSAGE)
    with pytest.raises(NotSent, match="ConnectionError"):
        GovUkNotify(url, KEY, "t-1").send(MESSAGE)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"send_by": "mail", "base_url": ""}, "base-url-missing"),
        ({"send_by": "mail"}, "mail-server-missing"),
        ({"send_by": "mail", "mail_server": "mail.example", "mail_from": "a@b.example"},
         "mail-server-missing"),
        ({"send_by": "govuk-notify", "govuk_notify_key": "short"}, "notify-key-missing"),
        ({"send_by": "govuk-notify", "govuk_notify_key": KEY, "govuk_notify_template": "t",
          "govuk_notify_url": "http://notify.example"}, "notify-address"),
    ],
)  # fmt: skip
def test_a_way_out_that_cannot_be_one_is_refused(
    small_council: Council, settings: dict[str, str], code: str
) -> None:
    services = sending(small_council, **settings)
    with pytest.raises(Refused) as refused:
        send(services)
    assert refused.value.code == code
    assert run_due.run_due(services)[-1].trouble == refused.value.sentence


def test_an_address_is_the_person_s_own_affair(small_council: Council) -> None:
    browser = small_council.browser("worker")
    wrong = browser.post("/account/address", {"address": "not an address"})
    assert wrong.status_code == 422
    assert "like name@council.gov.uk" in words_of(wrong.text)
    give_address(small_council, "worker")
    assert "worker@council.example" in browser.get("/account/address").text
    browser.post("/account/address", {"address": ""})
    assert "worker@council.example" not in browser.get("/account/address").text
