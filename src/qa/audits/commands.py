"""What can be asked of case audits, from allocating one to taking its final grade back."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from qa.audits.judgements import AuditContent
from qa.core.command import Command
from qa.core.fields import FieldWords, choice, day, long_text, reason_text, several, target
from qa.core.frozen import Frozen

CorrectionKind = Literal["typo", "fact", "typing"]
"""`typing`: more than a slip, of which somebody else says that it changes nothing."""


_EXCEPTION = long_text(
    "Why is this auditor needed all the same?",
    "The reason is recorded with your name, and counted in reports.",
    longest=4000,
)


class AuditMade(Frozen):
    """The id of an audit, and the reference that people say to one another."""

    audit: str
    reference: str


class AllocateAudit(Command, writes="case-audit:{audit}", result=AuditMade):
    """Allocate an audit to an auditor. `exception` records why a rule of independence is set
    aside."""

    child: Annotated[
        str,
        Field(examples=["C-10421"]),
        FieldWords(
            label="Child’s local reference",
            hint="For example, C-10421. Never a name.",
            missing="Enter the child’s local reference.",
        ),
    ]
    tool: Annotated[
        str, Field(examples=["whole-case-file"]), choice("Tool", missing="Choose a tool.")
    ]
    team: Annotated[
        str, choice("Team whose file it is", missing="Choose the team whose file it is.")
    ]
    case_holder: Annotated[
        str | None,
        choice(
            "Case holder (optional)",
            "Who holds the case. They read the audit when its grade is final.",
        ),
    ] = None
    auditor: Annotated[str, choice("Auditor", missing="Choose an auditor.")]
    exception: Annotated[str | None, _EXCEPTION] = None
    practice_from: Annotated[
        date,
        day(
            "Practice period: first day",
            "For example, 27 3 2026",
            missing="Enter the first day of the practice period.",
        ),
    ]
    practice_to: Annotated[
        date,
        day("Practice period: last day", missing="Enter the last day of the practice period."),
    ]
    due_on: Annotated[date, day("Due", missing="Enter the day on which the audit is due.")]
    mode: Annotated[
        Literal["desktop", "collaborative", "live"],
        choice("How is the audit made?", missing="Choose how the audit is made."),
    ] = "collaborative"
    re_audit_of: Annotated[
        str | None,
        FieldWords(
            label="Repeats audit (optional)",
            hint="The reference of the audit that this one follows up.",
        ),
    ] = None


class OfAudit(Command, stream="case-audit:{audit}"):
    """What is asked of an audit that there is."""

    audit: Annotated[str, target("The id of the audit.")]


class ReassignAudit(OfAudit):
    """Hand an unfinished audit to another auditor; what the first one drafted stays with them."""

    auditor: Annotated[str, choice("New auditor")]
    exception: Annotated[str | None, _EXCEPTION] = None
    reason: Annotated[str, reason_text("Reason", missing="Say why the audit is handed over.")]


class ExtendAudit(OfAudit):
    """Move the due date to a later day; the first one stays on record."""

    due_on: Annotated[date, day("New due date", missing="Enter the new due date.")]
    reason: Annotated[str, reason_text("Reason", missing="Say why the date is moved.")]


class SubmitAudit(OfAudit, result=AuditMade):
    """Submit the audit, or a returned one again: `why` then gives the reason of each change, by
    its field, or of all (``*``)."""

    content: AuditContent
    why: Annotated[dict[str, str], FieldWords(label="Why each field was changed")] = {}


class CorrectAudit(OfAudit):
    """Put one field right; old and new both stay. A grade only until it is moderated. A change that
    goes beyond a small edit is no typing error, whatever `kind` says; as `typing` it waits for
    somebody else."""

    field: Annotated[str, Field(examples=["judgements.planning.evidence"]), choice("Which field?")]
    new: Annotated[str, FieldWords(label="New wording", widget="long")]
    kind: Annotated[
        CorrectionKind,
        choice("What kind of mistake was it?", missing="Say what kind of mistake it is."),
    ]
    reason: Annotated[str, reason_text("Reason", missing="Say why this is corrected.")]


class ConfirmTyping(OfAudit):
    """Agree that a change that somebody else made is typing; nothing that was judged lapses."""

    field: Annotated[str, choice("Which change?")]


class RefuseTyping(ConfirmTyping):
    """Leave the text as it was: the change is no typing, or is taken back."""

    reason: Annotated[str, reason_text("Reason", missing="Say why the text stays as it is.")]


class ReturnAudit(OfAudit):
    """Return a submitted audit to its author."""

    comments: Annotated[
        str,
        reason_text("What should the author do?", missing="Say what the author should do."),
    ]
    fields: Annotated[tuple[str, ...], several("Which sections is it about? (optional)")] = ()


class WithdrawAudit(OfAudit):
    """Take an audit out of the figures; its moderations and actions fall away with it."""

    reason: Annotated[str, reason_text("Reason", missing="Say why the audit is withdrawn.")]


class VoidAudit(OfAudit):
    """Declare that an audit should never have existed; it stays readable."""

    reason: Annotated[
        str, reason_text("Reason", missing="Say why the audit should never have existed.")
    ]


class ReopenAudit(OfAudit):
    """Take a final grade back."""

    reason: Annotated[str, reason_text("Reason", missing="Say why the final grade is taken back.")]


class FinaliseAudit(OfAudit):
    """Let the auditor's grade count where no moderation is asked for."""
