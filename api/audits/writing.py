"""An audit that is being written: its sections, and what is still wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from api.audits import reading as audit_reading
from api.audits import words as audit_words
from api.audits.forms import (
    NOT_APPLICABLE,
    FilledForm,
    faults_of,
    fields_of,
    on_form,
    read,
    rows,
    status_in,
    tidied,
)
from api.audits.pages import graded
from api.audits.reading import OpenedAudit
from api.audits.sections import AuditSection, sections
from api.people.reading import to_choose
from api.web.access_notes import ServedLook
from api.web.context import Reading
from api.web.dates import parts_of
from api.web.forms import Errors, flat
from api.web.moments import present
from api.web.steps import Sent, carry_out
from api.writing.declaration import Fields, Paper, Section, Writing
from projections.history import queries as history_queries
from projections.people import queries as people_queries
from projections.people.tables import PlacedPerson
from qa.audit_tools.definition import ChildStatus, ToolDefinition
from qa.audits import handlers
from qa.audits import words as record_words
from qa.audits.commands import SubmitAudit
from qa.audits.comparison import changed_fields
from qa.audits.events import case_audit_stream
from qa.audits.judgements import AuditContent, field_at
from qa.audits.limits import breached
from qa.audits.submission import unanswered
from qa.audits.words import WHY_CHANGED
from qa.authorisation.policy import require
from qa.core.errors import Fault
from qa.core.words import AuditStatus
from qa.security.drafts import Draft
from qa.store.unit import Receipt

WRITABLE = frozenset({AuditStatus.ALLOCATED, AuditStatus.IN_PROGRESS, AuditStatus.RETURNED})

_SUBMITTED = "This audit was submitted already."
_ENDED = {
    AuditStatus.WITHDRAWN: "This audit was withdrawn.",
    AuditStatus.VOIDED: "This audit was cancelled, because it was entered in error.",
}


@dataclass(frozen=True, kw_only=True)
class AuditWriting(Writing):
    """One audit on its author's desk."""

    opened: OpenedAudit
    today: date
    everybody: Callable[[], Sequence[PlacedPerson]]
    tasks_template: str = "audits/write_tasks.html"
    check_template: str = "audits/write_check.html"
    _read: dict[tuple[tuple[str, str], ...], FilledForm] = field(default_factory=dict)

    @property
    def audit(self) -> str:
        return self.opened.row.audit

    @property
    def tool(self) -> ToolDefinition:
        return self.opened.tool

    @property
    def returned(self) -> bool:
        return AuditStatus(self.opened.row.status) is AuditStatus.RETURNED

    @property
    def check(self) -> str:
        return f"/audits/{self.audit}/check"

    @cached_property
    def names(self) -> Mapping[str, str]:
        return {one.person: one.name for one in self.everybody()}

    def sections(self, fields: Fields) -> Sequence[AuditSection]:
        return sections(self.tool, status_in(fields))

    def filled(self, fields: Fields) -> FilledForm:
        typed = tuple(fields.items())
        if typed not in self._read:
            self._read[typed] = read(fields, self.tool, today=self.today)
        return self._read[typed]

    def faults(self, reading: Reading, fields: Fields) -> list[Fault]:
        offered = {person for person, _ in to_choose(reading)}
        return faults_of(
            self.filled(fields), self.tool, today=self.today, person_exists=offered.__contains__
        )

    def unfinished(self, paper: Paper) -> list[Fault]:
        return list(paper.faults) if self.filled(paper.fields).faults else []

    def first(self) -> dict[str, str]:
        """The last submission, or the period that was allocated."""
        if self.opened.view.content is not None:
            return fields_of(self.opened.view.content)
        row = self.opened.row
        return {
            **parts_of(_day(row.practice_from), "practice_from"),
            **parts_of(_day(row.practice_to), "practice_to"),
        }

    def tidied(self, fields: Fields) -> dict[str, str]:
        return tidied(fields)

    def changed(self, section: Section, mine: dict[str, str], do: str) -> dict[str, str]:
        """Without the row that a Remove button names."""
        number = do.removeprefix("remove.")
        if number == do or not number.isdecimal():
            return mine
        gone = f"{section.id}.{number}."
        return {path: value for path, value in mine.items() if not path.startswith(gone)}

    def onward(self, section: Section, after: Paper, do: str) -> str:
        here = f"{self.address}/{section.id}"
        if do == "another":
            return f"{here}?add=yes"
        if do.startswith("remove."):
            return here
        limits = ("overall-limited", "domain-limited", "rationale-short")
        limited = any(f.code in limits for f in after.faults)
        if section.id == "overall" and limited and do != "list":
            return f"{here}?check=yes"
        return ""

    def label(self, path: str) -> str:
        return audit_words.field_label(path, self.tool)

    def value(self, path: str, value: str) -> str:
        return audit_words.value_label(path, value, self.tool, self.names)

    def is_text(self, path: str) -> bool:
        place = field_at(AuditContent, path)
        words = None if place is None else place.words
        return "comments" in path.split(".") or (words is not None and words.widget == "long")

    def keep(self, reading: Reading, fields: Fields, seen: int) -> Draft:
        if self.closed:
            return super().keep(reading, fields, seen)
        return handlers.save_draft(
            reading.desk, audit=self.audit, fields=fields, seen=seen, by=reading.actor
        )

    def send(self, paper: Paper, form: Mapping[str, Any], sent: Sent) -> Receipt:
        wanted = SubmitAudit(
            audit=self.audit, content=self.filled(paper.fields).content, why=reasons_in(form)
        )
        return carry_out(handlers.submit, wanted, sent)

    def named(self, faults: Sequence[Fault], paper: Paper) -> list[Fault]:
        """A missing reason at its own select."""
        changed = self._changes(paper, {})
        places = {f"why.{one['path']}": number for number, one in enumerate(changed)}
        found: list[Fault] = []
        for fault in faults:
            if fault.field in places:
                number = places[fault.field]
                sentence = f"Say why this was changed: {changed[number]['label']}."
                fault = Fault(f"reasons.{number}.why", fault.code, sentence)
            found.append(on_form(fault))
        return found

    def done(self, receipt: Receipt | None) -> str:
        written = self.opened.row.overall is not None or receipt is not None
        return f"/audits/{self.audit}/submitted" if written else self.back

    def section_template(self, section: Section) -> str:
        kind = "domain" if section.id.startswith("domain-") else section.id
        return f"audits/write_{kind}.html"

    def section_context(
        self, reading: Reading, paper: Paper, section: Section, errors: Errors, add: bool
    ) -> Mapping[str, Any]:
        assert isinstance(section, AuditSection)
        content = self.filled(paper.fields).content
        return {
            "domain": section.domain,
            "tool": self.tool,
            "row": self.opened.row,
            "words": record_words,
            "statuses": ChildStatus,
            "not_applicable": NOT_APPLICABLE,
            "blanks": _numbered(section, paper.fields, add),
            "new_id": reading.services.store.new_id,
            "owners": to_choose(reading),
            "points": _points(section, self.tool),
            "rules": list(breached(content, self.tool)),
            "short": unanswered(content, self.tool),
            "grades": self._grades(content),
        }

    def _grades(self, content: AuditContent) -> list[tuple[str, dict[str, str] | None]]:
        """The domain grades so far, for the page of the overall grade."""
        found: list[tuple[str, dict[str, str] | None]] = []
        for judgement in content.judgements:
            domain = self.tool.domain(judgement.domain)
            if domain is not None:
                scale = self.tool.scale_of(domain.scale)
                found.append((domain.title, graded(scale, judgement.grade)))
        return found

    def tasks_context(self, reading: Reading, paper: Paper) -> Mapping[str, Any]:
        returned = _comments(reading, self.audit) if self.returned else ""
        parts = reading.parts("audits/write_tasks.html", self.opened)
        return {"row": self.opened.row, "returned": returned, **parts}

    def check_context(
        self, reading: Reading, paper: Paper, form: Mapping[str, str]
    ) -> Mapping[str, Any]:
        return {
            "left_out": self.filled(paper.fields).left_out,
            "changes": self._changes(paper, form),
            "every": form.get("every", ""),
            "why_changed": WHY_CHANGED,
        }

    def _changes(self, paper: Paper, typed: Mapping[str, str]) -> list[dict[str, Any]]:
        """For a returned audit: each field that differs from what was submitted, and why, if
        said."""
        before = self.opened.view.content
        if before is None or not self.returned:
            return []
        why = reasons_in(typed)
        return [
            {
                "path": path,
                "label": self.label(path),
                "old": audit_words.value_label(path, old, self.tool),
                "new": audit_words.value_label(path, new, self.tool),
                "why": why.get(path, ""),
            }
            for path, old, new in changed_fields(before, self.filled(paper.fields).content)
        ]


def reasons_in(form: Mapping[str, Any]) -> dict[str, str]:
    """The coded reasons by field, ``*`` for the one that holds for all."""
    typed = flat(form)
    why = {
        path: typed.get(f"{name.removesuffix('.field')}.why", "")
        for name, path in typed.items()
        if name.startswith("reasons.") and name.endswith(".field")
    }
    why = {path: code for path, code in why.items() if code}
    if typed.get("every"):
        why["*"] = typed["every"]
    return why


def on_desk(reading: Reading, audit: str) -> AuditWriting:
    """The audit for its author.

    Raises:
        NotFound: no such audit for this reader.   Forbidden: it is not theirs to write.
    """
    services, connection = reading.services, reading.connection
    now = present(services.store, connection, reading.actor)
    opened = audit_reading.open_audit(ServedLook(connection, reading.actor, now, services), audit)
    require(reading.actor, "write-audit", opened.resource)
    row = opened.row
    status = AuditStatus(row.status)
    return AuditWriting(
        subject=case_audit_stream(audit),
        about=f"child:{row.child}",
        address=f"/audits/{audit}/write",
        back=f"/audits/{audit}",
        title=f"Write audit {row.reference}",
        button="Submit the audit",
        caption=f"Audit {row.reference}, child {row.child}",
        closed="" if status in WRITABLE else _ENDED.get(status, _SUBMITTED),
        seen=row.stream_version,
        opened=opened,
        today=reading.today,
        everybody=lambda: people_queries.everybody(connection, with_departed=True),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _comments(reading: Reading, audit: str) -> str:
    """What the author was asked for when the audit was last returned."""
    entries = history_queries.entries(
        reading.connection, streams=[case_audit_stream(audit)], limit=10_000
    )
    comments = [
        change["new"]
        for entry in entries
        if entry["type"] == "CaseAuditReturned"
        for change in entry["changes"]
    ]
    return comments[-1] if comments else ""


def _numbered(section: Section, fields: Fields, add: bool) -> range:
    """The rows that a list page shows: those there are, and an empty one."""
    if section.id not in ("actions", "strengths"):
        return range(0)
    count = len(rows(fields, section.id))
    return range(count + 1 if add or not count else count)


def _points(section: AuditSection, tool: ToolDefinition) -> list[dict[str, str]]:
    """The grades to choose from, each with what it looks like here."""
    domain = section.domain
    scale = tool.overall_scale if domain is None else tool.scale_of(domain.scale)
    if scale is None:
        return []
    return [
        {
            "value": point.code,
            "text": point.label,
            "hint": (domain.descriptor(point.code) if domain else "") or point.meaning,
        }
        for point in scale.points
        if point.rank is not None
    ]
