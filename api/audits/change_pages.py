"""Small forms on one audit: correct, return, withdraw, void, finalise, reopen, reassign, extend.

Each is shown to whoever the policy table allows, carries the version it was made from, and is shown
again with what was typed where it is refused or somebody else was first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.audits import reading as audit_reading
from api.audits.allocation_pages import only_soft
from api.audits.next_steps import STEPS, NextStep
from api.audits.reading import OpenedAudit
from api.audits.sections import sections
from api.audits.words import field_label, value_label
from api.web.access_notes import ServedLook
from api.web.boxes import FormValues
from api.web.changes import Trouble, new_key, once, seen, tried
from api.web.context import PresentReader, Reader, Reading
from api.web.csrf import Posted
from api.web.dates import date_input
from api.web.forms import Errors, flat
from api.web.late_routes import PageRouter
from api.web.moments import present
from api.web.steps import Sent, carry_out
from projections.people import queries
from qa.audit_tools.definition import ToolDefinition
from qa.audits import handlers
from qa.audits.commands import ExtendAudit
from qa.audits.correction import correctable, grades_open
from qa.audits.words import scale_at
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import require
from qa.core.clock import from_microseconds
from qa.core.command import Command
from qa.core.fields import FieldWords, field_words
from qa.core.words import AuditStatus, Role
from qa.store.unit import Receipt

router = PageRouter()

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """A small form: its command, its words, and the fields that are not taken as they are typed.
    `named` is what the form calls the field of its command."""

    handler: CommandHandler[Any]
    says: str
    read: Callable[[Typed], Mapping[str, Any]] = lambda _: {}
    named: Mapping[str, str] = field(default_factory=dict)
    warns: bool = False

    @property
    def words(self) -> Mapping[str, FieldWords]:
        """The boxes, in the order of the page."""
        command: type[Command] = self.handler.command
        described = field_words(command).items()
        return {self.named.get(name, name): each for name, each in described if not each.target}

    def command(self, audit: str, typed: Typed) -> Command:
        """Raises `Refused` for what its fields cannot hold."""
        command: type[Command] = self.handler.command
        values = {name: typed.get(self.named.get(name, name), "") for name in field_words(command)}
        return command.model_construct(None, **{**values, **self.read(typed), "audit": audit})


def _new_wording(typed: Typed) -> Mapping[str, Any]:
    return {"new": typed.get("new", "").replace("\r\n", "\n").strip()}


def _sections_named(typed: Typed) -> Mapping[str, Any]:
    named = (name.removeprefix("sections.") for name in typed if name.startswith("sections."))
    return {"fields": tuple(named)}


def _exception(typed: Typed) -> Mapping[str, Any]:
    return {"exception": typed.get("exception", "").strip() or None}


def _new_day(typed: Typed) -> Mapping[str, Any]:
    values = FormValues.of(typed)
    return {"due_on": values.day_owed("due_on", field_words(ExtendAudit)["due_on"].missing)}


FORMS: Mapping[str, Form] = {
    "correct": Form(
        handlers.correct,
        "Put one field right. Old and new wording both stay in the history. A slip of a letter "
        "leaves a completed moderation and a final grade standing; whatever goes further takes "
        "them back, unless somebody else confirms first that it is typing. A grade can be "
        "corrected until somebody has moderated it.",
        _new_wording,
    ),
    "confirm-typing": Form(
        handlers.confirm_typing,
        "Somebody says that this change is typing and alters nothing that was judged. If you "
        "agree, the text is put right and the moderation and the final grade stand.",
        named={"field": "typing"},
    ),
    "refuse-typing": Form(
        handlers.refuse_typing,
        "The text stays as it was. It can still be corrected as a matter of fact, which takes a "
        "completed moderation out of the figures.",
        named={"field": "typing"},
    ),
    "return": Form(
        handlers.send_back,
        "The author changes the audit and submits it again, with a reason for every change.",
        _sections_named,
        named={"fields": "sections"},
    ),
    "withdraw": Form(
        handlers.withdraw,
        "The audit leaves the figures; its moderations and actions fall away with it. Everything "
        "stays readable.",
        warns=True,
    ),
    "void": Form(
        handlers.void,
        "For an audit that should never have existed, such as one of the wrong child. It stays "
        "readable and counts in no figure.",
        warns=True,
    ),
    "finalise": Form(
        handlers.finalise,
        "The auditor’s grade counts from here on, because no moderation is asked for.",
    ),
    "reopen": Form(
        handlers.reopen,
        "The final grade no longer stands. A completed moderation leaves the figures.",
        warns=True,
    ),
    "reassign": Form(
        handlers.reassign,
        "The first auditor’s draft is dropped. The expected audit stays in the count.",
        _exception,
    ),
    "extend": Form(
        handlers.extend,
        "The first due date stays on record and is counted too.",
        _new_day,
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
    opened = audit_reading.open_audit(ServedLook(connection, reading.actor, now, services), audit)
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
    grades = grades_open(AuditStatus(opened.row.status), judged)
    texts = {}
    if content is not None and "field" in form.words:
        texts = correctable(content, grades=grades)
    chosen = typed.get("field", "")
    wording = typed.get("new") if "new" in typed else texts.get(chosen, "")

    def value(name: str) -> str:
        return (wording or "") if name == "new" else typed.get(name, "")

    return reading.page(
        "changes/form.html",
        status=status,
        title=f"{step.text} – audit {opened.row.reference}",
        back=f"/audits/{opened.row.audit}",
        as_at=None,
        errors=wrong,
        opened=opened,
        row=opened.row,
        step=step,
        form=form,
        value=value,
        words=form.words,
        due=date_input(typed, "due_on", field_words(ExtendAudit)["due_on"].label, wrong),
        choices=[(path, field_label(path, opened.tool)) for path in texts],
        old=None if chosen not in texts else value_label(chosen, texts[chosen], opened.tool),
        offered=_offered(chosen, opened.tool),
        sections=[
            (one.fields[0], one.title, f"sections.{one.fields[0]}" in typed)
            for one in sections(opened.tool, None if content is None else content.child_status)
        ],
        auditors=[
            (one.person, one.name)
            for one in queries.holding(connection, Role.AUDITOR, reading.today)
            if one.person != opened.row.auditor
        ],
        waiting=[
            (
                one.field,
                f"{field_label(one.field, opened.tool)}: “{one.old}” → “{one.new}”",
            )
            for one in opened.view.typing
        ],
        ask_exception=only_soft(wrong) or bool(typed.get("exception", "").strip()),
        moved_on=moved_on,
        meanwhile=_meanwhile(reading, opened, typed) if moved_on else [],
        key=new_key(),
        seen=opened.row.stream_version,
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

    def change_form(audit: str, reading: PresentReader, field: str = "") -> Response:
        opened, step, form = _opened(reading, audit, change)
        return _page(reading, opened, step, form, typed={"field": field} if field else {})

    def make_change(audit: str, form: Posted, reading: Reader, request: Request) -> Response:
        opened, step, shape = _opened(reading, audit, change)
        typed = flat(form)

        def do() -> Receipt:
            sent = Sent(
                desk=reading.desk,
                by=reading.actor,
                once=once(form, request),
                seen=seen(form),
            )
            return carry_out(shape.handler, shape.command(audit, typed), sent)

        done = tried(do, [*shape.words])
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
