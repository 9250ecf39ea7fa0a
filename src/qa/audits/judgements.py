"""The values that judgements are made of: what an auditor submits and what a moderator answers.

Events hold them, decisions weigh them, and the API takes them in; they are the same everywhere.
What a field is called, how it is typed and how long it may be stands beside it, and all that shows
or checks the content of an audit walks its model (`leaves`, `field_at`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args, get_origin
from weakref import ref

from pydantic.fields import FieldInfo

from qa.audit_tools.definition import ChildStatus
from qa.core.fields import FieldWords, Widget, field_words, tick
from qa.core.frozen import Frozen, SealedText, is_sealed

LONGEST_TEXT = 20_000
"""Characters of one text of an audit."""


@dataclass(frozen=True, slots=True)
class InSection:
    """The section of the form that a field of an audit is written in; without one it is asked with
    the overall grade."""

    id: str


def _written(label: str, widget: Widget = "long") -> FieldWords:
    return FieldWords(
        label=label,
        widget=widget,
        longest=LONGEST_TEXT,
        code="text-long",
        sentence=f"This text must be {LONGEST_TEXT:,} characters or fewer.",
    )


def _chosen(label: str, missing: str = "") -> FieldWords:
    return FieldWords(label=label, widget="choice", missing=missing, coded="choice")


def _day(label: str, missing: str = "") -> FieldWords:
    return FieldWords(label=label, widget="day", missing=missing, coded="date")


class Answer(Frozen):
    """The point chosen on one question's scale."""

    question: str
    point: Annotated[str, _chosen("Answer")]
    comment: Annotated[SealedText, _written("Comment")] = ""


class DomainJudgement(Frozen):
    """A grade for one domain with its evidence, or not applicable with its reason."""

    domain: str
    grade: Annotated[str | None, _chosen("Grade")] = None
    evidence: Annotated[SealedText, _written("Evidence")] = ""
    not_applicable_reason: Annotated[SealedText, _written("Why it does not apply")] = ""
    answers: tuple[Answer, ...] = ()


class Strength(Frozen):
    text: Annotated[SealedText, _written("Strength")]
    domain: Annotated[str | None, _chosen("Domain")] = None


class Involvement(Frozen):
    """Whether the practitioner took part in the audit, and if not, why."""

    status: Annotated[
        Literal["took-part", "declined", "not-reached", "not-appropriate"],
        _chosen("Practitioner’s involvement"),
    ]
    note: Annotated[SealedText, _written("Why the practitioner did not take part")] = ""


class FamilyFeedback(Frozen):
    """Views of the child or family about the help they had, or why they were not asked."""

    status: Annotated[
        Literal["obtained", "declined", "not-reached", "not-appropriate"],
        _chosen("Feedback from the child or family"),
    ]
    who: Annotated[str, _written("Who gave the feedback", "text")] = ""
    how: Annotated[str, _written("How the feedback was given", "text")] = ""
    on: Annotated[date | None, _day("Day of the feedback")] = None
    consent: Annotated[bool, tick("Consent to keep the feedback")] = False
    said: Annotated[SealedText, _written("Views of the child or family")] = ""
    note: Annotated[SealedText, _written("Why there is no feedback")] = ""


class PlannedAction(Frozen):
    """An action as the auditor raises it: one accountable owner and one due date."""

    action: Annotated[str, FieldWords(label="Id")]
    text: Annotated[SealedText, _written("What must be done")]
    kind: Annotated[
        Literal["compliance", "practice", "outcome-for-child"],
        _chosen("Kind", "Choose what kind of action it is."),
    ]
    owner: Annotated[str, _chosen("Owner")]
    due_on: Annotated[date, _day("Due date", "Enter the day it is due.")]
    domain: Annotated[str | None, _chosen("Domain")] = None


class RuleOverride(Frozen):
    """A rule of the tool that the auditor set aside, and why."""

    rule: str
    reason: Annotated[SealedText, _written("Why a rule is set aside")]


class NoActionReason(Frozen):
    """Why a domain that fell short has no action of its own."""

    domain: str
    reason: Annotated[SealedText, _written("Why no action is needed")]


class AuditContent(Frozen):
    """All that an auditor submits."""

    audit_date: Annotated[
        date, InSection("about"), _day("Date of the audit", "Enter the date of the audit.")
    ]
    practice_from: Annotated[
        date,
        InSection("about"),
        _day("Practice period: first day", "Enter the first day of the practice period."),
    ]
    practice_to: Annotated[
        date,
        InSection("about"),
        _day("Practice period: last day", "Enter the last day of the practice period."),
    ]
    child_status: Annotated[
        ChildStatus,
        InSection("about"),
        _chosen("Status of the child", "Choose the status of the child."),
    ]
    judgements: Annotated[tuple[DomainJudgement, ...], InSection("domain")]
    overall: Annotated[str, _chosen("Overall grade")] = ""
    rationale: Annotated[SealedText, _written("Reasons for the overall grade")] = ""
    strengths: Annotated[tuple[Strength, ...], InSection("strengths")] = ()
    involvement: Annotated[Involvement | None, InSection("involvement")] = None
    feedback: Annotated[FamilyFeedback | None, InSection("feedback")] = None
    actions: Annotated[tuple[PlannedAction, ...], InSection("actions")] = ()
    no_action_reason: Annotated[
        SealedText, InSection("actions"), _written("Why no action is needed")
    ] = ""
    overrides: tuple[RuleOverride, ...] = ()
    no_action_reasons: Annotated[tuple[NoActionReason, ...], InSection("actions")] = ()

    def corrected(self, path: str, new: str) -> Self:
        """The content with the field at `path` (as in `CaseAuditCorrected`) replaced."""
        data = self.model_dump(mode="python")
        leaf = leaves(self)[path]
        part: Any = data
        for step in leaf.steps[:-1]:
            part = part[step]
        part[leaf.steps[-1]] = None if leaf.optional and not new else new
        return type(self).model_validate(data)


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


class StatedText(Frozen):
    """What a column of words of a file says. `part` is what of the audit it is: ``rationale``,
    ``strengths``, ``actions``, ``notes``, ``evidence``, or ``evidence:`` with a domain."""

    part: str
    text: SealedText


class StatedAudit(Frozen):
    """What a file states of an audit made elsewhere, beside what it is of."""

    auditor: str
    auditor_as_written: str
    team: str
    team_name: str
    service: str
    service_name: str
    audit_date: date
    submitted_on: date | None = None
    practice_from: date | None = None
    practice_to: date | None = None
    judgements: tuple[ImportedJudgement, ...] = ()
    overall: str = ""
    texts: tuple[StatedText, ...] = ()


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
    StatedText: ("part", "text"),
    ModeratedJudgement: ("domain", None),
    AgreedGrade: ("domain", None),
}
"""The field by which one of several values is told apart, and the one that stands at its path."""

_IDENTITIES = {(PlannedAction, "action")}
"""Fields that nobody wrote: they say which action it is, not what it says."""


class Leaf(NamedTuple):
    """One value that somebody wrote or chose: as text, where it stands in the content, whether it
    may be left out, whether it is kept under the child's key, and how it is typed and how long it
    may be."""

    text: str
    steps: tuple[str | int, ...]
    optional: bool
    free: bool
    widget: Widget
    longest: int


def leaves(content: Frozen) -> Mapping[str, Leaf]:
    """Every field of an audit, or of another judgement, by its dotted path, from the model itself:
    reasons, corrections, limits and the search all go by it, so that no field can be forgotten."""
    global _walked
    last, found = _walked
    if last() is not content:
        found = {}
        _gather(found, content, "", ())
        _walked = ref(content, _forget), found
    return found


def _forget(gone: ref[Frozen]) -> None:
    global _walked
    if _walked[0] is gone:
        _walked = _NOTHING


_NOTHING: tuple[Callable[[], Frozen | None], Mapping[str, Leaf]] = (lambda: None, {})
_walked = _NOTHING
"""A submission is asked for its leaves by each rule and read model: it is walked once."""


class FieldPlace(NamedTuple):
    """A field of a model: what its paths lead to."""

    model: type[Frozen]
    name: str

    @property
    def words(self) -> FieldWords | None:
        return field_words(self.model).get(self.name)


def field_at(model: type[Frozen], path: str) -> FieldPlace | None:
    """The field of `model` at a path as `leaves` gives it; None where there is none."""
    steps = path.split(".")
    while steps:
        name = steps.pop(0)
        if name not in model.model_fields:
            return None
        field = model.model_fields[name]
        within = model_within(field)
        if within is None:
            return None if steps else FieldPlace(model, name)
        if several(field):
            del steps[:1]
        main = KEYED.get(within, (None, None))[1]
        if main is not None and not steps:
            return FieldPlace(within, main)
        model = within
    return None


def model_within(field: FieldInfo) -> type[Frozen] | None:
    """The model of the values that a field holds, one or several; None for plain values."""
    kinds = (field.annotation, *get_args(field.annotation))
    return next((one for one in kinds if isinstance(one, type) and issubclass(one, Frozen)), None)


def several(field: FieldInfo) -> bool:
    return get_origin(field.annotation) is tuple


def sections_of(model: type[Frozen]) -> dict[str, tuple[str, ...]]:
    """The fields of an audit by the section of the form that they are written in."""
    found: dict[str, tuple[str, ...]] = {}
    for name, field in model.model_fields.items():
        marks = [one.id for one in field.metadata if isinstance(one, InSection)] or ["overall"]
        found[marks[0]] = (*found.get(marks[0], ()), name)
    return found


class _Field(NamedTuple):
    """What a walk needs to know of one field, looked up once for each model: `leaf` is a leaf of it
    without its text and its place."""

    name: str
    at_its_model: bool
    holds_a_model: bool
    leaf: Leaf


@cache
def _fields(kind: type[Frozen]) -> tuple[_Field, ...]:
    key, main = KEYED.get(kind, (None, None))
    return tuple(
        _Field(name, name == main, model_within(field) is not None, _leaf(kind, name, field))
        for name, field in kind.model_fields.items()
        if name != key and (kind, name) not in _IDENTITIES
    )


def _leaf(kind: type[Frozen], name: str, field: FieldInfo) -> Leaf:
    words = field_words(kind).get(name, FieldWords(label=name))
    optional, longest = NoneType in get_args(field.annotation), words.longest or LONGEST_TEXT
    return Leaf("", (), optional, is_sealed(field), words.widget, longest)


def _gather(found: dict[str, Leaf], value: Frozen, at: str, steps: tuple[str | int, ...]) -> None:
    for name, at_its_model, holds_a_model, leaf in _fields(type(value)):
        path = at if at_its_model else f"{at}.{name}" if at else name
        inner = getattr(value, name)
        if isinstance(inner, str):
            found[path] = Leaf(inner, (*steps, name), *leaf[2:])
        elif isinstance(inner, tuple):
            for number, one in enumerate(inner):
                by = KEYED.get(type(one), (None, None))[0]
                beneath = number if by is None else getattr(one, by)
                _gather(found, one, f"{path}.{beneath}", (*steps, name, number))
        elif isinstance(inner, Frozen):
            _gather(found, inner, path, (*steps, name))
        elif inner is not None or not holds_a_model:
            found[path] = Leaf(_as_text(inner), (*steps, name), *leaf[2:])


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
