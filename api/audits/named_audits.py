"""The audit that a row of a file is about: by its reference, or by the child and the day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

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
from qa.core.words import Resource

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


def reference_or_child(read: RowReader) -> tuple[str | None, str | None]:
    """The audit that a row names, or else its child."""
    audit = read.get("audit", lambda cell: parse_text(cell, 80))
    child = None if audit else read.get("child", _child_or_chosen, quote=False)
    if child and child.startswith(RECORD):
        return child.removeprefix(RECORD), None
    return audit, child


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

    def by_reference(self, read: RowReader, named: str) -> KnownAudit | None:
        if named not in self.known:
            read.fault("audit", "unknown-audit", f"There is no audit {named}.", named)
        return self.known.get(named)

    def of_child(
        self, row: int, read: RowReader, child: str, before: str = ""
    ) -> KnownAudit | None:
        """The audit of a child on the day of the row; of several the one with the reference
        `before`, which the row was of in an earlier file."""
        audited_on = read.get("audit_date", parse_date)
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
    where = Resource(service=row.service, team=row.team, child=row.child_key)
    return sent.by is None or can(sent.by, "import", where).allowed


def _as_known(row: AuditRow) -> KnownAudit | None:
    if row.overall is None or row.audit_date is None or row.status in ("voided", "withdrawn"):
        return None
    audited_on, given = date.fromisoformat(row.audit_date), row.grades_given
    return KnownAudit(row.reference, audited_on, given.overall, given.domains)
