"""What a reader may do next with an audit: the policy table's answer where the audit stands ready.

The commands decide for themselves whether a step is taken; this only says which buttons to show.
"""

from __future__ import annotations

from dataclasses import dataclass

from projections.audits.tables import AuditRow
from qa.authorisation.policy import can
from qa.core.words import Actor, AuditStatus, Resource

_OPEN = frozenset({AuditStatus.ALLOCATED, AuditStatus.IN_PROGRESS})
_WRITABLE = _OPEN | {AuditStatus.RETURNED}
_ENDED = frozenset({AuditStatus.WITHDRAWN, AuditStatus.VOIDED})
_ALL = frozenset(AuditStatus)
_FIXED = frozenset({AuditStatus.FINALISED, AuditStatus.RETURNED, AuditStatus.DISPUTED})


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step: the page it is taken on (behind the audit's address) and the words of its button.

    With `waits` it is there only while somebody else must confirm a change as typing.
    """

    page: str
    text: str
    verb: str
    statuses: frozenset[AuditStatus]
    needs_content: bool = False
    first: bool = False
    waits: bool = False


STEPS = (
    NextStep("write", "Write the audit", "write-audit", _WRITABLE, first=True),
    NextStep(
        "finalise",
        "Make the grade final",
        "finalise-audit",
        frozenset({AuditStatus.NOT_SELECTED, AuditStatus.SUBMITTED}),
        first=True,
    ),
    NextStep(
        "correct", "Correct a field", "correct-audit", _ALL - _ENDED - _OPEN, needs_content=True
    ),
    NextStep(
        "confirm-typing",
        "Confirm a change as typing",
        "confirm-correction",
        _ALL - _ENDED - _OPEN,
        needs_content=True,
        waits=True,
    ),
    NextStep(
        "refuse-typing",
        "Leave the text as it was",
        "confirm-correction",
        _ALL - _ENDED - _OPEN,
        needs_content=True,
        waits=True,
    ),
    NextStep(
        "return",
        "Return to the author",
        "return-audit",
        _ALL - _ENDED - _OPEN - _FIXED,
        needs_content=True,
    ),
    NextStep("concern", "Raise a safeguarding concern", "raise-concern", _ALL - _ENDED),
    NextStep("reassign", "Hand to another auditor", "reassign-audit", _OPEN),
    NextStep("extend", "Move the due date", "extend-audit", _WRITABLE),
    NextStep(
        "reopen", "Take the final grade back", "reopen-audit", frozenset({AuditStatus.FINALISED})
    ),
    NextStep("withdraw", "Withdraw", "withdraw-audit", _ALL - _ENDED),
    NextStep("void", "Cancel (entered in error)", "void-audit", _ALL - {AuditStatus.VOIDED}),
)

_MODERATING = (
    "record-moderation",
    "assign-moderation",
    "read-history",
    "decide-dispute",
    "hold-conversation",
)


def next_steps(
    actor: Actor,
    resource: Resource,
    row: AuditRow,
    *,
    judgement_open: bool,
    written: bool,
    waiting: bool = False,
) -> list[NextStep]:
    """The steps open to `actor`. `written`: the audit was submitted here, not imported.

    Where the judgement is sealed from the reader nothing is offered that would tell of it.
    """
    status = AuditStatus(row.status)
    return [
        step
        for step in STEPS
        if status in step.statuses
        and (waiting or not step.waits)
        and (written or not step.needs_content)
        and (judgement_open or not step.needs_content)
        and can(actor, step.verb, resource).allowed
    ]


def may_open_moderation(actor: Actor, resource: Resource, row: AuditRow) -> bool:
    """Whether the page of the audit's moderation has something for this reader."""
    return row.moderation is not None and reads_moderation(actor, resource)


def reads_moderation(actor: Actor, resource: Resource) -> bool:
    """Whether this reader has a part in the moderation, or reads how the grade came about. The
    holder of the case, who reads the judgement, does not."""
    return any(can(actor, verb, resource).allowed for verb in _MODERATING)
