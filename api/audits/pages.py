"""One audit: what it is about, what was judged, what counts, and what can be done next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from starlette.responses import Response

from api.audits import reading as audit_reading
from api.audits.document import VARIANTS, Variant, audit_document
from api.audits.next_steps import may_open_moderation, next_steps
from api.audits.reading import OpenedAudit
from api.audits.words import field_label, stated_texts
from api.lists.files import download
from api.reports.documents import render_report
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from projections.audits import child_queries
from qa.audit_tools.definition import ToolDefinition
from qa.audits import words as audit_words
from qa.audits.judgements import AuditContent
from qa.audits.limits import limits
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import Refused
from qa.core.words import AuditStatus, ModerationStatus, Scale
from qa.moderation.words import CAUSES

router = PageRouter()

DONE = {
    "allocated": "The audit is allocated.",
    "correct": "It is recorded, or somebody else must confirm it first. The old wording stays.",
    "confirm-typing": "The text is put right as typing. What was judged stands.",
    "refuse-typing": "The text stays as it was.",
    "return": "The audit is back with its author.",
    "withdraw": "The audit is withdrawn. It stays readable and leaves the figures.",
    "void": "The audit is cancelled (entered in error). It stays readable and leaves the figures.",
    "finalise": "The auditor’s grade is now final.",
    "reopen": "The final grade is taken back.",
    "reassign": "The audit is handed over.",
    "extend": "The due date is moved. The first one stays on record.",
}


def graded(scale: Scale | None, code: str | None) -> dict[str, str] | None:
    """A grade as its label and letter, or None where there is none."""
    if not code:
        return None
    point = None if scale is None else scale.point(code)
    if point is None:
        return {"label": code, "letter": code[:1].upper()}
    return {"label": point.label, "letter": point.short or point.label[:1], "means": point.meaning}


def judgements(content: AuditContent, tool: ToolDefinition) -> list[dict[str, Any]]:
    """Every domain in the order of the tool, with what good looks like and what was judged."""
    given = {one.domain: one for one in content.judgements}
    shown: list[dict[str, Any]] = []
    for domain in tool.domains:
        judged = given.get(domain.id)
        if judged is None:
            continue
        questions = {question.id: question for question in domain.questions}
        shown.append(
            {
                "id": domain.id,
                "title": domain.title,
                "good_looks_like": domain.good_looks_like,
                "grade": graded(tool.scale_of(domain.scale), judged.grade),
                "descriptor": domain.descriptor(judged.grade or ""),
                "evidence": judged.evidence,
                "not_applicable": judged.not_applicable_reason,
                "answers": [
                    (
                        questions[answer.question].text,
                        _answer(tool, questions[answer.question].scale, answer.point),
                        answer.comment,
                    )
                    for answer in judged.answers
                    if answer.question in questions
                ],
            }
        )
    return shown


def _answer(tool: ToolDefinition, scale: str, point: str) -> str:
    found = tool.scale_of(scale)
    return point if found is None else found.label(point)


def working(content: AuditContent, tool: ToolDefinition) -> list[dict[str, Any]]:
    """The limiting rules with what met them, whether they cap, and why one was set aside."""
    aside = {one.rule: one.reason for one in content.overrides}
    return [
        {
            "why": rule.why or rule.id,
            "what": tool.what_is_capped(rule),
            "cap": tool.cap_in_words(rule),
            "met": met,
            "needs": rule.at_least,
            "caps": caps,
            "aside": aside.get(rule.id, ""),
        }
        for rule, met, caps in limits(content, tool)
    ]


def imported_words(stated: Mapping[str, Any], tool: ToolDefinition) -> list[dict[str, Any]]:
    """The grades that an imported file stated, domain by domain."""
    shown: list[dict[str, Any]] = []
    for one in stated["judgements"]:
        domain = tool.domain(one["domain"])
        scale = None if domain is None else tool.scale_of(domain.scale)
        title = one["domain"] if domain is None else domain.title
        shown.append({"title": title, "grade": graded(scale, one["grade"])})
    return shown


def moderation_words(opened: OpenedAudit) -> list[dict[str, Any]]:
    """The audit's moderations in a few words each, the latest last."""
    scale = opened.tool.overall_scale
    return [
        {
            "status": ModerationStatus(one["status"]).value.replace("-", " ").capitalize(),
            "moderator": opened.name(one["moderator"]),
            "due_on": one["due_on"],
            "on": one["moderated_on"],
            "judged": one["overall"] is not None,
            "grade": graded(scale, one["overall"]),
            "by_domain": one["grades_given"].in_words(opened.tool),
            "agrees": one["agrees"],
            "blind": bool(one["blind"]),
            "because": [CAUSES.get(r, r) for r in one["reasons"]],
        }
        for one in opened.view.moderations
    ]


def related(reading: Reading, opened: OpenedAudit) -> list[dict[str, str]]:
    """The audit that this one repeats, if the reader may see it, and those that repeat it."""
    if not opened.row.child:
        return []
    rows = child_queries.of_child(
        reading.connection, reading.reach, opened.row.child, position=reading.at.position
    )
    here, earlier = opened.row.audit, opened.row.re_audit_of
    return [
        {
            "audit": row.audit,
            "reference": row.reference,
            "how": "Repeats" if row.audit == earlier else "Repeated by",
        }
        for row in rows
        if row.audit == earlier or row.re_audit_of == here
    ]


def tabs(reading: Reading, audit: str, active: str) -> list[dict[str, Any]]:
    """The pages of one audit."""
    return [
        {"text": text, "href": reading.link(f"/audits/{audit}{rest}"), "active": active == text}
        for text, rest in (("Audit", ""), ("History", "/history"))
    ]


@router.get("/audits/{audit}")
def read_audit(audit: str, reading: Reader, done: str = "") -> Response:
    opened = audit_reading.open_audit(reading, audit)
    audit_reading.note_view(reading.services, reading.actor, opened, reading.at)
    row, tool, content = opened.row, opened.tool, opened.view.content
    steps = []
    if not reading.at.is_past:
        steps = next_steps(
            reading.actor,
            opened.resource,
            row,
            judgement_open=opened.judgement_open,
            written=content is not None,
            waiting=bool(opened.view.typing),
        )
    stated, parts = opened.view.imported, reading.parts("audits/read.html", opened)
    return reading.page(
        "audits/read.html",
        record_name=f"audit:{audit}",
        title=f"Audit {row.reference}",
        opened=opened,
        row=row,
        tool=tool,
        content=content,
        stands=AuditStatus(row.status),
        said=DONE.get(done) or parts.get("responded"),
        overall=graded(tool.overall_scale, row.overall),
        final=graded(tool.overall_scale, row.final_grade),
        final_from=audit_words.FINAL_SOURCES.get(row.final_source or "", ""),
        titles={domain.id: domain.title for domain in tool.domains},
        judged=[] if content is None else judgements(content, tool),
        rules=[] if content is None else working(content, tool),
        stated=stated,
        stated_judgements=[] if stated is None else imported_words(stated, tool),
        stated_texts=stated_texts(stated, tool),
        corrected=[field_label(one, tool) for one in sorted(opened.view.corrected)],
        taken_back=graded(tool.overall_scale, row.taken_back),
        waiting=[
            {**one._asdict(), "label": field_label(one.field, tool), "name": opened.name(one.by)}
            for one in opened.view.typing
            if opened.judgement_open
        ],
        moderations=moderation_words(opened),
        moderation_open=may_open_moderation(reading.actor, opened.resource, row),
        related=related(reading, opened),
        steps=steps,
        words=audit_words,
        tabs=tabs(reading, audit, "Audit"),
        documents=_documents(reading, opened),
        # The holder of the case reads the audit, and neither its history nor the child's others.
        reads_on=not opened.judgement_open
        or can(reading.actor, "read-history", opened.resource).allowed,
        **parts,
    )


def _documents(reading: Reading, opened: OpenedAudit) -> list[tuple[str, list[tuple[str, str]]]]:
    """The documents of this audit that the reader may take out, each as Word and PDF."""
    judged = opened.view.content is not None or opened.view.imported is not None
    if not (judged and opened.judgement_open and can(reading.actor, "export").allowed):
        return []
    here = f"/audits/{opened.row.audit}/document"
    return [
        (
            title,
            [
                (name, reading.link(f"{here}.{kind}", {"variant": variant}))
                for kind, name in (("docx", "Word"), ("pdf", "PDF"))
            ],
        )
        for variant, title in VARIANTS.items()
        if variant != "moderator" or opened.view.moderations
    ]


@router.get("/audits/{audit}/document.{kind}")
def download_audit(
    audit: str, kind: Literal["docx", "pdf"], reading: Reader, variant: Variant = "worker"
) -> Response:
    """One audit as Word or PDF, at the moment of its page."""
    require(reading.actor, "export")
    if reading.wrong:
        raise Refused(reading.wrong.faults)
    opened = audit_reading.open_audit(reading, audit)
    made = audit_document(reading, opened, variant)
    name = f"audit-{opened.row.reference}-{variant}.{kind}"
    reading.note(audit_reading.subject_of(opened), name, what=What.EXPORT, role=opened.role)
    return download(render_report(made, kind), f"{reading.at.file_stamp}-{name}", reading.at)
