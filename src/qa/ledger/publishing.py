"""Takes checkpoints out of the house, to places where our own administrators cannot rewrite them.

A place is a folder (a mounted share, a synchronised or write-once store), an e-mail address, or a
web address that takes a POST. Every attempt is written down with its outcome. What failed is tried
again, after one minute, then two, four … up to an hour; a place never holds up another one, and
nothing is sent inside a transaction.

What lies at a place is read before anything is signed or taken there: a log that was put back from
a backup must not contradict, under the same name, what it once promised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, insert, select

from qa.core.clock import from_microseconds, microseconds
from qa.core.errors import Damaged, Refused, Unavailable
from qa.core.one_of import one_of
from qa.ledger import access_tree, checkpoints, merkle, tree
from qa.ledger.checkpoints import Signed
from qa.ledger.note import Checkpoint, SignedNote
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

    def notes(self) -> Iterator[tuple[str, str]]:
        """The name and text of each note there, the longest log first; nothing where a place
        cannot be asked. Raises `Unavailable` where it could be and does not answer."""
        ...


def file_name(signed: Signed) -> str:
    """What a checkpoint is called outside: in the order of size and time, and never used twice."""
    return f"checkpoint-{signed.size:012d}-{signed.made_at:%Y%m%dT%H%M%SZ}.note"


def files(signed: Signed) -> list[tuple[str, str]]:
    """The names and texts of what goes outside: the note of the access log first, then its own."""
    notes = [(file_name(signed), signed.note)]
    if signed.access_note:
        size = SignedNote.read(signed.access_note).checkpoint.size
        name = f"access-{size:012d}-{signed.made_at:%Y%m%dT%H%M%SZ}.note"
        notes.insert(0, (name, signed.access_note))
    return notes


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder. A file that is there is never overwritten. One that `makes` itself need not be
    there yet."""

    path: Path
    makes: bool = False

    @property
    def name(self) -> str:
        return f"folder {self.path}"

    def deliver(self, signed: Signed) -> str:
        try:
            if self.makes:
                self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name, text in files(signed):
                self._write(self.path / name, text)
        except OSError as error:
            raise NotDelivered(error.strerror or type(error).__name__) from None
        return file_name(signed)

    def _write(self, target: Path, text: str) -> None:
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            if target.read_text("utf-8") != text:
                raise NotDelivered(f"{target.name} is there and holds something else") from None

    def notes(self) -> Iterator[tuple[str, str]]:
        if self.makes and not self.path.exists():
            return
        try:
            names = sorted((each.name for each in self.path.iterdir()), reverse=True)
            for name in names:
                if name.startswith(("checkpoint-", "access-")) and name.endswith(".note"):
                    yield name, (self.path / name).read_bytes().decode("utf-8", "replace")
        except OSError as error:
            raise Unavailable(
                f"The {self.name} cannot be read ({error.strerror}), so nothing is signed: what"
                " was promised there must not be contradicted.",
                code="checkpoint-place-unreadable",
            ) from None


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
        for name, text in reversed(files(signed)):
            message.add_attachment(
                text.encode(), maintype="application", subtype="octet-stream", filename=name
            )
        try:
            mail.hand_over(self.server, message, patience=PATIENCE)
        except mail.TROUBLE as error:
            raise NotDelivered(f"{type(error).__name__}: {error}"[:300]) from None
        return "accepted by the mail server"

    def notes(self) -> Iterator[tuple[str, str]]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Webhook:
    """A web address that is sent each note as text by POST; any answer below 300 will do."""

    url: str

    @property
    def name(self) -> str:
        parts = urlsplit(self.url)
        return f"webhook {parts.scheme}://{parts.hostname}{parts.path}"

    def deliver(self, signed: Signed) -> str:
        return [self._post(text) for _, text in files(signed)][-1]

    def _post(self, text: str) -> str:
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
                text.encode(),
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

    def notes(self) -> Iterator[tuple[str, str]]:
        return iter(())


def check(store: Store, place: Place, origin: str) -> None:
    """Raise `Damaged` where the place holds a note of this log that our log does not bear out.

    Its signature is not asked: a note by a key that is not here any more binds us as much.
    """
    origins = {origin: "facts", origin + access_tree.SUFFIX: "lines of the access log"}
    for name, text in place.notes():
        try:
            promised = SignedNote.read(text).checkpoint
        except Refused:
            continue
        what = origins.pop(promised.origin, None)
        if what is None:
            continue
        # Read after the note was: whatever was signed for it stood in the tree by then.
        with store.reading() as connection:
            size, root = _here(connection, promised, text)
        if root == promised.root:
            continue
        raise Damaged(
            f"The {place.name} holds {name}, which promises {promised.size} {what}, and this log of"
            f" {size} does not bear it out. Nothing is signed or published there. Where a backup"
            " was put back, run caseloop restored.",
            position=min(size, promised.size) + 1,
        )


def _here(connection: Connection, promised: Checkpoint, text: str) -> tuple[int, bytes | None]:
    """How long the log is here that a note speaks of, and its root at the note's size."""
    if not promised.origin.endswith(access_tree.SUFFIX):
        size, nodes = tree.size(connection), tree.nodes_in(connection)
        return size, merkle.root(promised.size, nodes) if promised.size <= size else None
    kept = select(tree.checkpoint.c.number).where(tree.checkpoint.c.access_note == text)
    if connection.execute(kept.limit(1)).first() is not None:
        return promised.size, promised.root
    size, found = access_tree.roots(connection, [promised.size])
    return size, found.get(promised.size)


def places(
    *,
    folder: Path | None,
    makes: bool = False,
    mail_server: str,
    mail_from: str,
    mail_to: Sequence[str],
    webhook: str,
) -> list[Place]:
    """The places that an installation names. Raises `Refused` for one that cannot be one."""
    found: list[Place] = []
    if folder is not None:
        found.append(Folder(folder, makes))
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
        select(table).where(one_of(table.c.checkpoint, numbers)).order_by(table.c.number)
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
            last = checkpoints.latest(connection)
            due = _due(connection, place.name, store.clock.now())
        for signed in due:
            try:
                check(store, place, last.checkpoint.origin if last else "")
                done, detail = True, place.deliver(signed)
            except (NotDelivered, Damaged, Unavailable) as trouble:
                done, detail = False, str(trouble)
            made.append(_noted(store, signed, place.name, done, detail))
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


def _noted(store: Store, signed: Signed, place: str, done: bool, detail: str) -> Publication:
    now = max(store.clock.now(), signed.made_at)
    with store.writing() as connection:
        tree.lock(connection)
        table = tree.publication
        last = connection.execute(select(func.max(table.c.number))).scalar() or 0
        connection.execute(
            insert(table),
            {
                "number": last + 1,
                "checkpoint": signed.number,
                "place": place,
                "at_us": microseconds(now),
                "done": done,
                "detail": detail,
            },
        )
    return Publication(signed.number, place, now, done, detail)
