"""What a history can be of: every capability names its kinds of record, in its ``records``.

A record is named ``kind:key`` and lives on one or more streams. Nothing lists the kinds; they are
found by folder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy.engine import Connection

from api.web.access_notes import ServedLook
from projections.history import queries as history_queries
from projections.history.question import HistoryScope
from qa.authorisation.policy import can, require
from qa.core.capabilities import declared
from qa.core.errors import NotFound
from qa.core.event_words import code_in_words
from qa.core.words import Actor

EVERYTHING = "log"
"""The kind of record that is all of them."""
READ_TOOL = "read-tool"
"""What opens a record of the council that says nothing else."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is opened: the streams it lives on, and what its reader is told of it.

    `subject` names it in the access log. `sieve` says that single entries may be closed to the
    reader, so that every page asks again.
    """

    kind: str
    key: str
    title: str
    subject: str
    scope: HistoryScope
    parts: frozenset[str] = frozenset()
    sieve: bool = False
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.key}" if self.key else self.kind


Opener = Callable[[ServedLook, str], Record]
"""Opens the record of a key for a reader, or raises `NotFound` or `Forbidden`."""


@dataclass(frozen=True, slots=True)
class KindOfRecord:
    """A kind of record, and what opens one.

    - `events`: the modules of ``qa`` whose events its history can hold (none: any);
    - `several`: its entries are of several records, so that each one names its own;
    - `judged`: its history can be narrowed to the fields of an audit;
    - `packed`: the page of packs takes it from the address.
    """

    name: str
    open: Opener
    events: tuple[str, ...] = ()
    several: bool = False
    judged: bool = False
    packed: bool = False


@dataclass(frozen=True, slots=True)
class KindOfStream:
    """A kind of stream (``kind:key``), and which of them a reader may see the entries of just now.

    One without `open_to` has the key of an audit and is open to whoever that audit is open to.
    `of_audit` says that it may belong to an audit, as the read model of history knows.
    """

    kind: str
    open_to: Callable[[Connection, Actor, Collection[str]], Collection[str]] | None = None
    of_audit: bool = False


Named = Callable[[Connection, str, int | None], str | None]
"""What the record of a key is called, as known at a position; None where there is none."""


@dataclass(frozen=True, slots=True)
class SubjectNames:
    """What records of a kind are called for whoever reads that they were opened, to whom they may
    be closed themselves: words that tell nothing of a case. Under ``NAMED``."""

    kind: str
    named: Named


@cache
def names_of_subjects() -> dict[str, Named]:
    return {one.kind: one.named for one in declared("api", "records", "NAMED", SubjectNames)}


@cache
def kinds_of_record() -> dict[str, KindOfRecord]:
    return {kind.name: kind for kind in declared("api", "records", "RECORDS", KindOfRecord)}


@cache
def kinds_of_stream() -> dict[str, KindOfStream]:
    return {kind.kind: kind for kind in declared("api", "records", "STREAMS", KindOfStream)}


@cache
def beside_audits() -> tuple[str, ...]:
    """How the streams begin that may belong to an audit."""
    return tuple(f"{kind.kind}:" for kind in kinds_of_stream().values() if kind.of_audit)


def streams_of(connection: Connection, audits: Collection[str]) -> tuple[str, ...]:
    """The streams of these audits, of their actions and of concerns that they led to."""
    things = history_queries.parts(connection, audits)
    return tuple(
        stream
        for audit in audits
        for stream in (
            f"case-audit:{audit}",
            *(thing for thing in things.get(audit, ()) if thing.startswith(beside_audits())),
        )
    )


def of_council(
    kind: str,
    verb: str = READ_TOOL,
    *,
    title: str = "",
    stream: str = "",
    named: Named | None = None,
) -> Opener:
    """Opens a record of the council as a whole, which lives on one stream. It goes by what `named`
    answers, or by `title` and its key."""

    def opened(look: ServedLook, key: str) -> Record:
        require(look.actor, verb)
        own = f"{stream or kind}:{key}"
        if not history_queries.exists(look.connection, own, position=look.at.position):
            raise NotFound("There is no such record.")
        name = None if named is None else named(look.connection, key, look.at.position)
        name = name or f"{title or code_in_words(kind)} {code_in_words(key)}"
        return Record(kind, key, name, own, HistoryScope((own,)))

    return opened


def by_verb(kind: str, verb: str) -> KindOfStream:
    """A kind of stream that is open to whoever the verb is allowed."""

    def open_to(_connection: Connection, actor: Actor, streams: Collection[str]) -> Collection[str]:
        return streams if can(actor, verb).allowed else ()

    return KindOfStream(kind, open_to)
