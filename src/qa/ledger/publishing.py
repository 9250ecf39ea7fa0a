"""Takes checkpoints out of the house, to places where our own administrators cannot rewrite them.

A place is a folder (a mounted share, a synchronised or write-once store), an e-mail address, or a
web address that takes a POST. Every attempt is written down with its outcome. What failed is tried
again, after one minute, then two, four … up to an hour; a place never holds up another one, and
nothing is sent inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, insert, select

from qa.core.clock import from_microseconds, microseconds
from qa.core.errors import Refused
from qa.ledger import checkpoints, tree
from qa.ledger.checkpoints import Signed
from qa.outbox import mail
from qa.store.store import Store

PATIENCE = 10.0
"""Seconds that a mail server or web address has to answer."""
AT_ONCE = 20
"""Checkpoints sent to one place in one round at most."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


class NotDelivered(Exception):
    """A place did not take the checkpoint; says why, for the record."""


class Place(Protocol):
    """Where checkpoints go. `name` tells places apart in the records and holds no password."""

    @property
    def name(self) -> str: ...

    def deliver(self, signed: Signed) -> str:
        """Hand over one checkpoint and say where it lies. Raises `NotDelivered`."""
        ...


def file_name(signed: Signed) -> str:
    """What a checkpoint is called outside: in the order of size and time, and never used twice."""
    return f"checkpoint-{signed.size:012d}-{signed.made_at:%Y%m%dT%H%M%SZ}.note"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder. A file that is there is never overwritten."""

    path: Path

    @property
    def name(self) -> str:
        return f"folder {self.path}"

    def deliver(self, signed: Signed) -> str:
        target = self.path / file_name(signed)
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(signed.note)
        except FileExistsError:
            if target.read_text("utf-8") != signed.note:
                raise NotDelivered(f"{target.name} is there and holds something else") from None
        except OSError as error:
            raise NotDelivered(error.strerror or type(error).__name__) from None
        return target.name


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address, through the mail server ``smtp://user:password@host:port`` or ``smtps://…``."""

    server: str
    sender: str
    to: str

    @property
    def name(self) -> str:
        return f"e-mail {self.to}"

    def deliver(self, signed: Signed) -> str:
        message = EmailMessage()
        message["From"], message["To"] = self.sender, self.to
        message["Subject"] = f"Checkpoint of {signed.size} facts: {signed.checkpoint.origin}"
        message.set_content(
            "Keep this message. The lines attached, and below, bind the records as they were:\n"
            "whoever changes them later cannot make them fit this checkpoint.\n\n" + signed.note
        )
        # As bytes: mail gives lines of text other ends, which no signature would survive.
        message.add_attachment(
            signed.note.encode(),
            maintype="application",
            subtype="octet-stream",
            filename=file_name(signed),
        )
        try:
            mail.hand_over(self.server, message, patience=PATIENCE)
        except mail.TROUBLE as error:
            raise NotDelivered(f"{type(error).__name__}: {error}"[:300]) from None
        return "accepted by the mail server"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A web address that is sent the note as text by POST; any answer below 300 will do."""

    url: str

    @property
    def name(self) -> str:
        parts = urlsplit(self.url)
        return f"webhook {parts.scheme}://{parts.hostname}{parts.path}"

    def deliver(self, signed: Signed) -> str:
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
        target = parts.path or "/"
        if parts.query:
            target += f"?{parts.query}"
        try:
            connection.request(
                "POST",
                target,
                signed.note.encode(),
                {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "Caseloop"},
            )
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            raise NotDelivered(f"{type(error).__name__}: {error}"[:300]) from None
        finally:
            connection.close()
        if status >= 300:
            raise NotDelivered(f"answered {status}")
        return f"answered {status}"


def places(
    *, folder: Path | None, mail_server: str, mail_from: str, mail_to: Sequence[str], webhook: str
) -> list[Place]:
    """The places that an installation names. Raises `Refused` for one that cannot be one."""
    found: list[Place] = []
    if folder is not None:
        found.append(Folder(folder))
    if mail_to:
        if not mail.is_server(mail_server):
            raise Refused(
                "To send checkpoints by e-mail, name the mail server: smtp://host:port.",
                code="mail-server-missing",
            )
        found += [Mailbox(mail_server, mail_from or mail_to[0], to) for to in mail_to]
    if webhook:
        parts = urlsplit(webhook)
        inside = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if not parts.hostname or not (
            parts.scheme == "https" or (inside and parts.scheme == "http")
        ):
            raise Refused("A webhook needs an https address.", code="webhook-address")
        found.append(Webhook(webhook))
    return found


@dataclass(frozen=True, slots=True)
class Publication:
    """One attempt to take one checkpoint to one place."""

    checkpoint: int
    place: str
    at: datetime
    done: bool
    detail: str


def attempts(connection: Connection, numbers: Sequence[int]) -> list[Publication]:
    """Every attempt for these checkpoints, the oldest first."""
    table = tree.publication
    rows = connection.execute(
        select(table).where(table.c.checkpoint.in_(numbers)).order_by(table.c.number)
    )
    return [
        Publication(row.checkpoint, row.place, from_microseconds(row.at_us), row.done, row.detail)
        for row in rows
    ]


def publish(store: Store, wanted: Sequence[Place]) -> list[Publication]:
    """Take to every place what it has not had yet and is due: the attempts made.

    A new place gets the last checkpoint only: it covers all that came before it.
    """
    made = []
    for place in wanted:
        with store.reading() as connection:
            due = _due(connection, place.name, store.clock.now())
        for signed in due:
            try:
                done, detail = True, place.deliver(signed)
            except NotDelivered as trouble:
                done, detail = False, str(trouble)
            made.append(_noted(store, signed.number, place.name, done, detail))
            if not done:
                break
    return made


def _due(connection: Connection, place: str, now: datetime) -> list[Signed]:
    table = tree.publication
    here = table.c.place == place
    reached = connection.execute(
        select(func.max(table.c.checkpoint)).where(here, table.c.done)
    ).scalar()
    since = select(func.coalesce(func.max(table.c.number), 0)).where(here, table.c.done)
    failed = connection.execute(
        select(func.count(), func.max(table.c.at_us), func.min(table.c.checkpoint)).where(
            here, table.c.number > since.scalar_subquery()
        )
    ).one()
    if failed[0]:
        pause = min(FIRST_PAUSE * 2 ** min(failed[0] - 1, 10), LONGEST_PAUSE)
        if now < from_microseconds(failed[1]) + pause:
            return []
    newest = checkpoints.page(connection, limit=AT_ONCE)
    if reached is None:
        first = failed[2] if failed[0] else (newest[0].number if newest else 0)
        return [signed for signed in reversed(newest) if signed.number >= first]
    return [signed for signed in reversed(newest) if signed.number > reached]


def _noted(store: Store, checkpoint: int, place: str, done: bool, detail: str) -> Publication:
    now = store.clock.now()
    with store.writing() as connection:
        tree.lock(connection)
        table = tree.publication
        last = connection.execute(select(func.max(table.c.number))).scalar() or 0
        connection.execute(
            insert(table),
            {
                "number": last + 1,
                "checkpoint": checkpoint,
                "place": place,
                "at_us": microseconds(now),
                "done": done,
                "detail": detail,
            },
        )
    return Publication(checkpoint, place, now, done, detail)
