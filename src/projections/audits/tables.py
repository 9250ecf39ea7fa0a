"""The rows of the register of case audits.

Dates are ISO text and instants whole microseconds, so that rows sort and compare alike on both
databases. `taken_back` is a final grade that fell and has none in its place yet. `sealed` says that
the judgement is closed to `moderator` until theirs is in.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from projections.core.typed_rows import JsonText, Position, ReadTable, texts
from projections.figures.joined_children import JoinedChildren
from projections.figures.joined_people import JoinedPeople
from qa.audits.comparison import GradesGiven
from qa.core.words import AuditStatus

NOBODY = JsonText("[]")


class AuditRow(NamedTuple):
    """An audit. Shown to a reader from whom its judgement is sealed it has no auditor. `grades`,
    `moderated_grades` and `final_grades` hold those of the domains, as JSON, where the tool has no
    overall grade."""

    audit: str
    opened: Position
    stream_version: int
    reference: str
    child: str
    child_key: str
    tool: str
    tool_version: int
    auditor: str
    team: str
    team_name: str
    service: str
    service_name: str
    case_holder: str | None = None
    mode: str | None = None
    re_audit_of: str | None = None
    practice_from: str | None = None
    practice_to: str | None = None
    first_due_on: str | None = None
    due_on: str | None = None
    status: str = AuditStatus.ALLOCATED.value
    began_by: JsonText = NOBODY
    audit_date: str | None = None
    submitted_on: str | None = None
    submitted_us: Position | None = None
    overall: str | None = None
    grades: JsonText | None = None
    final_grade: str | None = None
    final_grades: JsonText | None = None
    final_source: str | None = None
    final_rule: str | None = None
    final_cites: JsonText | None = None
    taken_back: str | None = None
    imported: int = 0
    moderation: str | None = None
    moderation_status: str | None = None
    moderator: str | None = None
    moderation_due_on: str | None = None
    sealed: int = 0
    moderated_overall: str | None = None
    moderated_grades: JsonText | None = None
    decider: str | None = None

    @property
    def grades_given(self) -> GradesGiven:
        """The auditor's grades: overall, or by domain where the tool has no overall grade."""
        return GradesGiven(self.overall or "", json.loads(self.grades or "{}"))

    @property
    def grades_moderated(self) -> GradesGiven:
        return GradesGiven(self.moderated_overall or "", json.loads(self.moderated_grades or "{}"))

    @property
    def grades_final(self) -> GradesGiven:
        return GradesGiven(self.final_grade or "", json.loads(self.final_grades or "{}"))

    @property
    def judgement_sealed(self) -> bool:
        return not self.auditor

    @property
    def people_who_began(self) -> tuple[str, ...]:
        return texts(self.began_by)


class ContentRow(NamedTuple):
    audit: str
    content: JsonText


class CorrectionRow(NamedTuple):
    audit: str
    field: str
    new: str


class TypingRow(NamedTuple):
    """A change said to be typing, which waits for somebody else to confirm it."""

    audit: str
    field: str
    old: str
    new: str
    by: str
    on: str


class ExceptionRow(NamedTuple):
    """A rule that was set aside with a reason and still is. `place` says for whom or what: the
    content, the auditor, a moderation or a dispute; `rule` is the rule, or the domain that has no
    action."""

    audit: str
    kind: str
    place: str
    rule: str
    on: str
    why: str
    approved_by: str | None = None


class ModerationRow(NamedTuple):
    audit: str
    moderation: str
    selected: Position
    status: str
    policy_version: int | None = None
    reasons: JsonText = NOBODY
    draw: int | None = None
    moderator: str | None = None
    blind: int = 0
    already_seen: int = 0
    unblinded: int = 0
    due_on: str | None = None
    settle_by: str | None = None
    moderated_on: str | None = None
    overall: str | None = None
    judgement: JsonText | None = None
    audit_quality: str | None = None
    conversation: JsonText | None = None
    consensus: JsonText | None = None
    dispute: JsonText | None = None
    dispute_due_on: str | None = None
    decider: str | None = None
    decision: JsonText | None = None
    ended_because: str | None = None
    imported: int = 0

    @property
    def grades_given(self) -> GradesGiven:
        judged = json.loads(self.judgement or "{}").get("judgements", ())
        domains = {one["domain"]: one["grade"] for one in judged if one["grade"]}
        return GradesGiven(self.overall or "", domains)


AUDITS = ReadTable(
    AuditRow,
    "audit_row",
    key=("audit",),
    indexes=(
        ("opened",),
        ("auditor", "opened"),
        ("moderator", "opened"),
        ("child_key",),
        ("case_holder", "opened"),
        ("team", "opened"),
        ("service", "opened"),
        ("status", "opened"),
        ("reference",),
    ),
    open_indexes=(("auditor", "status"), ("moderator", "status"), ("status", "service")),
    long_rows=True,
    by_key=True,
    sparse=("moderator", "case_holder"),
)
CONTENTS = ReadTable(ContentRow, "audit_content", key=("audit",), long_rows=True, by_key=True)
CORRECTIONS = ReadTable(CorrectionRow, "audit_correction", key=("audit", "field"))
TYPING = ReadTable(TypingRow, "audit_typing", key=("audit", "field"))
EXCEPTIONS = ReadTable(
    ExceptionRow,
    "audit_exception",
    key=("audit", "kind", "place", "rule"),
    indexes=(("on",),),
)
JOINED_PEOPLE = JoinedPeople("audit_joined_person")
JOINED_CHILDREN = JoinedChildren("audit_joined_child")
MODERATIONS = ReadTable(ModerationRow, "moderation_row", key=("audit", "moderation"), by_key=True)

audit_row = AUDITS.table
audit_exception = EXCEPTIONS.table
moderation_row = MODERATIONS.table
