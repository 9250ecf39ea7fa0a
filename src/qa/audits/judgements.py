"""The values that judgements are made of: what an auditor submits and what a moderator answers.

Events hold them, decisions weigh them, and the API takes them in; they are the same everywhere.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args

from qa.audit_tools.definition import ChildStatus
from qa.core.frozen import Frozen, SealedText, is_sealed


class Answer(Frozen):
    """The point chosen on one question's scale."""

    question: str
    point: str
    comment: SealedText = ""


class DomainJudgement(Frozen):
    """A grade for one domain with its evidence, or not applicable with its reason."""

    domain: str
    grade: str | None = None
    evidence: SealedText = ""
    not_applicable_reason: SealedText = ""
    answers: tuple[Answer, ...] = ()


class Strength(Frozen):
    text: SealedText
    domain: str | None = None


class Involvement(Frozen):
    """Whether the practitioner took part in the audit, and if not, why."""

    status: Literal["took-part", "declined", "not-reached", "not-appropriate"]
    note: SealedText = ""


class FamilyFeedback(Frozen):
    """What the child or family said about the help they had, or why they were not asked."""

    status: Literal["obtained", "declined", "not-reached", "not-appropriate"]
    who: str = ""
    how: str = ""
    on: date | None = None
    consent: bool = False
    said: SealedText = ""
    note: SealedText = ""


class PlannedAction(Frozen):
    """An action as the auditor raises it: one accountable owner and one due date."""

    action: str
    text: SealedText
    kind: Literal["compliance", "practice", "outcome-for-child"]
    owner: str
    due_on: date
    domain: str | None = None


class RuleOverride(Frozen):
    """A rule of the tool that the auditor set aside, and why."""

    rule: str
    reason: SealedText


class NoActionReason(Frozen):
    """Why a domain that fell short has no action of its own."""

    domain: str
    reason: SealedText


class AuditContent(Frozen):
    """All that an auditor submits."""

    audit_date: date
    practice_from: date
    practice_to: date
    child_status: ChildStatus
    judgements: tuple[DomainJudgement, ...]
    overall: str
    rationale: SealedText
    strengths: tuple[Strength, ...] = ()
    involvement: Involvement | None = None
    feedback: FamilyFeedback | None = None
    actions: tuple[PlannedAction, ...] = ()
    no_action_reason: SealedText = ""
    overrides: tuple[RuleOverride, ...] = ()
    no_action_reasons: tuple[NoActionReason, ...] = ()

    def corrected(self, path: str, new: str) -> AuditContent:
        """The content with the field at `path` (as in `CaseAuditCorrected`) replaced."""
        data = self.model_dump(mode="python")
        leaf = leaves(self)[path]
        held: Any = data
        for step in leaf.steps[:-1]:
            held = held[step]
        held[leaf.steps[-1]] = None if leaf.optional and not new else new
        return AuditContent.model_validate(data)


class IndependenceException(Frozen):
    """A rule of independence that was set aside, by whom it was approved, and why."""

    rule: str
    approved_by: str
    why: str


class AnswerChange(Frozen):
    """One answer that differs between a returned audit and its resubmission, and why."""

    field: str
    old: SealedText
    new: SealedText
    why: Literal["oversight", "new-evidence", "moderator-comment", "wording", "other"]


class ImportedJudgement(Frozen):
    domain: str
    grade: str


class ModeratedJudgement(Frozen):
    """The moderator's own grade for a domain (None: not applicable or not judged)."""

    domain: str
    grade: str | None
    comment: SealedText = ""


class AgreedGrade(Frozen):
    domain: str
    grade: str


KEYED: dict[type[Frozen], tuple[str, str | None]] = {
    DomainJudgement: ("domain", None),
    Answer: ("question", "point"),
    RuleOverride: ("rule", "reason"),
    NoActionReason: ("domain", "reason"),
    IndependenceException: ("rule", None),
    ImportedJudgement: ("domain", None),
    ModeratedJudgement: ("domain", None),
    AgreedGrade: ("domain", None),
}
"""The field by which one of several values is told apart, and the one that stands at its path."""

_IDENTITIES = {(PlannedAction, "action")}
"""Fields that nobody wrote: they say which action it is, not what it says."""


class Leaf(NamedTuple):
    """One value that somebody wrote or chose: as text, where it stands in the content, whether it
    may be left out, and whether it is free text (kept under the child's key)."""

    text: str
    steps: tuple[str | int, ...]
    optional: bool
    free: bool


def leaves(content: Frozen) -> dict[str, Leaf]:
    """Every field of an audit, or of another judgement, by its dotted path, from the model itself:
    reasons, corrections, limits and the search all go by it, so that no field can be forgotten."""
    found: dict[str, Leaf] = {}
    _gather(found, content, "", ())
    return found


class _Field(NamedTuple):
    """What a walk needs to know of one field, looked up once for each model."""

    name: str
    at_its_model: bool
    optional: bool
    free: bool
    holds_a_model: bool


@cache
def _fields(kind: type[Frozen]) -> tuple[_Field, ...]:
    key, main = KEYED.get(kind, (None, None))
    return tuple(
        _Field(
            name,
            name == main,
            NoneType in get_args(field.annotation),
            is_sealed(field),
            _holds_a_model(field.annotation),
        )
        for name, field in kind.model_fields.items()
        if name != key and (kind, name) not in _IDENTITIES
    )


def _gather(found: dict[str, Leaf], value: Frozen, at: str, steps: tuple[str | int, ...]) -> None:
    for name, at_its_model, optional, free, holds_a_model in _fields(type(value)):
        path = at if at_its_model else f"{at}.{name}" if at else name
        inner = getattr(value, name)
        if isinstance(inner, str):
            found[path] = Leaf(inner, (*steps, name), optional, free)
        elif isinstance(inner, tuple):
            for number, one in enumerate(inner):
                by = KEYED.get(type(one), (None, None))[0]
                beneath = number if by is None else getattr(one, by)
                _gather(found, one, f"{path}.{beneath}", (*steps, name, number))
        elif isinstance(inner, Frozen):
            _gather(found, inner, path, (*steps, name))
        elif inner is not None or not holds_a_model:
            found[path] = Leaf(_text(inner), (*steps, name), optional, free)


def _holds_a_model(annotation: Any) -> bool:
    return any(isinstance(one, type) and issubclass(one, Frozen) for one in get_args(annotation))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
