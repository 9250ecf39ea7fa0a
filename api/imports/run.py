"""Carries an import out: checks a file against the record, and records it, or only shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, overload

from sqlalchemy.engine import Connection

from api.imports.about import AboutPlan
from api.imports.answers import LEAVE_OUT, ImportAnswers, ImportOption, ImportQuestion
from api.imports.columns.names import with_names_on_record
from api.imports.columns.references import as_on_record
from api.imports.columns.settling import settle
from api.imports.files.tables import SheetRows
from api.imports.importers import CheckedFile, SentFile, importers
from api.imports.kept_mappings import as_kept, beside, named, of_kept, own_headings
from api.imports.made_columns import REFERENCE, answers_read, with_said, with_settled_references
from api.imports.mapping import Field, map_columns
from api.imports.outcome import ImportRow, SheetOutcome, in_order
from api.imports.parts import (
    LONG,
    ImportStopped,
    Watch,
    as_whole,
    checking,
    in_parts,
    nothing_recorded,
)
from api.services import Services
from qa.authorisation.context import Desk, Once, RehearsalDesk
from qa.authorisation.policy import require
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.reasons import owe_reason
from qa.core.words import Actor
from qa.imports.changes import ChangedCell, RowDiffers
from qa.imports.commands.batches import File
from qa.imports.commands.mappings import KeepImportMapping, keep_mapping

if TYPE_CHECKING:
    Kind = str
else:
    # One of the kinds that there are: what is sent is checked against them, and they are described.
    Kind = Literal[tuple(importers())]

DEFAULT_TOOL = "whole-case-file"

RowState = Literal["new", "there", "changed", "nothing", "left-out", "refused"]
STATES: Mapping[RowState, str] = {
    "there": "There already",
    "changed": "On record with other values",
    "new": "New",
    "nothing": "Nothing to record",
    "left-out": "Left out as you answered",
    "refused": "Refused",
}


@dataclass(frozen=True, slots=True)
class RowExamined:
    """How a row stands to what is on record: new, there already, on record with other values (with
    the cells that differ), or refused; or it says nothing that another row does not say, or an
    answer leaves it out. `recorded` says whether it is, or would be, recorded."""

    row: int
    state: RowState
    recorded: bool = False
    cells: tuple[ChangedCell, ...] = ()


class Previews(Sequence[Mapping[str, Any]]):
    """The events that rows become, in short, each made when it is looked at: there may be many."""

    def __init__(
        self, rows: Sequence[ImportRow], preview: Callable[[Any], Mapping[str, Any]]
    ) -> None:
        self._rows, self._preview = rows, preview

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, at: slice) -> Previews: ...
    def __getitem__(self, at: int | slice) -> Mapping[str, Any] | Previews:
        if isinstance(at, slice):
            return Previews(self._rows[at], self._preview)
        return self._preview(self._rows[at])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do.

    `plan` holds every fault and every open question, `events` are the events to be written, each
    with the row it comes from, and `rows` says how each row stands to the record. `result` is what
    the command answered, None for a dry run.
    """

    plan: SheetOutcome[Any]
    events: Sequence[Mapping[str, Any]]
    result: Mapping[str, Any] | None
    rows: tuple[RowExamined, ...] = ()

    def counted(self, state: RowState) -> int:
        return sum(row.state == state for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChoices:
    """Everything that is said of a file beside what its rows are.

    `tool` matters to audits and moderations, `about` to plans and what belongs to them, and to
    indicators. With `use`, what is kept under that name is said beside the answers; with `keep_as`,
    all that was said is kept under a name once the sheet is imported.
    """

    answers: ImportAnswers = field(default_factory=ImportAnswers)
    tool: str = DEFAULT_TOOL
    about: AboutPlan | None = None
    dry_run: bool = False
    keep_contradicted: bool = False
    use: str = ""
    keep_as: str = ""


NOTHING_CHOSEN = ImportChoices()


def read_rows(
    kind: Kind, name: str, data: bytes, *, sheet: str | None = None, sheets: Sequence[str] = ()
) -> tuple[SheetRows, Mapping[str, str]]:
    """The rows of a file, and what a YAML file of a scale says of the scale as a whole.

    Raises:
        Refused: the file as a whole is no table.
    """
    importer = importers()[kind]
    return importer.read(name, data, sheet=sheet, sheets=sheets, known=importer.headings)


def fields(connection: Connection, kind: Kind, tool: str) -> tuple[Field, ...]:
    """Every field that a heading of such a file can be read as.

    Raises:
        Refused: there is no such published tool.
    """
    return importers()[kind].fields(connection, tool)


def run(
    services: Services,
    kind: Kind,
    sheet: SheetRows,
    choices: ImportChoices = NOTHING_CHOSEN,
    *,
    by: Actor,
    once: Once | None = None,
    watch: Watch | None = None,
) -> Outcome:
    """Import a sheet, or find out what that would record: by one procedure.

    Without answers that leave refused rows out, one bad row refuses the whole file. A long file is
    rehearsed as a whole before it, or the first of its parts, is recorded; where `watch` stops it,
    or something comes between, the result says what is recorded and what is not.

    Raises:
        Forbidden: `by` may not send such files.
        Refused: columns missing, questions open, or rows with faults; each named by row and column.
    """
    require(by, importers()[kind].verb)
    answers, about = choices.answers, choices.about or AboutPlan()
    with services.store.reading() as connection:
        if choices.use:
            answers = beside(of_kept(named(connection, kind, choices.use)), answers)
        known = with_names_on_record(connection, fields(connection, kind, choices.tool))
        made, read = with_said(sheet, answers, known), answers_read(answers, known)
        mapping = map_columns(made, known, read)
        fields_of = {REFERENCE: importers()[kind], "audit": importers()["audits"]}
        there = {
            name: of_kind.on_record(connection, about)
            for name, of_kind in fields_of.items()
            if name in mapping.headings and of_kind.on_record is not None
        }
        open_to = {name: partial(fields_of[name].open_to, connection, by) for name in there}
        settled = settle(made, mapping, known, answers)
        settled = with_settled_references(settled, known, answers, there.get(REFERENCE, ()))
        settled = as_on_record(settled, mapping.headings, there, open_to)
        today = services.desk.today()
        sent = SentFile(connection, settled.sheet, read, choices.tool, about, today, answers, by)
        checked = importers()[kind].check(sent)
        checked = replace(checked, outcome=settled.shown(checked.outcome))
    out = [row.number for row in settled.left_out]
    work = _Recording(checked, answers, choices.keep_contradicted, by, out)
    if choices.dry_run:
        return work.rehearse(services.desk)
    kept = None
    if choices.keep_as.strip():
        kept = KeepImportMapping(
            kind=kind,
            name=choices.keep_as,
            headings=own_headings(sheet.headings),
            answers=as_kept(answers),
        )
        _keep(RehearsalDesk(services.store, services.desk.lookups), kept, by)
    done = work.record(services.desk, once, watch)
    if kept is not None:
        _keep(services.desk, kept, by)
    return done


def _keep(desk: Desk, kept: KeepImportMapping, by: Actor) -> None:
    """Keep what was said, or find before anything is recorded that it cannot be.

    Raises:
        Refused: at `keep_as`.
    """
    try:
        keep_mapping(desk, kept, by=by)
    except Refused as refused:
        at = {"name": "keep_as"}
        raise Refused(
            replace(fault, field=at.get(fault.field, fault.field)) for fault in refused.faults
        ) from None


@dataclass
class _Recording:
    """One checked file on its way to the record. `out` are the rows that answers leave out, `left`
    those left out so far beside them, each with the faults that keep it out."""

    checked: CheckedFile
    answers: ImportAnswers
    keep_contradicted: bool
    by: Actor
    out: Sequence[int] = ()
    left: dict[int, list[Fault]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for fault in self.checked.outcome.standing(self.keep_contradicted):
            self._leave(fault)

    def _leave(self, fault: Fault) -> dict[int, tuple[ChangedCell, ...]]:
        """Leave out the row of a fault, and say which cells differ where it is on record otherwise.
        Of a file that is one record, all of its rows go at once, each with the cell of its own."""
        if fault.row is None:
            return {}
        if not isinstance(fault, RowDiffers):
            self.left.setdefault(fault.row, []).append(fault)
            return {}
        found = {fault.row: fault.cells}
        if self.checked.together:
            own = {cell.field: (cell,) for cell in fault.cells}
            each = {row.row: own.get(f"case {row.reference}", fault.cells[:1]) for row in self.rows}
            found = each | found
        for number in found:
            self.left.setdefault(number, []).append(replace(fault, row=number))
        return found

    @property
    def rows(self) -> list[ImportRow]:
        return [row for row in self.checked.outcome.rows if row.row not in self.left]

    def _try(
        self,
        desk: Desk,
        rows: Sequence[ImportRow],
        /,
        *,
        corrects: str,
        once: Once | None = None,
        **of_file: Any,
    ) -> Mapping[str, Any]:
        plan = self.checked.outcome
        file = File(
            name=plan.sheet.name,
            sha256=plan.sheet.file_sha256,
            rows=len(plan.sheet.rows) + len(self.out),
            rejected=len(self.left) + len(self.out),
            mapping=dict(plan.mapping.pairs()),
            corrects=corrects,
        )
        done = self.checked.record(desk, rows, replace(file, **of_file), by=self.by, once=once)
        return done.response

    def _outcome(self, extra: Mapping[str, Any]) -> Outcome:
        """The outcome, with the faults of the rows that were left out beside those of the cells."""
        plan = self.checked.outcome
        found = [fault for faults in self.left.values() for fault in faults]
        whole = [fault for fault in plan.faults if fault.row is None]
        plan = replace(plan, faults=in_order([*whole, *found], plan.sheet))
        return Outcome(plan, **extra)

    def record(self, desk: Desk, once: Once | None, watch: Watch | None) -> Outcome:
        plan, answers = self.checked.outcome, self.answers
        refuse_any(_unanswered(one) for one in plan.questions if one.needed)
        leaves = answers.refused == LEAVE_OUT and not self.checked.whole
        plan.accept(skip_bad=leaves, keep_contradicted=self.keep_contradicted)
        corrects = ""
        if answers.changed == "correct":
            owe_reason(answers.reason, "Say why the changed rows are corrections.")
            corrects = answers.reason.strip()
        rows, long = self.rows, len(self.rows) > LONG
        while True:
            # What a rehearsal brought is not kept: of a long file it is much.
            on = desk
            if long:
                on = RehearsalDesk(desk.store, desk.lookups, progress=checking(watch))
            try:
                result = self._try(on, rows, corrects=corrects, once=None if long else once)
            except Refused as refused:
                if not self._leaves_out(refused, leaves):
                    raise
                rows = self.rows
            except ImportStopped:
                result = nothing_recorded(rows, left=len(self.left) + len(self.out))
                return self._outcome({"events": (), "result": result})
            else:
                break
        del on
        if long:
            record = in_parts if self.checked.parted else as_whole
            result = record(
                partial(self._try, corrects=corrects),
                desk,
                rows,
                left=len(self.left) + len(self.out),
                once=once,
                watch=watch,
            )
            rows = rows[: len(rows) - result.get("not_reached", 0)]
        return self._outcome({"events": Previews(rows, self.checked.preview), "result": result})

    def _leaves_out(self, refused: Refused, leaves: bool) -> bool:
        """Leave out the rows that were refused, where the answers say so of all of them."""
        for fault in refused.faults:
            changed = isinstance(fault, RowDiffers) and self.answers.changed != "correct"
            if fault.row is None or not (self.answers.leaves_changed_out if changed else leaves):
                return False
        for fault in refused.faults:
            self._leave(fault)
        return not self.checked.whole

    def rehearse(self, desk: Desk) -> Outcome:
        """Find out how every row stands to the record, and what would be recorded of it."""
        refused = set(self.left)
        recorded, changed = self._rehearsed(desk, corrects="")
        corrects = REHEARSED if changed and self.answers.changed == "correct" else ""
        if corrects:
            for number in changed:
                self.left.pop(number)
            recorded, _ = self._rehearsed(desk, corrects=corrects)
        rows = []
        read = {row.row for row in self.checked.outcome.rows}
        numbers = (row.number for row in self.checked.outcome.sheet.rows)
        for number in sorted((*numbers, *self.out)):
            cells = changed.get(number, ())
            kept = number in recorded
            corrected = bool(cells) and (kept or self.answers.changed != "correct")
            state: RowState = (
                "changed" if corrected
                else "refused" if number in refused or number in self.left
                else "new" if kept
                else "there" if number in read
                else "left-out" if number in self.out
                else "nothing"
            )  # fmt: skip
            rows.append(RowExamined(number, state, kept, cells))
        shown = self._new_of(desk, recorded, corrects)
        events = Previews(shown, self.checked.preview)
        outcome = self._outcome({"events": events, "result": None, "rows": tuple(rows)})
        waiting = [row.row for row in rows if row.state == "changed"]
        if not waiting or self.answers.changed:
            return outcome
        questions = (*outcome.plan.questions, _of_changed(waiting))
        return replace(outcome, plan=replace(outcome.plan, questions=questions))

    def _new_of(self, desk: Desk, recorded: set[int], corrects: str) -> list[ImportRow]:
        """What would be recorded of these rows of the file. Of one that holds several records, as
        where each period is a column, some may be there already."""
        rows = [row for row in self.rows if row.row in recorded]
        beside: list[list[ImportRow]] = []
        seen: Counter[int] = Counter()
        for row in rows:
            if seen[row.row] == len(beside):
                beside.append([])
            beside[seen[row.row]].append(row)
            seen[row.row] += 1
        if len(beside) < 2 or self.checked.whole or self.checked.together:
            return rows
        new = []
        for several in beside:
            again = RehearsalDesk(desk.store, desk.lookups)
            self._try(again, several, corrects=corrects)
            numbers = {one.source.row for one in again.rehearsed if one.source is not None}
            new += [row for row in several if row.row in numbers]
        return sorted(new, key=lambda row: row.row)

    def _rehearsed(
        self, desk: Desk, *, corrects: str
    ) -> tuple[set[int], dict[int, tuple[ChangedCell, ...]]]:
        """The rows that would be recorded, and those that are on record with other values."""
        changed: dict[int, tuple[ChangedCell, ...]] = {}
        while True:
            rows = self.rows
            again = RehearsalDesk(desk.store, desk.lookups)
            try:
                self._try(again, rows, corrects=corrects)
            except Refused as refused:
                if any(fault.row is None for fault in refused.faults):
                    if not rows and self.left:
                        return set(), changed  # Each row says why it is left out.
                    raise
                for fault in refused.faults:
                    changed |= self._leave(fault)
                continue
            sources = [one.source for one in again.rehearsed]
            recorded = {source.row for source in sources if source is not None}
            if recorded and (self.checked.whole or self.checked.together):
                recorded = {row.row for row in rows}
            return recorded, changed


def _unanswered(question: ImportQuestion) -> Fault:
    offered = ", ".join(option.value for option in question.options)
    sentence = f"{question.sentence} Answers: {offered}." if offered else question.sentence
    value = question.written or None
    return Fault(question.about, "question-open", sentence, None, question.heading or None, value)


REHEARSED = "As a later file states it."


def _of_changed(rows: Sequence[int]) -> ImportQuestion:
    count = len(rows)
    which = "1 row is" if count == 1 else f"{count} rows are"
    return ImportQuestion(
        about="changed",
        heading="",
        sentence=f"{which} on record with other values. What should happen to them?",
        options=(
            ImportOption(LEAVE_OUT, "Leave them out: the record stays as it is"),
            ImportOption("correct", "Record them as corrections, for one reason"),
        ),
        rows=tuple(rows),
    )
