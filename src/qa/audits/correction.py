"""Corrections: one field is put right, and old and new both stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Literal

from pydantic import ValidationError

from qa.audit_tools.definition import ToolDefinition
from qa.audits import events
from qa.audits.commands import ConfirmTyping, CorrectAudit, CorrectionKind, RefuseTyping
from qa.audits.comparison import texts
from qa.audits.judgements import AuditContent, DomainJudgement, field_at, leaves
from qa.audits.moderation_events import ModerationSuperseded
from qa.audits.state import CaseAudit, Typing, standing
from qa.audits.submission import SHORTFALLS, check
from qa.core.errors import Fault, Forbidden, NotFound, NotNow, refuse_any
from qa.core.event import Event
from qa.core.words import AuditStatus

_JUDGEMENTS = ("overall", "grade")
_BARRED = ("status", "consent")
"""Who took part and who consented: more than one field hangs on each, so the audit goes back."""

GRADES_OPEN = frozenset(
    {AuditStatus.SUBMITTED, AuditStatus.NOT_SELECTED, AuditStatus.MODERATION_DUE}
)


def correctable(content: AuditContent, *, grades: bool = False) -> dict[str, str]:
    """The fields a correction may touch, with their present text; grades where `grades` says that
    nobody has moderated them and none is final."""
    barred = _BARRED if grades else (*_BARRED, *_JUDGEMENTS)
    return {
        path: text
        for path, text in texts(content).items()
        if path.rpartition(".")[2] not in barred and not path.startswith("actions.")
    }


def grades_open(status: AuditStatus | None, judged: Iterable[str | None]) -> bool:
    """Whether a wrongly entered grade can be put right: it is not final, and none of the audit's
    moderations has its judgement (`judged` holds each one's overall grade)."""
    return status in GRADES_OPEN and all(overall is None for overall in judged)


def small_edit(old: str, new: str) -> bool:
    """Whether a change is no more than the mending of a slip, whoever says so.

    No word comes, goes or moves; no number and no denial changes; at most one word in ten (and
    always one) differs, by one letter, or by two in a word of eight letters or more. Less would
    throw away a moderation for a misspelling; more could turn what was found into its opposite.
    """
    was, now = _words(old), _words(new)
    if len(was) != len(now):
        return False
    changed = [(a, b) for a, b in zip(was, now, strict=True) if a != b]
    if len(changed) > max(1, len(was) // 10):
        return False
    return all(
        not _TELLING.intersection(pair)
        and not any(letter.isdigit() for word in pair for letter in word)
        and letters_apart(*pair) <= (2 if min(map(len, pair)) >= 8 else 1)
        for pair in changed
    )


_TELLING = {"no", "not", "nor", "none", "never", "now", "without", "cannot", "can't", "isn't"}


def _words(text: str) -> list[str]:
    """The words without case and the signs around them."""
    plain = (word.strip(".,;:!?()[]\"'‘’“”–-").casefold() for word in text.split())
    return [word for word in plain if word]


def letters_apart(one: str, other: str) -> int:
    """How many letters must be put in, left out, exchanged or swapped with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row, before = row, [i], row if i == 1 else before
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]


def correct(
    audit: CaseAudit,
    tool: ToolDefinition,
    command: CorrectAudit,
    *,
    today: date,
    person_exists: Callable[[str], bool],
) -> list[Event]:
    """Put one field right.

    Who corrects does not choose what lapses: whatever goes beyond a small edit of the text that a
    moderator judged, or that became final, supersedes the moderation and takes a final grade back,
    whatever it is called (ADR 0008). What is said to be `typing` waits for somebody else instead.
    """
    standing(audit)
    content = audit.content
    if content is None or not audit.submitted:
        raise NotNow("Only a submitted audit can be corrected.", code="not-submitted")
    field, new, kind = command.field, command.new, command.kind
    judged = (moderation.overall for moderation in audit.moderations.values())
    allowed = correctable(content, grades=grades_open(audit.status, judged))
    faults: list[Fault] = []
    if field not in allowed:
        faults.append(
            Fault(
                "field",
                "field-not-correctable",
                "This field cannot be corrected. A grade that was moderated or is final changes "
                "only through moderation or a dispute.",
            )
        )
    elif allowed[field] == new:
        faults.append(Fault("new", "no-change", "The new text is the same as the old."))
    elif not new.strip() and allowed[field].strip() and not field.endswith(".comment"):
        faults.append(Fault("new", "text-missing", "A correction cannot leave the field empty."))
    faults += command.faults()
    leaf = None if faults else leaves(content)[field]
    day = leaf is not None and leaf.widget == "day"
    if day:
        faults += _date_correction_faults(content, field, new, kind, today)
    if not faults:
        faults += _new_faults(content, tool, field, new, today, person_exists)
    refuse_any(faults)
    if leaf is not None and leaf.widget in ("choice", "tick"):
        return [
            events.CaseAuditChoiceCorrected(field=field, old=allowed[field], new=new),
            *supersede_completed(audit, cause="corrected"),
        ]
    as_judged = texts(audit.moderated or content).get(field, "")
    small = kind != "fact" and small_edit(as_judged, new)
    lapses = [] if small else supersede_completed(audit, cause="corrected")
    if lapses and kind == "typing" and not day:
        if field in audit.typing:
            raise NotNow(
                "Somebody else must confirm an earlier change of this field first.",
                code="typing-waits",
            )
        return [events.CaseAuditTypingAsked(field=field, old=allowed[field], new=new)]
    return [
        events.CaseAuditCorrected(
            field=field,
            old=allowed[field],
            new=new,
            kind="typo" if small else "fact",
            new_date=date.fromisoformat(new) if day else None,
        ),
        *lapses,
    ]


def decides(content: AuditContent, field: str) -> bool:
    """Whether the field is a grade by which an audit is picked for moderation or followed up."""
    if content.overall:
        return field == "overall"
    place = field_at(AuditContent, field)
    return place is not None and (place.model, place.name) == (DomainJudgement, "grade")


def confirm_typing(audit: CaseAudit, command: ConfirmTyping, *, by: str) -> list[Event]:
    """Agree that a change is typing: the text is put right, and nothing lapses.

    Raises:
        NotFound: none waits.   NotNow: the text changed meanwhile.   Forbidden: their own.
    """
    field, waiting = command.field, _waiting(audit, command.field)
    if by == waiting.by:
        raise Forbidden("Somebody else confirms that it is typing.", rule="own-correction")
    if audit.content is None or texts(audit.content).get(field) != waiting.old:
        raise NotNow("This field was changed meanwhile.", code="field-moved-on")
    return [
        events.CaseAuditTypingConfirmed(field=field),
        events.CaseAuditCorrected(field=field, old=waiting.old, new=waiting.new, kind="typo"),
    ]


def refuse_typing(audit: CaseAudit, command: RefuseTyping) -> list[Event]:
    """Say that a change is no typing, or take one's own back: the text stays as it was.

    Raises:
        NotFound: none waits.   Refused: no reason.
    """
    _waiting(audit, command.field)
    command.refuse_faults()
    return [events.CaseAuditTypingRefused(field=command.field)]


def _waiting(audit: CaseAudit, field: str) -> Typing:
    standing(audit)
    if field not in audit.typing:
        raise NotFound("No change of this field is left to confirm.")
    return audit.typing[field]


def _new_faults(
    content: AuditContent,
    tool: ToolDefinition,
    field: str,
    new: str,
    today: date,
    person_exists: Callable[[str], bool],
) -> list[Fault]:
    """The rules of a submission that the correction would break and the audit does not.

    A grade that now falls short waits for no action: whoever reads it raises that beside the audit.
    """
    try:
        after = content.corrected(field, new)
    except ValidationError:
        return [Fault("new", "choice-unknown", "Choose one of the values of this field.")]
    before = check(content, tool, today=today, person_exists=person_exists)
    found = check(after, tool, today=today, person_exists=person_exists)
    return [
        replace(fault, field="new")
        for fault in found
        if fault not in before and fault.code not in SHORTFALLS
    ]


def _date_correction_faults(
    content: AuditContent, field: str, new: str, kind: CorrectionKind, today: date
) -> list[Fault]:
    try:
        day = date.fromisoformat(new)
    except ValueError:
        return [Fault("new", "date-impossible", "Enter a real date, like 2026-03-31.")]
    faults: list[Fault] = []
    if kind != "fact":
        faults.append(
            Fault("kind", "date-is-fact", "A date is a matter of fact: correct it as a fact.")
        )
    if day > today:
        faults.append(Fault("new", "date-future", "The date must not be in the future."))
    dates = {
        "practice_from": content.practice_from,
        "practice_to": content.practice_to,
        "audit_date": content.audit_date,
    }
    if field in dates:
        dates[field] = day
        if not dates["practice_from"] <= dates["practice_to"] <= dates["audit_date"]:
            faults.append(
                Fault(
                    "new",
                    "dates-reversed",
                    "The practice period must begin before it ends, and end by the audit date.",
                )
            )
    return faults


def supersede_completed(
    audit: CaseAudit, *, cause: Literal["corrected", "returned", "reopened"]
) -> list[Event]:
    """Events that take completed moderations out of the rates; a final grade falls with them, and
    where nobody moderated it when the audit is rewritten."""
    out: list[Event] = [
        ModerationSuperseded(moderation=moderation.id, cause=cause)
        for moderation in audit.moderations.values()
        if moderation.status.completed
    ]
    final = audit.status is AuditStatus.FINALISED and audit.final_grade is not None
    if final and (out or cause == "corrected"):
        assert audit.final_grade is not None
        out.append(events.CaseAuditReopened(was=audit.final_grade))
    return out
