"""What the document of an audit tells of its moderations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.audits.document import AuditWriter, day_of
from api.documents.document import Block, DocumentTable, Heading, Paragraph
from api.web.context import PagePart, Reading


def moderations(_reading: Reading, write: AuditWriter) -> list[Block]:
    """Each second judgement beside the first, and how a difference was settled."""
    if write.variant != "moderator":
        return []
    blocks: list[Block] = []
    content = write.content
    first = {} if content is None else {one.domain: one.grade for one in content.judgements}
    for one in write.opened.view.moderations:
        judgement = one["judgement"] or {}
        moderator = write.person(one["moderator"]) or "Not assigned"
        line = f"Moderator: {moderator}{', blind' if one['blind'] else ''}."
        blocks.append(Paragraph(line))
        if one["overall"] is None:
            blocks.append(Paragraph("No judgement is recorded."))
            continue
        on = day_of(one["moderated_on"]) if one["moderated_on"] else "no date"
        agrees = "The two agree." if one["agrees"] else "The two differ."
        grade = one["grades_given"].in_words(write.opened.tool)
        blocks.append(Paragraph(f"{grade} on {on}. {agrees}"))
        if judgement.get("rationale"):
            blocks.append(Paragraph(write.text(judgement["rationale"])))
        rows = []
        for second in judgement.get("judgements", ()):
            domain, scale = second["domain"], write.scale(second["domain"])
            theirs, ours = first.get(domain), second["grade"]
            rows.append(
                [
                    write.domain(domain),
                    write.grade(theirs, scale),
                    write.grade(ours, scale),
                    "" if theirs == ours else "Differs",
                    write.text(second.get("comment", "")),
                ]
            )
        if rows:
            columns = ["Domain", "Auditor", "Moderator", "", "Moderator’s comment"]
            blocks.append(DocumentTable("The two judgements", columns, rows))
        if judgement.get("audit_quality_comment"):
            blocks.append(Paragraph(write.text(judgement["audit_quality_comment"])))
        blocks += _settled(write, one)
    return [Heading("Moderation"), *blocks] if blocks else []


def _settled(write: AuditWriter, one: Mapping[str, Any]) -> list[Block]:
    """How a difference was settled: by conversation, or by a decision on a dispute."""
    titles = {
        "conversation": "The conversation",
        "consensus": "What both agreed",
        "dispute": "The dispute",
        "decision": "The decision",
    }
    blocks: list[Block] = []
    for key, title in titles.items():
        value = one[key] or ()
        texts = []
        for entry in value if isinstance(value, list) else [value]:
            if not entry:
                continue
            if grade := entry.get("grade") or entry.get("overall"):
                texts.append(f"{write.grade(grade)}.")
            for settled in () if entry.get("overall") else entry.get("judgements", ()):
                domain = settled["domain"]
                graded = write.grade(settled["grade"], write.scale(domain))
                texts.append(f"{write.domain(domain)}: {graded}.")
            texts += [write.text(text) for name, text in entry.items() if _is_text(name, text)]
        if texts:
            blocks += [Heading(title, 3), *map(Paragraph, texts)]
    return blocks


def _is_text(name: str, value: Any) -> bool:
    """Whether a value is what somebody wrote, and no code of ours."""
    return isinstance(value, str) and " " in value.strip() and name not in ("by", "grade")


PARTS = PagePart("audits/document", "moderations", moderations)
