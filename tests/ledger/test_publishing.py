"""Checkpoints leave the house: each attempt is written down, what failed is tried again."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from qa.core.clock import SetClock
from qa.core.errors import Refused
from qa.ledger.checkpoints import Signed
from qa.ledger.publishing import (
    Folder,
    Mailbox,
    NotDelivered,
    Webhook,
    attempts,
    file_name,
    places,
)
from qa.store.store import Store
from tests.ledger.support import ledger_over, record
from tests.support.loopback import Post, serving

pytestmark = pytest.mark.one_database


@dataclass
class Shelf:
    """A place that takes things or not, as it is told."""

    open: bool = True
    name: str = "shelf"
    held: list[int] = field(default_factory=list)

    def deliver(self, signed: Signed) -> str:
        if not self.open:
            raise NotDelivered("the shelf is shut")
        self.held.append(signed.number)
        return "on the shelf"

    def notes(self) -> Iterator[tuple[str, str]]:
        return iter(())


@pytest.mark.both_databases
def test_every_attempt_is_written_down_and_failures_are_tried_again(
    store: Store, tmp_path: Path, clock: SetClock
) -> None:
    shut, other = Shelf(open=False), Shelf(name="other")
    ledger = ledger_over(store, tmp_path, shut, other)
    assert ledger.publish() == []
    for _ in range(2):
        record(store, 1)
        ledger.checkpoint(by="kim")
    first = ledger.publish()
    assert [(p.place, p.checkpoint, p.done) for p in first] == [
        ("shelf", 2, False),
        ("other", 2, True),
    ]
    assert ledger.publish() == [], "not before a minute is over"
    clock.advance(timedelta(seconds=61))
    assert [p.done for p in ledger.publish()] == [False]
    clock.advance(timedelta(seconds=61))
    assert ledger.publish() == [], "the second pause is twice as long"
    record(store, 1)
    ledger.checkpoint(by="kim")
    shut.open = True
    clock.advance(timedelta(hours=1))
    ledger.publish()
    assert shut.held == [2, 3]
    assert other.held == [2, 3]
    assert ledger.publish() == []
    with store.reading() as connection:
        kept = attempts(connection, [2])
    assert [(p.place, p.done, p.detail) for p in kept] == [
        ("shelf", False, "the shelf is shut"),
        ("other", True, "on the shelf"),
        ("shelf", False, "the shelf is shut"),
        ("shelf", True, "on the shelf"),
    ]


@pytest.fixture
def signed(store: Store, tmp_path: Path) -> Signed:
    ledger = ledger_over(store, tmp_path)
    record(store, 3)
    return ledger.checkpoint(by="kim")


def test_a_folder_gets_a_file_and_never_loses_one(signed: Signed, tmp_path: Path) -> None:
    place = Folder(tmp_path)
    name = place.deliver(signed)
    assert name == file_name(signed) == "checkpoint-000000000003-20260302T090000Z.note"
    assert (tmp_path / name).read_text("utf-8") == signed.note
    assert place.deliver(signed) == name
    (tmp_path / name).write_text("something else", "utf-8")
    with pytest.raises(NotDelivered, match="something else"):
        place.deliver(signed)
    with pytest.raises(NotDelivered):
        Folder(tmp_path / "missing").deliver(signed)


def test_a_webhook_is_posted_the_note(signed: Signed) -> None:
    got: list[tuple[str, bytes]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(500 if "broken" in self.path else 201)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            return

    with serving(HTTPServer(("127.0.0.1", 0), Hook)) as port:
        address = f"http://127.0.0.1:{port}/hook"
        assert Webhook(f"{address}?key=secret").deliver(signed) == "answered 201"
        with pytest.raises(NotDelivered, match="500"):
            Webhook(f"{address}/broken").deliver(signed)
    assert got[0] == ("/hook?key=secret", signed.note.encode())
    assert "secret" not in Webhook(f"{address}?key=secret").name
    with pytest.raises(NotDelivered):
        Webhook(address).deliver(signed)


def test_a_mailbox_gets_the_note_attached(signed: Signed) -> None:
    Post.received.clear()
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post)) as port:
        place = Mailbox(f"smtp://127.0.0.1:{port}", "seal@council.example", "board@town.example")
        place.deliver(signed)
    message = message_from_bytes(Post.received[0], policy=policy.default)
    assert message["to"] == "board@town.example"
    attached = next(iter(message.iter_attachments()))
    assert attached.get_filename() == file_name(signed)
    assert attached.get_content() == signed.note.encode()
    with pytest.raises(NotDelivered):
        place.deliver(signed)


def test_places_come_from_the_settings() -> None:
    found = places(
        folder=Path("outside"),
        mail_server="smtps://user:secret@mail.example:465",
        mail_from="seal@council.example",
        mail_to=["board@town.example", "chair@town.example"],
        webhook="https://witness.example/notes?token=secret",
    )
    names = [place.name for place in found]
    assert names == [
        "folder outside",
        "e-mail board@town.example",
        "e-mail chair@town.example",
        "webhook https://witness.example/notes",
    ]
    assert "secret" not in " ".join(names)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"mail_to": ["board@town.example"]}, "mail-server-missing"),
        ({"mail_to": ["b@t.example"], "mail_server": "mail.example"}, "mail-server-missing"),
        ({"webhook": "http://witness.example/notes"}, "webhook-address"),
        ({"webhook": "witness.example"}, "webhook-address"),
    ],
)
def test_a_place_that_cannot_be_one_is_refused(changed: dict[str, Any], code: str) -> None:
    none: dict[str, Any] = {
        "folder": None,
        "mail_server": "",
        "mail_from": "",
        "mail_to": [],
        "webhook": "",
    }
    with pytest.raises(Refused) as refused:
        places(**{**none, **changed})
    assert refused.value.code == code
