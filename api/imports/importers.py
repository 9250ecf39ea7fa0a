"""What can be brought in from files: a capability names its kinds of file under ``IMPORTERS`` in
its ``importer``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Protocol, TypedDict

from sqlalchemy.engine import Connection

from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.files.tables import SheetRows
from api.imports.mapping import Field
from api.imports.outcome import SheetOutcome
from api.imports.reading import read_sheet
from qa.authorisation.context import Desk, Once
from qa.authorisation.policy import can
from qa.core.capabilities import declared
from qa.core.command import Command
from qa.core.words import Actor
from qa.imports.commands.batches import File
from qa.store.unit import Receipt


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file with what is said of it: the answers of a person, the tool whose domains are meant,
    and what no row says. `choices` is heading → field of those answers, `by` whoever sends it."""

    connection: Connection
    sheet: SheetRows
    choices: Mapping[str, str]
    tool: str
    about: AboutPlan
    today: date
    answers: ImportAnswers = field(default_factory=ImportAnswers)
    by: Actor | None = None


class RecordRows(Protocol):
    """Records the accepted rows of a file. Raises `Refused` for what is on record otherwise."""

    def __call__(
        self, desk: Desk, rows: Sequence[Any], file: File, *, by: Actor, once: Once | None
    ) -> Receipt: ...


class OnceGiven(TypedDict, total=False):
    """The key of a command that is safe to repeat, and what it stands for."""

    key: str
    request: str


def asked_once(once: Once | None) -> OnceGiven:
    return {} if once is None else {"key": once.key, "request": once.request}


def recorder(
    carry_out: Callable[..., Receipt], command: Callable[..., Command], stated: Callable[[Any], Any]
) -> RecordRows:
    """Records the rows of a file by one command, each as `stated` gives it."""

    def record(
        desk: Desk, rows: Sequence[Any], file: File, *, by: Actor, once: Once | None
    ) -> Receipt:
        wanted = command(file=file, rows=tuple(map(stated, rows)))
        return carry_out(desk, wanted, by=by, **asked_once(once))

    return record


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was checked against the records. `preview` gives the event that a row becomes, in
    short. Of a file that is `whole`, no row may be left out; the rows of one that is `together`
    become one event; those of one that is `parted` say nothing of one another, so that a large one
    can be recorded in parts."""

    outcome: SheetOutcome[Any]
    preview: Callable[[Any], dict[str, Any]]
    record: RecordRows
    whole: bool = False
    together: bool = False
    parted: bool = False


def read_plain(
    name: str,
    data: bytes,
    *,
    sheet: str | None = None,
    sheets: Sequence[str] = (),
    known: Collection[str] = (),
) -> tuple[SheetRows, Mapping[str, str]]:
    """The rows of a CSV or Excel file."""
    return read_sheet(name, data, sheet=sheet, sheets=sheets, known=known), {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """One kind of file. `place` is where it stands in lists, `rows` what its rows are called.

    `named` are the fields that are the same for every tool, by which its sheet is found in a file;
    `fields_of` gives all of them for a tool, where a tool has more. `on_record` gives
    the references of all such records that are there, and `open_to` those of some that whoever
    sends the file may be told of. `row_words` tells of one
    previewed event in a line. `undoing` says what undoing a batch does, `stays` why none is undone.
    `check` and `fields` raise `Refused` for what is wrong with the file as a whole. `verb` is what
    somebody must be allowed to do to send such a file or to undo it. Of a kind that `has_about`,
    something is said of the file as a whole. `may_be` tells by the headings of a file whether it
    may be proposed as one at all. `examples` are the rows of its template, field → cell; `needs`
    says what must be on record before they can come in, and `onward` where somebody goes from
    there: words and address.
    """

    kind: str
    place: int
    title: str
    rows: str
    check: Callable[[SentFile], CheckedFile]
    row_words: Callable[[Mapping[str, Any]], str]
    undoing: str = ""
    stays: str = ""
    verb: str = "import"
    has_about: bool = False
    may_be: Callable[[Collection[str]], bool] | None = None
    read: Callable[..., tuple[SheetRows, Mapping[str, str]]] = read_plain
    named: tuple[Field, ...]
    fields_of: Callable[[Connection, str], tuple[Field, ...]] | None = None
    on_record: Callable[[Connection, AboutPlan], Collection[str]] | None = None
    open_to: Callable[[Connection, Actor, Collection[str]], Collection[str]] = (
        lambda _connection, _by, references: references
    )
    examples: tuple[Mapping[str, str], ...]
    needs: str = ""
    onward: tuple[tuple[str, str], ...] = ()

    def fields(self, connection: Connection, tool: str) -> tuple[Field, ...]:
        """Every field that a heading can be read as, for a tool."""
        return self.named if self.fields_of is None else self.fields_of(connection, tool)

    @property
    def headings(self) -> frozenset[str]:
        """What its columns may be called."""
        return frozenset(name for field in self.named for name in field.names)


@cache
def importers() -> Mapping[str, Importer]:
    """Every kind of file by its name, in their places."""
    found = sorted(
        declared("api", "importer", "IMPORTERS", Importer, suffixed=True), key=lambda one: one.place
    )
    return {one.kind: one for one in found}


def importers_for(actor: Actor) -> Mapping[str, Importer]:
    """The kinds of file that somebody may send."""
    return {kind: one for kind, one in importers().items() if can(actor, one.verb).allowed}
