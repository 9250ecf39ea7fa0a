"""The audit that a row of a file is about: by its reference, or by the child and the day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from sqlalchemy.engine import Connection

from api.imports.answers import LEAVE_OUT, RECORD, ImportOption, ImportQuestion
from api.imports.files.tables import Cell, text_of
from api.imports.importers import SentFile
from api.imports.mapping import CHILD_NAMES, Field
from api.imports.values import RowReader, parse_child, parse_date, parse_text
from projections.audits import child_queries
from projections.audits import queries as audit_queries
from projections.audits.tables import AuditRow
from qa.authorisation.policy import can
from qa.core.dates_in_words import day
from qa.core.words import Actor, Resource

CHILD_AND_DAY = (
    Field("child", "Child's reference", False, CHILD_NAMES, kind="child"),
    Field("audit_date", "Date of the audit", False,
          ("audit date", "date of audit", "date audited", "audited on"), kind="date"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownAudit:
    """What has to be known of an audit to check what a file says of it; nothing is told of one that
    is not `reached` by whoever sends the file."""

    reference: str
    audit_date: date
    overall: str
    domains: Mapping[str, str] = field(default_factory=dict)
    reached: bool = True


class AuditOfRow(NamedTuple):
    """What a row says of its audit: its reference, its child and its day, as far as it does."""

    reference: str | None
    child: str | None
    day: date | None


def audit_of_row(read: RowReader) -> AuditOfRow:
    """What a row says of its audit, each cell read once. What a person chose for a child is a
    reference."""
    reference = read.get("audit", lambda cell: parse_text(cell, 80))
    child = read.get("child", _child_or_chosen, quote=False)
    on = read.get("audit_date", parse_date)
    if child and child.startswith(RECORD):
        return AuditOfRow(reference or child.removeprefix(RECORD), None, None)
    return AuditOfRow(reference, child, on)


def _child_or_chosen(cell: Cell) -> str | None:
    text = text_of(cell)
    return text if text.startswith(RECORD) else parse_child(cell)


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """Finds the audit of each row among those `known` by reference and those `of_children`;
    `waiting` are the rows of each child that must be asked about, with the audits that they may be
    of. A `doubt` is why a row waits, and `question` what is asked of it. Where another `day_stands`
    a row whose day no audit has is refused, and one without a day is of the child's only audit."""

    known: Mapping[str, KnownAudit]
    of_children: Mapping[str, Sequence[KnownAudit]]
    doubt: str
    question: str
    day_stands: bool = False
    waiting: dict[str, tuple[list[int], Sequence[KnownAudit]]] = field(default_factory=dict)

    def find(
        self, row: int, read: RowReader, of_audit: AuditOfRow, before: str = ""
    ) -> KnownAudit | None:
        """The audit that a row names: by its reference, or else by its child and its day; of
        several of one day the one with the reference `before`, which the row was of in an earlier
        file. What else a row says of an audit must be so: nobody can know which of them is
        wrong."""
        if not of_audit.reference:
            return self._of_child(row, read, of_audit, before) if of_audit.child else None
        known = self.known.get(of_audit.reference)
        if known is None or not known.reached:
            return known
        named = f"The audit {of_audit.reference} is"
        if of_audit.day is not None and of_audit.day != known.audit_date:
            sentence = f"{named} of {day(known.audit_date)}. Leave out a column of other days."
            read.fault("audit_date", "other-audit-day", sentence, of_audit.day.isoformat())
        if of_audit.child and known not in self.of_children.get(of_audit.child, ()):
            sentence = f"{named} not of this child. Leave out a column of other references."
            read.fault("child", "other-child", sentence)
        return known

    def _of_child(
        self, row: int, read: RowReader, of_audit: AuditOfRow, before: str
    ) -> KnownAudit | None:
        child, audited_on = of_audit.child or "", of_audit.day
        audits = self.of_children.get(child, ())
        of_day = [one for one in audits if one.audit_date == audited_on]
        if self.day_stands and audited_on is None:
            of_day = list(audits)
        of_day = [one for one in of_day if one.reference == before] or of_day
        if len(of_day) == 1:
            return of_day[0]
        if not audits:
            read.fault("child", "unknown-audit", "There is no audit of this child.", child)
        elif self.day_stands and not of_day and audited_on is not None:
            sentence = f"There is no audit of this child of {day(audited_on)}."
            read.fault("audit_date", "unknown-audit", sentence, audited_on.isoformat())
        else:
            self.waiting.setdefault(child, ([], of_day or audits))[0].append(row)
            read.fault("child", "audit-doubtful", self.doubt, child)
        return None

    def questions(self, headings: Mapping[str, str]) -> tuple[ImportQuestion, ...]:
        return tuple(
            ImportQuestion(
                "values",
                headings["child"],
                self.question.format(child),
                (
                    *(
                        ImportOption(
                            f"{RECORD}{one.reference}", f"{one.reference} of {day(one.audit_date)}"
                        )
                        for one in audits
                    ),
                    ImportOption(LEAVE_OUT, "These rows are not imported"),
                ),
                written=child,
                rows=tuple(rows),
                needed=False,
            )
            for child, (rows, audits) in self.waiting.items()
        )


def known_by_reference(sent: SentFile, references: Collection[str]) -> dict[str, KnownAudit]:
    rows = audit_queries.by_references(sent.connection, references)
    return {
        reference: known if _reached(sent, row) else replace(known, reached=False)
        for reference, row in rows.items()
        if (known := _as_known(row)) is not None
    }


def known_of_children(sent: SentFile, children: Collection[str]) -> dict[str, list[KnownAudit]]:
    """The audits of children that whoever sends the file may import to, the latest first."""
    return {
        child: [known for row in rows if (known := _as_known(row)) and _reached(sent, row)]
        for child, rows in child_queries.of_children(sent.connection, children).items()
    }


def _reached(sent: SentFile, row: AuditRow) -> bool:
    return sent.by is None or may_import_to(sent.by, row)


def may_import_to(by: Actor, row: AuditRow) -> bool:
    """Whether somebody may send what is of an audit."""
    where = Resource(service=row.service, team=row.team, child=row.child_key)
    return can(by, "import", where).allowed


def open_audits(connection: Connection, by: Actor, references: Collection[str]) -> Collection[str]:
    """Those of these references whose audits whoever sends a file may import to."""
    rows = audit_queries.by_references(connection, references)
    return [one for one, row in rows.items() if may_import_to(by, row)]


def _as_known(row: AuditRow) -> KnownAudit | None:
    if row.overall is None or row.audit_date is None or row.status in ("voided", "withdrawn"):
        return None
    audited_on, given = date.fromisoformat(row.audit_date), row.grades_given
    return KnownAudit(row.reference, audited_on, given.overall, given.domains)
