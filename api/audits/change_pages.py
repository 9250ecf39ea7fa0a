"""Small forms on one audit: correct, return, withdraw, void, finalise, reopen, reassign, extend.

Each is shown to whoever the policy table allows, carries the version it was made from, and is shown
again with what was typed where it is refused or somebody else was first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.audits import reading as audit_reading
from api.audits.allocation_pages import only_soft
from api.audits.next_steps import STEPS, NextStep
from api.audits.reading import OpenedAudit
from api.audits.sections import sections
from api.audits.words import field_label, value_label
from api.web.changes import Trouble, flat, new_key, once, seen, tried
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.dates import date_input, day_in
from api.web.forms import Errors
from api.web.moments import present
from projections.people import queries
from qa.audit_tools.definition import ToolDefinition
from qa.audits.commands import case_audits, endings
from qa.audits.correction import CorrectionKind, correctable, grades_open
from qa.audits.words import scale_at
from qa.authorisation.context import Desk
from qa.authorisation.policy import require
from qa.core.clock import from_microseconds
from qa.core.errors import Refused
from qa.core.words import AuditStatus, Role
from qa.store.unit import Receipt

router = APIRouter()

Typed = Mapping[str, str]
Do = Callable[[Desk, str, Typed, Mapping[str, Any]], Receipt]


@dataclass(frozen=True, slots=True)
class Form:
    """A small form: its fields in the order of the page, its words, and its command."""

    fields: tuple[str, ...]
    says: str
    do: Do
    warns: bool = False


def _correct(desk: Desk, audit: str, typed: Typed, made: Mapping[str, Any]) -> Receipt:
    kind = typed.get("kind", "")
    if kind not in get_args(CorrectionKind):
        raise Refused("Say what kind of mistake it is.", field="kind", code="kind-missing")
    return case_audits.correct(
        desk,
        audit=audit,
        field=typed.get("field", ""),
        new=typed.get("new", "").replace("\r\n", "\n").strip(),
        kind=cast(CorrectionKind, kind),
        reason=typed.get("reason", ""),
        **made,
    )


def _confirm_typing(desk: Desk, audit: str, typed: Typed, made: Mapping[str, Any]) -> Receipt:
    return case_audits.confirm_typing(desk, audit=audit, field=typed.get("typing", ""), **made)


def _refuse_typing(desk: Desk, audit: str, typed: Typed, made: Mapping[str, Any]) -> Receipt:
    return case_audits.refuse_typing(
        desk, audit=audit, field=typed.get("typing", ""), reason=typed.get("reason", ""), **made
    )


def _return(desk: Desk, audit: str, typed: Typed, made: Mapping[str, Any]) -> Receipt:
    named = tuple(name.removeprefix("sections.") for name in typed if name.startswith("sections."))
    return case_audits.send_back(
        desk, audit=audit, comments=typed.get("comments", ""), fields=named, **made
    )


def _reassign(desk: Desk, audit: str, typed: Typed, made: Mapping[str, Any]) -> Receipt:
    return case_audits.reassign(
        desk,
        audit=audit,
        auditor=typed.get("auditor", ""),
        reason=typed.get("reason", ""),
        exception=typed.get("exception", "").strip() or None,
        **made,
    )


def _extend(desk: Desk, audit: str, typed: Typed, made: Mapping[str, Any]) -> Receipt:
    try:
        day = day_in(typed, "due_on")
    except ValueError:
        raise Refused("Enter a real date.", field="due_on", code="date-impossible") from None
    if day is None:
        raise Refused("Enter the new due date.", field="due_on", code="date-missing")
    return case_audits.extend(desk, audit=audit, due_on=day, reason=typed.get("reason", ""), **made)


def _ending(command: Callable[..., Receipt]) -> Do:
    def do(desk: Desk, audit: str, typed: Typed, made: Mapping[str, Any]) -> Receipt:
        return command(desk, audit=audit, reason=typed.get("reason", ""), **made)

    return do


def _finalise(desk: Desk, audit: str, typed: Typed, made: Mapping[str, Any]) -> Receipt:
    return endings.finalise(desk, audit=audit, **made)


FORMS: Mapping[str, Form] = {
    "correct": Form(
        ("field", "new", "kind", "reason"),
        "Put one field right. Old and new wording both stay in the history. A slip of a letter "
        "leaves a completed moderation and a final grade standing; whatever goes further takes "
        "them back, unless somebody else confirms first that it is typing. A grade can be "
        "corrected until somebody has moderated it.",
        _correct,
    ),
    "confirm-typing": Form(
        ("typing",),
        "Somebody says that this change is typing and alters nothing that was judged. If you "
        "agree, the text is put right and the moderation and the final grade stand.",
        _confirm_typing,
    ),
    "refuse-typing": Form(
        ("typing", "reason"),
        "The text stays as it was. It can still be corrected as a matter of fact, which takes a "
        "completed moderation out of the figures.",
        _refuse_typing,
    ),
    "return": Form(
        ("comments", "sections"),
        "The author changes the audit and submits it again, with a reason for every change.",
        _return,
    ),
    "withdraw": Form(
        ("reason",),
        "The audit leaves the figures; its moderations and actions fall away with it. Everything "
        "stays readable.",
        _ending(endings.withdraw),
        warns=True,
    ),
    "void": Form(
        ("reason",),
        "For an audit that should never have existed, such as one of the wrong child. It stays "
        "readable and counts in no figure.",
        _ending(endings.void),
        warns=True,
    ),
    "finalise": Form(
        (),
        "The auditor’s grade counts from here on, because no moderation is asked for.",
        _finalise,
    ),
    "reopen": Form(
        ("reason",),
        "The final grade no longer stands. A completed moderation leaves the figures.",
        _ending(endings.reopen),
        warns=True,
    ),
    "reassign": Form(
        ("auditor", "exception", "reason"),
        "The first auditor’s draft is dropped. The expected audit stays in the count.",
        _reassign,
    ),
    "extend": Form(
        ("due_on", "reason"),
        "The first due date stays on record and is counted too.",
        _extend,
    ),
}
_STEPS: Mapping[str, NextStep] = {step.page: step for step in STEPS}


def _opened(reading: Reading, audit: str, change: str) -> tuple[OpenedAudit, NextStep, Form]:
    """The audit as it is now, for somebody who may change it so.

    Raises:
        NotFound: no such audit.   Forbidden: the policy says no.
    """
    step, form = _STEPS[change], FORMS[change]
    services, connection = reading.services, reading.connection
    now = present(services.store, connection, reading.actor)
    opened = audit_reading.open_audit(services, connection, reading.actor, audit, now)
    require(reading.actor, step.verb, opened.resource)
    if step.needs_content:
        require(reading.actor, "read-judgement", opened.resource)
    return opened, step, form


def _page(
    reading: Reading,
    opened: OpenedAudit,
    step: NextStep,
    form: Form,
    *,
    typed: Typed,
    errors: Errors | None = None,
    status: int = 200,
    moved_on: bool = False,
) -> Response:
    wrong = errors or Errors()
    content = opened.view.content
    connection = reading.connection
    judged = (moderation["overall"] for moderation in opened.view.moderations)
    grades = grades_open(AuditStatus(opened.row["status"]), judged)
    texts = {}
    if content is not None and "field" in form.fields:
        texts = correctable(content, grades=grades)
    field = typed.get("field", "")
    wording = typed.get("new") if "new" in typed else texts.get(field, "")

    def value(name: str) -> str:
        return (wording or "") if name == "new" else typed.get(name, "")

    return reading.page(
        "changes/form.html",
        status=status,
        title=f"{step.text} – audit {opened.row['reference']}",
        back=f"/audits/{opened.row['audit']}",
        as_at=None,
        errors=wrong,
        opened=opened,
        row=opened.row,
        step=step,
        form=form,
        value=value,
        due=date_input(typed, "due_on", "New due date", wrong),
        choices=[(path, field_label(path, opened.tool)) for path in texts],
        old=None if field not in texts else value_label(field, texts[field], opened.tool),
        offered=_offered(field, opened.tool),
        sections=[
            (one.fields[0], one.title, f"sections.{one.fields[0]}" in typed)
            for one in sections(opened.tool, None if content is None else content.child_status)
        ],
        auditors=[
            (one.person, one.name)
            for one in queries.holding(connection, Role.AUDITOR, reading.today)
            if one.person != opened.row["auditor"]
        ],
        waiting=[
            (
                one["field"],
                f"{field_label(one['field'], opened.tool)}: “{one['old']}” → “{one['new']}”",
            )
            for one in opened.view.typing
        ],
        ask_exception=only_soft(wrong) or bool(typed.get("exception", "").strip()),
        moved_on=moved_on,
        meanwhile=_meanwhile(reading, opened, typed) if moved_on else [],
        key=new_key(),
        seen=opened.row["stream_version"],
    )


def _offered(field: str, tool: ToolDefinition) -> list[tuple[str, str]]:
    """What a grade or an answer can be corrected to; nothing where text is typed."""
    scale = scale_at(field, tool)
    return [] if scale is None else [(point.code, point.label) for point in scale.points]


def _meanwhile(reading: Reading, opened: OpenedAudit, typed: Typed) -> list[dict[str, Any]]:
    """What was recorded since the form was made, for a reader to whom the judgement is open."""
    made_from = int(typed.get("seen", "0")) if typed.get("seen", "").isdecimal() else 0
    if not opened.judgement_open:
        return []
    now = present(reading.services.store, reading.connection, reading.actor)
    entries = audit_reading.history(reading.connection, reading.actor, opened, now, limit=10_000)
    return [
        {**entry, "at": from_microseconds(entry["recorded_us"])}
        for entry in entries
        if entry["stream_version"] > made_from
    ]


def _add(change: str) -> None:
    """The form's page and the place it is posted to."""

    def change_form(audit: str, reading: Reader, field: str = "") -> Response:
        opened, step, form = _opened(reading, audit, change)
        return _page(reading, opened, step, form, typed={"field": field} if field else {})

    def make_change(audit: str, form: Posted, reading: Reader, request: Request) -> Response:
        opened, step, shape = _opened(reading, audit, change)
        typed = flat(form)
        done = tried(
            lambda: shape.do(
                reading.desk,
                audit,
                typed,
                {"seen": seen(form), "by": reading.actor, "once": once(form, request)},
            ),
            shape.fields,
        )
        if isinstance(done, Trouble):
            return _page(
                reading,
                opened,
                step,
                shape,
                typed=typed,
                errors=done.errors,
                status=done.status,
                moved_on=done.moved_on,
            )
        return RedirectResponse(f"/audits/{audit}?done={change}", status_code=303)

    router.add_api_route(f"/audits/{{audit}}/{change}", change_form, methods=["GET"])
    router.add_api_route(f"/audits/{{audit}}/{change}", make_change, methods=["POST"])


for _change in FORMS:
    _add(_change)
