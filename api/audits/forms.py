"""From the fields of a form, as typed, to what an auditor submits, and back.

Fields are flat dotted names, the same that `qa.audits.submission` uses for its faults, with three
differences that forms need: a day has three boxes (``audit_date.day``), the comment on an answer
is ``judgements.<domain>.comments.<question>``, and a domain that does not apply has the grade
``-``. Actions and strengths are numbered from 0; rows in which nothing is typed do not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from api.web.dates import day_in, parts_of
from qa.audit_tools.definition import ChildStatus, Domain, ToolDefinition
from qa.audits import submission
from qa.audits.judgements import AuditContent
from qa.core.errors import Fault, Refused

NOT_APPLICABLE = "-"
DAYS = ("audit_date", "practice_from", "practice_to")
_LISTS = ("actions", "strengths")
_UNTOLD = {
    "audit_date": "Enter the date of the audit.",
    "practice_from": "Enter the first day of the practice period.",
    "practice_to": "Enter the last day of the practice period.",
}


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form as an audit. Where `faults` is not empty, `content` holds stand-ins in the places
    they name, and must not be submitted. `left_out` are domains with answers that no longer apply.
    """

    content: AuditContent
    faults: tuple[Fault, ...]
    left_out: tuple[Domain, ...] = ()


def applicable(tool: ToolDefinition, status: ChildStatus | None) -> list[Domain]:
    """The domains asked about a child; those for certain children only once that is known."""
    return [
        domain
        for domain in tool.domains
        if not domain.applies_to or (status is not None and domain.applies(status))
    ]


def status_in(fields: Mapping[str, str]) -> ChildStatus | None:
    given = fields.get("child_status", "")
    return ChildStatus(given) if given in set(ChildStatus) else None


def rows(fields: Mapping[str, str], name: str) -> list[dict[str, str]]:
    """The rows of a numbered list in which somebody typed something, in order."""
    found: dict[int, dict[str, str]] = {}
    for path, value in fields.items():
        match = re.fullmatch(rf"{name}\.(\d{{1,4}})\.(.+)", path)
        if match:
            found.setdefault(int(match[1]), {})[match[2]] = value
    # The id and the domain come ready-made: a row that holds no more was left empty.
    return [
        row
        for _, row in sorted(found.items())
        if any(v.strip() for k, v in row.items() if k not in ("action", "domain"))
    ]


def tidied(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields with line ends as one character, empty ones dropped, and lists numbered anew."""
    kept = {
        name: value.replace("\r\n", "\n")
        for name, value in fields.items()
        if value.strip() and name.partition(".")[0] not in _LISTS
    }
    for name in _LISTS:
        for number, row in enumerate(rows(fields, name)):
            kept |= {
                f"{name}.{number}.{part}": value.replace("\r\n", "\n")
                for part, value in row.items()
                if value.strip()
            }
    return kept


class _Form:
    """Reads fields and notes what is wrong with them."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.faults: list[Fault] = []

    def text(self, name: str) -> str:
        return self.fields.get(name, "").strip()

    def day(self, name: str, missing: str, stand_in: date) -> date:
        try:
            day = day_in(self.fields, name)
        except ValueError:
            self.faults.append(Fault(name, "date-impossible", "Enter a real date."))
            return stand_in
        if day is None:
            self.faults.append(Fault(name, "date-missing", missing))
            return stand_in
        return day

    def choice(self, name: str, allowed: Mapping[str, str] | set[str], missing: str) -> str | None:
        given = self.text(name)
        if given in allowed:
            return given
        self.faults.append(Fault(name, "choice-missing", missing))
        return None


def read(fields: Mapping[str, str], tool: ToolDefinition, *, today: date) -> FilledForm:
    """Read a form.

    Raises:
        Refused: the form holds something that no page of ours sends.
    """
    form = _Form(fields)
    status = status_in(fields)
    data: dict[str, Any] = {name: form.day(name, _UNTOLD[name], today) for name in DAYS}
    if status is None:
        form.faults.append(
            Fault("child_status", "choice-missing", "Choose the status of the child.")
        )
    domains = applicable(tool, status)
    data |= {
        "child_status": status or ChildStatus.CHILD_IN_NEED,
        "judgements": [_judgement(form, domain) for domain in domains],
        "overall": form.text("overall"),
        "rationale": form.text("rationale"),
        "strengths": [
            {"text": row.get("text", "").strip(), "domain": row.get("domain", "").strip() or None}
            for row in rows(fields, "strengths")
        ],
        "involvement": _involvement(form),
        "feedback": _feedback(form),
        "actions": [_action(form, n, today) for n in range(len(rows(fields, "actions")))],
        "no_action_reason": form.text("no_action_reason"),
        "overrides": [{"rule": rule, "reason": why} for rule, why in _beneath(form, "overrides")],
        "no_action_reasons": [
            {"domain": domain, "reason": why} for domain, why in _beneath(form, "no_action_reasons")
        ],
    }
    try:
        content = AuditContent.model_validate(data)
    except ValidationError as wrong:
        raise Refused(
            Fault(".".join(map(str, one["loc"])), one["type"], "Choose one of the answers.")
            for one in wrong.errors()
        ) from None
    # A reason typed before the grade or the actions changed is asked for no more.
    asked = {domain.id for domain in submission.unanswered(content, tool)}
    kept = tuple(one for one in content.no_action_reasons if one.domain in asked)
    content = content.model_copy(update={"no_action_reasons": kept})
    left = [
        domain
        for domain in tool.domains
        if domain not in domains
        and any(f.startswith(f"judgements.{domain.id}.") and v for f, v in fields.items())
    ]
    return FilledForm(content, tuple(form.faults), tuple(left))


def _beneath(form: _Form, name: str) -> list[tuple[str, str]]:
    """What was typed in the fields named ``<name>.<what it is about>``."""
    return [
        (path.removeprefix(f"{name}."), text.strip())
        for path, text in form.fields.items()
        if path.startswith(f"{name}.") and text.strip()
    ]


def _judgement(form: _Form, domain: Domain) -> dict[str, Any]:
    at = f"judgements.{domain.id}"
    grade, reason = form.text(f"{at}.grade"), form.text(f"{at}.not_applicable_reason")
    if grade == NOT_APPLICABLE:
        grade = ""
        if not reason:
            form.faults.append(
                Fault(
                    f"{at}.not_applicable_reason",
                    "reason-missing",
                    f"Say why {domain.title} does not apply.",
                )
            )
    return {
        "domain": domain.id,
        "grade": grade or None,
        "evidence": form.text(f"{at}.evidence"),
        "not_applicable_reason": reason,
        "answers": [
            {"question": q.id, "point": point, "comment": form.text(f"{at}.comments.{q.id}")}
            for q in domain.questions
            if (point := form.text(f"{at}.answers.{q.id}"))
        ],
    }


def _involvement(form: _Form) -> dict[str, Any] | None:
    status = form.text("involvement.status")
    return {"status": status, "note": form.text("involvement.note")} if status else None


def _feedback(form: _Form) -> dict[str, Any] | None:
    status = form.text("feedback.status")
    if not status:
        return None
    try:
        on = day_in(form.fields, "feedback.on")
    except ValueError:
        on = None
        form.faults.append(Fault("feedback.on", "date-impossible", "Enter a real date."))
    told = {name: form.text(f"feedback.{name}") for name in ("who", "how", "said", "note")}
    consent = form.text("feedback.consent") == "yes"
    return {"status": status, "on": on, "consent": consent, **told}


def _action(form: _Form, number: int, today: date) -> dict[str, Any]:
    row = rows(form.fields, "actions")[number]
    at = f"actions.{number}"
    numbered = _Form({f"{at}.{part}": value for part, value in row.items()})
    kinds = {"compliance", "practice", "outcome-for-child"}
    read_row = {
        "action": numbered.text(f"{at}.action"),
        "text": numbered.text(f"{at}.text"),
        "kind": numbered.choice(f"{at}.kind", kinds, "Choose what kind of action it is.")
        or "practice",
        "owner": numbered.text(f"{at}.owner"),
        "due_on": numbered.day(f"{at}.due_on", "Enter the day it is due.", today),
        "domain": numbered.text(f"{at}.domain") or None,
    }
    form.faults += numbered.faults
    return read_row


def faults_of(
    filled: FilledForm,
    tool: ToolDefinition,
    *,
    today: date,
    person_exists: Callable[[str], bool],
) -> list[Fault]:
    """All that keeps the form from being submitted, named as the form names its fields."""
    said = {fault.field for fault in filled.faults}
    if said & set(DAYS):
        said |= set(DAYS)
    # One sentence is enough where a domain is said not to apply, but not why.
    said |= {
        f"{field.removesuffix('.not_applicable_reason')}.grade"
        for field in said
        if field.endswith(".not_applicable_reason")
    }
    checked = submission.check(filled.content, tool, today=today, person_exists=person_exists)
    return [*filled.faults, *(on_form(fault) for fault in checked if fault.field not in said)]


def on_form(fault: Fault) -> Fault:
    """A fault of a submission under the name that its field has on the form."""
    match = re.fullmatch(r"judgements\.([^.]+)\.answers\.([^.]+)\.comment", fault.field)
    if match is None:
        return fault
    return Fault(f"judgements.{match[1]}.comments.{match[2]}", fault.code, fault.sentence)


def fields_of(content: AuditContent) -> dict[str, str]:
    """What was submitted as the fields of the form, for an audit that was returned."""
    fields: dict[str, str] = {}
    for name in DAYS:
        fields |= parts_of(getattr(content, name), name)
    fields["child_status"] = content.child_status.value
    for judgement in content.judgements:
        at = f"judgements.{judgement.domain}"
        given = judgement.grade or (NOT_APPLICABLE if judgement.not_applicable_reason else "")
        fields[f"{at}.grade"] = given
        fields[f"{at}.evidence"] = judgement.evidence
        fields[f"{at}.not_applicable_reason"] = judgement.not_applicable_reason
        for answer in judgement.answers:
            fields[f"{at}.answers.{answer.question}"] = answer.point
            fields[f"{at}.comments.{answer.question}"] = answer.comment
    for number, strength in enumerate(content.strengths):
        fields[f"strengths.{number}.text"] = strength.text
        fields[f"strengths.{number}.domain"] = strength.domain or ""
    if content.involvement is not None:
        fields["involvement.status"] = content.involvement.status
        fields["involvement.note"] = content.involvement.note
    if content.feedback is not None:
        feedback = content.feedback
        for name in ("status", "who", "how", "said", "note"):
            fields[f"feedback.{name}"] = getattr(feedback, name)
        fields["feedback.consent"] = "yes" if feedback.consent else ""
        fields |= parts_of(feedback.on, "feedback.on")
    for number, action in enumerate(content.actions):
        at = f"actions.{number}"
        for name in ("action", "text", "kind", "owner"):
            fields[f"{at}.{name}"] = getattr(action, name)
        fields[f"{at}.domain"] = action.domain or ""
        fields |= parts_of(action.due_on, f"{at}.due_on")
    fields |= {
        "overall": content.overall,
        "rationale": content.rationale,
        "no_action_reason": content.no_action_reason,
        **{f"overrides.{one.rule}": one.reason for one in content.overrides},
        **{f"no_action_reasons.{one.domain}": one.reason for one in content.no_action_reasons},
    }
    return {name: value for name, value in fields.items() if value}
