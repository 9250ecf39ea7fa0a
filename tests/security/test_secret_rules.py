"""Secrets stay where they are: files of their owner, passwords of mail and databases, addresses."""

from __future__ import annotations

import smtplib
import socketserver
import stat
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from api.settings import Settings
from api.web.request import own_address
from qa.core.clock import SetClock
from qa.core.errors import Refused
from qa.outbox.mail import hand_over
from qa.security.vault import SqlVault
from qa.store.store import Store
from tests.support.loopback import Post, serving


def test_a_database_file_is_its_owners_alone(
    tmp_path: Path, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "council.db"
    made = Store(f"sqlite:///{file}", clock=clock)
    made.initialise()
    files = list(tmp_path.iterdir())
    assert {one.name for one in files} == {"council.db", "council.db-wal", "council.db-shm"}
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
    made.close()
    file.chmod(0o644)
    again = Store(f"sqlite:///{file}", clock=clock)
    assert again.head() == 0
    again.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "could be read by others" in caplog.text


def test_a_password_of_a_mail_server_goes_over_no_open_line() -> None:
    message = EmailMessage()
    message["From"], message["To"] = "seal@council.example", "board@town.example"
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post)) as port:
        server = f"smtp://user:secret@127.0.0.1:{port}"
        with pytest.raises(smtplib.SMTPException, match="the password was not sent"):
            hand_over(server, message, patience=5)


@pytest.mark.parametrize(
    ("server", "refused"),
    [
        ("smtp://user:secret@mail.example", True),
        ("smtp://user:secret@mail.example:25", True),
        ("smtp://user:secret@mail.example:587", False),
        ("smtps://user:secret@mail.example", False),
        ("smtp://mail.example:25", False),
        ("", False),
    ],
)
def test_a_mail_password_on_an_open_line_is_refused_at_start(
    server: str, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASELOOP_MAIL_SERVER", server)
    if not refused:
        assert Settings.from_environment().mail_server == server
        return
    with pytest.raises(Refused, match="CASELOOP_MAIL_SERVER: would send its password") as told:
        Settings.from_environment()
    assert "secret" not in str(told.value)


def test_a_database_password_is_not_told() -> None:
    settings = Settings(store="postgresql://caseloop:secret@db.example/caseloop")
    assert settings.store_shown == "postgresql+psycopg://caseloop:***@db.example/caseloop"


@pytest.mark.parametrize(
    ("base", "host", "address"),
    [
        ("", "evil.example", "http://127.0.0.1:8000"),
        ("", "localhost:8000", "http://localhost:8000"),
        ("https://caseloop.example.gov.uk", "evil.example", "https://caseloop.example.gov.uk"),
    ],
)
def test_a_forged_host_is_not_believed(base: str, host: str, address: str) -> None:
    scope = {
        "type": "http",
        "scheme": "http",
        "path": "/",
        "query_string": b"",
        "headers": [(b"host", host.encode())],
        "server": ("127.0.0.1", 8000),
        "app": SimpleNamespace(state=SimpleNamespace(settings=Settings(base_url=base))),
    }
    assert own_address(Request(scope)) == address


def test_a_master_key_that_is_not_the_stores_is_known_for_one(
    store: Store, clock: SetClock
) -> None:
    right, other = store.vault, SqlVault(b"x" * 32, clock=clock)
    assert isinstance(right, SqlVault)
    with store.writing() as connection:
        assert right.fits(connection)
        assert other.fits(connection)
        right.seal(connection, "child:1", b"a", b"")
        assert not other.fits(connection)
        right.leave_check(connection)
        right.destroy(connection, "child:1")
        assert right.fits(connection)
        assert not other.fits(connection)
