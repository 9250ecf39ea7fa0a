"""One audit as a document: everything that was answered, and what became of it.

Three variants of the same: for the worker and their manager, for the moderator (with the second
judgement and where the two differ), and for readers outside the council, where people are called
by their part and the child by no reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from api.audits.reading import OpenedAudit
from api.audits.words import field_label, stated_texts, value_label
from api.documents.document import (
    Block,
    Bullets,
    Coloured,
    Document,
    DocumentTable,
    Heading,
    Paragraph,
)
from api.web.context import Reading
from qa.audit_tools.definition import Domain
from qa.audits import words
from qa.audits.judgements import AuditContent, DomainJudgement
from qa.audits.limits import limits
from qa.core.dates_in_words import day
from qa.core.errors import Forbidden
from qa.core.words import AuditStatus, Scale

Variant = Literal["worker", "moderator", "outside"]
VARIANTS: Mapping[Variant, str] = {
    "worker": "For the worker and their manager",
    "moderator": "With the moderation",
    "outside": "For readers outside the council",
}
OUTSIDE = (
    "People are called by their part in this audit, and the child by no reference. The texts are "
    "as they were written, but for these names: read them before you send this to anybody. Where "
    "a name is also a word, like May, the word is taken out wherever it has a capital letter."
)
NOT_GRADED = "Not graded"
USED_PARTS = ("loops", "responses")
"""What other capabilities add to the page of an audit and the document shows too."""


@dataclass(frozen=True, slots=True)
class AuditWriter:
    """The audit with what its texts are called for the readers of one variant. Other capabilities
    add their blocks as parts of the page ``audits/document``."""

    reading: Reading
    opened: OpenedAudit
    parts: Mapping[str, Any]
    variant: Variant

    @property
    def content(self) -> AuditContent | None:
        return self.opened.view.content

    def person(self, code: str | None) -> str:
        """A person by name; outside by the part they had."""
        if code is None:
            return ""
        return self._roles.get(code, "A colleague") if self.outside else self.opened.name(code)

    def text(self, written: str) -> str:
        """What somebody wrote; outside without the names and references that the record knows."""
        if not self.outside:
            return written
        row, named = self.opened.row, dict(self.opened.names)
        whole, parts = {row.child: "the child"}, dict[str, str]()
        for code, name in named.items():
            label = f"the {self._roles.get(code, 'colleague').lower()}"
            whole[name] = label
            parts |= {form: label for word in _long_words(name) for form in (word, word.upper())}
        hidden = {one.casefold(): label for one, label in (*parts.items(), *whole.items())}
        # In small letters a part of a name is a word like any other: "will", "may".
        return re.sub(
            rf"\b(?:(?i:{_any_of(whole)})|{_any_of(parts)})\b",
            lambda found: f"[{hidden[found[0].casefold()]}]",
            written,
        )

    @property
    def outside(self) -> bool:
        return self.variant == "outside"

    @property
    def _roles(self) -> dict[str, str]:
        row = self.opened.row
        found = {row.decider: "Who decided the dispute", row.moderator: "Moderator"}
        found |= {row.case_holder: "Case holder", row.auditor: "Auditor"}
        return {code: label for code, label in found.items() if code}

    def value(self, path: str, value: str) -> str:
        return value_label(path, value, self.opened.tool, self.opened.names)

    def domain(self, code: str | None) -> str:
        found = self.opened.tool.domain(code or "")
        return (code or "") if found is None else found.title

    def scale(self, domain: str) -> Scale | None:
        found = self.opened.tool.domain(domain)
        return None if found is None else self.opened.tool.scale_of(found.scale)

    def grade(self, code: str | None, scale: Scale | None = None) -> str:
        if not code:
            return NOT_GRADED
        scale = scale or self.opened.tool.overall_scale
        point = scale.point(code)
        return code if point is None else Coloured(point.label, point.colour)


def _long_words(name: str) -> list[str]:
    """The parts of a name that are told apart from other words."""
    return [word for word in name.split() if len(word) > 2 and word[0].isupper()]


def _any_of(known: Iterable[str]) -> str:
    """A pattern that finds any of these, the longest first; nothing where there are none."""
    return "|".join(map(re.escape, sorted(filter(None, known), key=len, reverse=True))) or "(?!)"


def audit_document(reading: Reading, opened: OpenedAudit, variant: Variant) -> Document:
    """The audit as this reader may see it, as known at the moment of the page.

    Raises:
        Forbidden: its judgement, or with the moderation that, is closed to the reader.
    """
    if not opened.judgement_open:
        raise Forbidden("This audit is sealed from you until you have moderated it.")
    if variant == "moderator" and opened.row.moderation and not opened.view.moderations:
        raise Forbidden("The moderation of this audit is closed to you.")
    write = AuditWriter(
        reading, opened, reading.parts("audits/read.html", opened, *USED_PARTS), variant
    )
    blocks: list[Block] = []
    for part in (_face, _strengths, _grades, _rules, _judgements, _voices, _actions):
        blocks += part(write)
    for part_blocks in reading.parts("audits/document", write).values():
        blocks += part_blocks
    at, actor = reading.at, reading.actor
    by = write.person(actor.person) if write.outside else actor.display_name
    head = reading.services.letterhead_at(reading.connection, at.position)
    return Document(
        title=f"Audit {opened.row.reference}",
        asked=list(_about(write)),
        position=at.shown,
        blocks=blocks,
        **at.taken_out(by, reading.services.clock.now(), head),
    )


def _about(write: AuditWriter) -> Iterator[tuple[str, str]]:
    opened, row = write.opened, write.opened.row
    yield "Document", VARIANTS[write.variant]
    yield "Audit tool", f"{opened.tool.title}, version {row.tool_version}"
    yield "Child reference", "Not given" if write.outside else row.child or words.NO_CHILD
    yield "Team at the time", f"{row.team_name}, {row.service_name}"
    yield "Auditor", write.person(row.auditor)
    if row.case_holder:
        yield "Case holder", write.person(row.case_holder)
    if row.mode:
        yield "How", words.MODES[row.mode]
    if write.content is not None:
        status = str(write.content.child_status)
        yield "Status of the child", write.value("child_status", status)
    if row.practice_from and row.practice_to:
        first, last = day_of(row.practice_from), day_of(row.practice_to)
        yield "Practice judged", f"{first} to {last}"
    if row.audit_date:
        yield "Date of the audit", day_of(row.audit_date)
    if row.submitted_on:
        yield "Submitted", day_of(row.submitted_on)
    yield "Status", AuditStatus(row.status).label
    tool = opened.tool
    several = "" if tool.has_overall else "s"
    yield (
        "Auditor’s overall grade" if tool.has_overall else "Auditor’s grades",
        ("None yet" if row.overall is None else row.grades_given.in_words(tool)),
    )
    final = "None yet" if row.final_grade is None else row.grades_final.in_words(tool)
    source = words.FINAL_SOURCES.get(row.final_source or "", "")
    yield f"Final grade{several}", f"{final}, from {source}" if source else final


def day_of(text: str) -> str:
    """A date of a read row in words."""
    return day(date.fromisoformat(text))


def _face(write: AuditWriter) -> list[Block]:
    """What has to be known before anything else is read."""
    opened, found = write.opened, []
    if write.outside:
        found.append(OUTSIDE)
    if opened.row.status in ("withdrawn", "voided"):
        stands = AuditStatus(opened.row.status).label.lower()
        found.append(f"This audit is {stands}. It stays readable and counts in no figure.")
    corrected = [field_label(one, opened.tool) for one in sorted(opened.view.corrected)]
    if corrected:
        found.append(
            f"Corrected since it was submitted: {'; '.join(corrected)}. The old and the new "
            "wording are in its history."
        )
    for one in opened.view.typing:
        label = field_label(one.field, opened.tool)
        found.append(
            f"{label}: somebody else must confirm a change as typing. Nothing has changed yet."
        )
    if opened.row.imported:
        found.append("Imported: made elsewhere, and shown as its file states it and no more.")
        if not opened.row.child:
            found.append(words.RESULTS_ONLY)
    return [Heading("To know first"), Bullets(found)] if found else []


def _strengths(write: AuditWriter) -> list[Block]:
    content = write.content
    if content is None or not content.strengths:
        return []
    lines = [
        f"{write.text(one.text)} ({write.domain(one.domain)})"
        if one.domain
        else write.text(one.text)
        for one in content.strengths
    ]
    return [Heading("Strengths"), Bullets(lines)]


def _grades(write: AuditWriter) -> list[Block]:
    """The grades at a glance, and the reasons for the overall one."""
    content, tool = write.content, write.opened.tool
    if content is None:
        stated = write.opened.view.imported
        if stated is None:
            return []
        rows = [
            [write.domain(one["domain"]), write.grade(one["grade"], write.scale(one["domain"]))]
            for one in stated["judgements"]
        ]
        table = DocumentTable("Grades that the file states", ["Domain", "Grade"], rows)
        blocks: list[Block] = [Heading("Grades"), table]
        for title, text in stated_texts(stated, tool):
            blocks += [Heading(title, 3), Paragraph(write.text(text))]
        return blocks
    given = {one.domain: one for one in content.judgements}
    rows = [
        [domain.title, _graded(write, domain, given[domain.id])]
        for domain in tool.domains
        if domain.id in given
    ]
    table = DocumentTable("Grades by domain", ["Domain", "Grade"], rows)
    if not tool.has_overall:
        return [Heading("Grades"), table, Paragraph("This tool has no overall grade.")]
    point = tool.overall_scale.point(content.overall)
    means = "" if point is None or not point.meaning else f" {point.meaning}"
    return [
        Heading("Grades"),
        table,
        Heading("Reasons for the overall grade", 3),
        Paragraph(f"{write.grade(content.overall)}.{means}"),
        Paragraph(write.text(content.rationale)),
    ]


def _graded(write: AuditWriter, domain: Domain, judged: DomainJudgement) -> str:
    if judged.grade is None:
        return "Does not apply" if judged.not_applicable_reason else NOT_GRADED
    return write.grade(judged.grade, write.opened.tool.scale_of(domain.scale))


def _rules(write: AuditWriter) -> list[Block]:
    """How far the tool limits the grades, and why a limit was set aside."""
    content, tool = write.content, write.opened.tool
    if content is None:
        return []
    aside = {one.rule: one.reason for one in content.overrides}
    rows = []
    for rule, met, caps in limits(content, tool):
        reason = aside.pop(rule.id, "")
        effect = "This limit applies" if caps else "This limit does not apply"
        rows.append(
            [
                rule.why or rule.id,
                f"{tool.what_is_capped(rule)}: {tool.cap_in_words(rule)}".capitalize(),
                ", ".join(met) or "No part",
                f"Set aside: {write.text(reason)}" if reason else effect,
            ]
        )
    rows += [[rule, "", "", f"Set aside: {write.text(reason)}"] for rule, reason in aside.items()]
    if not rows:
        return []
    columns = ["Limit", "No better than", "Met by", "What follows"]
    return [Heading("Limits on the grades"), DocumentTable("Limits", columns, rows)]


def _judgements(write: AuditWriter) -> list[Block]:
    content, tool = write.content, write.opened.tool
    if content is None:
        return []
    blocks: list[Block] = [Heading("Judgements")]
    given = {one.domain: one for one in content.judgements}
    for domain in tool.domains:
        judged = given.get(domain.id)
        if judged is None:
            continue
        blocks += [Heading(domain.title, 3), Paragraph(_graded(write, domain, judged))]
        looks_like = domain.descriptor(judged.grade or "")
        if looks_like:
            blocks.append(Paragraph(f"What this grade looks like: {looks_like}"))
        elif judged.grade and domain.good_looks_like:
            blocks.append(Paragraph(f"What good looks like: {domain.good_looks_like}"))
        if judged.not_applicable_reason:
            reason = write.text(judged.not_applicable_reason)
            blocks.append(Paragraph(f"Why it does not apply: {reason}"))
        if judged.evidence:
            blocks.append(Paragraph(write.text(judged.evidence)))
        questions = {one.id: one for one in domain.questions}
        rows = [
            [
                questions[one.question].text,
                _point(write, questions[one.question].scale, one.point),
                write.text(one.comment),
            ]
            for one in judged.answers
            if one.question in questions
        ]
        if rows:
            columns = ["Question", "Answer", "Comment"]
            blocks.append(DocumentTable(f"Questions: {domain.title}", columns, rows))
    return blocks


def _point(write: AuditWriter, scale: str, point: str) -> str:
    found = write.opened.tool.scale_of(scale)
    return point if found is None else found.label(point)


def _voices(write: AuditWriter) -> list[Block]:
    """The practitioner's part, what the child and family say, and what no other part shows."""
    content = write.content
    if content is None:
        return []
    blocks: list[Block] = []
    if content.involvement is not None:
        took = words.INVOLVEMENT[content.involvement.status]
        blocks += [Heading("The practitioner’s part"), Paragraph(f"{took}.")]
        if content.involvement.note:
            blocks.append(Paragraph(write.text(content.involvement.note)))
    if content.feedback is not None:
        feedback = content.feedback
        blocks += [
            Heading("What the child and family say"),
            Paragraph(f"{words.FEEDBACK[feedback.status]}."),
        ]
        facts = [
            one
            for one in (feedback.who, feedback.how, day(feedback.on) if feedback.on else "")
            if one
        ]
        consent = ["Consent was given to keep it"] if feedback.consent else []
        if facts or consent:
            blocks.append(Paragraph(f"{write.text(', '.join([*facts, *consent]))}."))
        blocks += [Paragraph(write.text(one)) for one in (feedback.said, feedback.note) if one]
    blocks += [
        block
        for label, text in write.opened.beside
        for block in (Heading(label, 3), Paragraph(write.text(text)))
    ]
    return blocks


def _actions(write: AuditWriter) -> list[Block]:
    """The actions as they were raised, why none was needed, and what became of them."""
    content = write.content
    rows: Sequence[Sequence[str]] = (
        []
        if content is None
        else [
            [
                write.text(one.text),
                write.domain(one.domain),
                words.ACTION_KINDS[one.kind],
                write.person(one.owner),
                day(one.due_on),
            ]
            for one in content.actions
        ]
    )
    found: list[Block] = [Heading("Actions")]
    if rows:
        columns = ["What must be done", "Domain", "Kind", "Owner", "Due"]
        found.append(DocumentTable("Actions that this audit raised", columns, rows))
    if content is not None and content.no_action_reason:
        found.append(Paragraph(f"No action was needed: {write.text(content.no_action_reason)}"))
    if content is not None and content.no_action_reasons:
        found.append(
            Bullets(
                [
                    f"No action for {write.domain(one.domain)}: {write.text(one.reason)}"
                    for one in content.no_action_reasons
                ]
            )
        )
    loops = write.parts.get("loops") or []
    if loops:
        rows = [
            [write.text(one["text"] or "Closed to you"), one["state"], day_of(one["due_on"])]
            for one in loops
        ]
        columns = ["Action", "What became of it", "Due"]
        found.append(DocumentTable("What became of the actions", columns, rows))
    return found if len(found) > 1 else []
