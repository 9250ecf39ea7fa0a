"""An audit that is being written: its draft, its sections, and what is still wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from api.audits import reading as audit_reading
from api.audits.forms import FilledForm, faults_of, fields_of, read, status_in
from api.audits.reading import OpenedAudit
from api.audits.sections import Section, section_with, sections
from api.web.context import Reading
from api.web.dates import parts_of
from api.web.forms import Errors, field_id
from api.web.moments import present
from projections.people import queries
from qa.audit_tools.definition import ToolDefinition
from qa.audits.events import case_audit_stream
from qa.authorisation.policy import require
from qa.core.errors import Fault, NotFound
from qa.core.words import AuditStatus
from qa.security import drafts

WRITABLE = frozenset({AuditStatus.ALLOCATED, AuditStatus.IN_PROGRESS, AuditStatus.RETURNED})


@dataclass(frozen=True, slots=True)
class Writing:
    """One audit on its author's desk. `revision` is the draft's; 0 while nothing was saved."""

    opened: OpenedAudit
    fields: Mapping[str, str]
    revision: int
    saved_at: datetime | None
    sections: list[Section]
    filled: FilledForm
    faults: list[Fault]

    @property
    def audit(self) -> str:
        return str(self.opened.row.audit)

    @property
    def tool(self) -> ToolDefinition:
        return self.opened.tool

    @property
    def writable(self) -> bool:
        return AuditStatus(self.opened.row.status) in WRITABLE

    @property
    def returned(self) -> bool:
        return AuditStatus(self.opened.row.status) is AuditStatus.RETURNED

    def section(self, wanted: str) -> Section:
        """The section with this id. Raises NotFound."""
        found = section_with(wanted, self.sections)
        if found is None:
            raise NotFound("This audit has no such section.")
        return found

    def after(self, section: Section) -> str:
        """The address of the page that follows a section."""
        at = self.sections.index(section) + 1
        here = f"/audits/{self.audit}/write"
        return f"{here}/{self.sections[at].id}" if at < len(self.sections) else here


def on_desk(reading: Reading, audit: str, typed: Mapping[str, str] | None = None) -> Writing:
    """The audit as its author left it, or with `typed` in place of the draft.

    Raises:
        NotFound: no such audit for this reader.   Forbidden: it is not theirs to write.
    """
    services, connection = reading.services, reading.connection
    now = present(services.store, connection, reading.actor)
    opened = audit_reading.open_audit(services, connection, reading.actor, audit, now)
    require(reading.actor, "write-audit", opened.resource)
    draft = drafts.load(
        connection,
        reading.desk.vault,
        subject=case_audit_stream(audit),
        person=reading.actor.person,
    )
    if typed is not None:
        fields = dict(typed)
    elif draft is not None:
        fields = dict(draft.fields)
    else:
        fields = starting_fields(opened)
    filled = read(fields, opened.tool, today=reading.today)
    here = {one["person"] for one in queries.everybody(connection)}
    return Writing(
        opened=opened,
        fields=fields,
        revision=0 if draft is None else draft.revision,
        saved_at=None if draft is None else draft.saved_at,
        sections=sections(opened.tool, status_in(fields)),
        filled=filled,
        faults=faults_of(filled, opened.tool, today=reading.today, person_exists=here.__contains__),
    )


def starting_fields(opened: OpenedAudit) -> dict[str, str]:
    """What a form holds before anything is typed: the last submission, or the period allocated."""
    if opened.view.content is not None:
        return fields_of(opened.view.content)
    fields: dict[str, str] = {}
    fields |= parts_of(day_of(opened.row.practice_from), "practice_from")
    return fields | parts_of(day_of(opened.row.practice_to), "practice_to")


def day_of(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


class LinkedErrors(Errors):
    """Errors of a check page: each line leads to its field on the page of its section."""

    def __init__(self, writing: Writing, faults: list[Fault]) -> None:
        super().__init__(faults)
        self._writing = writing

    @property
    def summary(self) -> list[dict[str, str]]:
        return [
            {"text": f.sentence, "href": href} if (href := self._href(f)) else {"text": f.sentence}
            for f in self.faults
        ]

    def _href(self, fault: Fault) -> str:
        if fault.field.startswith("reasons"):
            return f"#{field_id(fault.field)}"
        section = next((s for s in self._writing.sections if s.holds(fault.field)), None)
        if section is None:
            return ""
        here = f"/audits/{self._writing.audit}/write/{section.id}"
        return f"{here}?check=yes#{field_id(fault.field)}"
