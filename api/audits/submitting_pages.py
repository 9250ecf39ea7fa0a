"""Check answers, submit, and what happens next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.audits import reading as audit_reading
from api.audits.forms import on_form, tidied
from api.audits.sections import Section
from api.audits.words import field_label, value_label
from api.audits.writing import LinkedErrors, Writing, on_desk
from api.web.changes import Trouble, new_key, once, seen, tried
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors, flat
from api.web.steps import Sent, carry_out
from projections.people import queries
from qa.audits import handlers
from qa.audits.commands import SubmitAudit
from qa.audits.comparison import changed_fields
from qa.audits.words import WHY_CHANGED
from qa.core.errors import Fault, Forbidden
from qa.core.words import AuditStatus
from qa.moderation.words import CAUSES
from qa.store.unit import Receipt

router = APIRouter()

_MOVED = "This draft was changed on another device since you opened this page. Check it again."


def answers(
    section: Section, fields: Mapping[str, str], writing: Writing, names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What was answered in a section, in words; the three boxes of a day as one."""
    shown: list[tuple[str, str]] = []
    for path, value in section.of(fields).items():
        if path.endswith((".month", ".year", ".action")):
            continue
        if path.endswith(".day"):
            path = path.removesuffix(".day")
            parts = [fields.get(f"{path}.{part}", "") for part in ("day", "month", "year")]
            value = "/".join(parts)
        label = field_label(path, writing.tool)
        shown.append((label, value_label(path, value, writing.tool, names)))
    return shown


def changes(writing: Writing, typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """For a returned audit: each field that differs from what was submitted, and why, if said."""
    before = writing.opened.view.content
    if before is None or not writing.returned:
        return []
    why = reasons_in(typed)
    return [
        {
            "path": path,
            "label": field_label(path, writing.tool),
            "old": value_label(path, old, writing.tool),
            "new": value_label(path, new, writing.tool),
            "why": why.get(path, ""),
        }
        for path, old, new in changed_fields(before, writing.filled.content)
    ]


def reasons_in(typed: Mapping[str, str]) -> dict[str, str]:
    """The coded reasons by field, ``*`` for the one that holds for all."""
    why = {
        path: typed.get(f"{name.removesuffix('.field')}.why", "")
        for name, path in typed.items()
        if name.startswith("reasons.") and name.endswith(".field")
    }
    why = {path: code for path, code in why.items() if code}
    if typed.get("every"):
        why["*"] = typed["every"]
    return why


def _check(
    reading: Reading,
    writing: Writing,
    *,
    errors: Errors | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    everybody = queries.everybody(reading.connection, with_departed=True)
    names = {one.person: one.name for one in everybody}
    fields = tidied(writing.fields)
    return reading.page(
        "audits/write_check.html",
        status=status,
        title=f"Check audit {writing.opened.row.reference}",
        back=f"/audits/{writing.audit}/write",
        as_at=None,
        errors=errors or Errors(),
        writing=writing,
        row=writing.opened.row,
        missing=LinkedErrors(writing, writing.faults).summary,
        sections=[(one, answers(one, fields, writing, names)) for one in writing.sections],
        left_out=writing.filled.left_out,
        changes=changes(writing, typed or {}),
        every=(typed or {}).get("every", ""),
        why_changed=WHY_CHANGED,
        key=new_key(),
        seen=writing.opened.row.stream_version,
    )


@router.get("/audits/{audit}/check")
def check_answers(audit: str, reading: Reader) -> Response:
    writing = on_desk(reading, audit)
    if not writing.writable:
        return RedirectResponse(f"/audits/{audit}", status_code=303)
    return _check(reading, writing)


@router.post("/audits/{audit}/check")
def submit(audit: str, form: Posted, reading: Reader, request: Request) -> Response:
    typed = flat(form)
    writing = on_desk(reading, audit)
    if not writing.writable:
        # A second press of the button: the first one did it.
        return RedirectResponse(f"/audits/{audit}/submitted", status_code=303)
    if typed.get("revision", "") != str(writing.revision):
        moved = Errors([Fault("", "draft-moved-on", _MOVED)])
        return _check(reading, writing, errors=moved, typed=typed, status=409)
    if writing.filled.faults:
        errors = LinkedErrors(writing, writing.faults)
        return _check(reading, writing, errors=errors, typed=typed, status=422)
    wanted = SubmitAudit(audit=audit, content=writing.filled.content, why=reasons_in(typed))

    def do() -> Receipt:
        sent = Sent(desk=reading.desk, by=reading.actor, once=once(form, request), seen=seen(form))
        return carry_out(handlers.submit, wanted, sent)

    done = tried(do)
    if isinstance(done, Trouble):
        errors = LinkedErrors(writing, _named(done.errors.faults, changes(writing, typed)))
        return _check(reading, writing, errors=errors, typed=typed, status=done.status)
    return RedirectResponse(f"/audits/{audit}/submitted", status_code=303)


def _named(faults: Sequence[Fault], changed: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Faults under the names of the form; a missing reason at its own select."""
    places = {f"why.{one['path']}": number for number, one in enumerate(changed)}
    found: list[Fault] = []
    for fault in faults:
        if fault.field in places:
            number = places[fault.field]
            sentence = f"Say why this was changed: {changed[number]['label']}."
            fault = Fault(f"reasons.{number}.why", fault.code, sentence)
        found.append(on_form(fault))
    return found


@router.get("/audits/{audit}/submitted")
def submitted(audit: str, reading: Reader) -> Response:
    opened = audit_reading.open_audit(
        reading.services, reading.connection, reading.actor, audit, reading.at
    )
    row = opened.row
    if row.auditor != reading.actor.person:
        raise Forbidden("Only its author sees this page.", rule="write-audit")
    if row.overall is None:
        return RedirectResponse(f"/audits/{audit}/write", status_code=303)
    current = opened.view.current_moderation
    because = [] if current is None else current["reasons"]
    return reading.page(
        "audits/write_submitted.html",
        title="Audit submitted",
        as_at=None,
        row=row,
        selected=row.status == AuditStatus.MODERATION_DUE.value,
        because=[CAUSES.get(one, one) for one in because],
        not_selected=row.status == AuditStatus.NOT_SELECTED.value,
        stands=AuditStatus(row.status).label,
    )


BUSY = (submit,)
