"""How the events of case audits are told in history, and what the fields of an audit are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from qa.audit_tools.definition import ChildStatus, ToolDefinition
from qa.audits import events, judgements
from qa.audits.comparison import AnyJudgement, GradesGiven
from qa.audits.judgements import AuditContent, DomainJudgement, field_at, leaves
from qa.core.event_words import (
    Change,
    EventWords,
    RoomWords,
    Searched,
    change,
    code_in_words,
)
from qa.core.frozen import Frozen
from qa.core.words import Scale

ACTION_KINDS = {
    "compliance": "Put right what procedure asks for",
    "practice": "Change practice",
    "outcome-for-child": "Make a difference to this child",
}


INVOLVEMENT = {
    "took-part": "Took part",
    "declined": "Declined",
    "not-reached": "Could not be reached",
    "not-appropriate": "It was not appropriate to ask",
}
FEEDBACK = {
    "obtained": "Yes, we spoke to them",
    "declined": "No, they declined",
    "not-reached": "No, they could not be reached",
    "not-appropriate": "No, it was not appropriate to ask",
}
MODES = {
    "desktop": "On the file alone",
    "collaborative": "Together with the practitioner",
    "live": "Alongside live work",
}
WHY_CHANGED = {
    "oversight": "I had overlooked it",
    "new-evidence": "There is new evidence",
    "moderator-comment": "The comments asked for it",
    "wording": "Better wording, same meaning",
    "other": "Another reason",
}
FINAL_SOURCES = {
    "auditor": "the auditor’s grade",
    "moderator": "the moderator’s grade",
    "consensus": "the grade both agreed on",
    "senior-decision": "the decision of a dispute",
}
LABELS = {
    "auditor": "Auditor",
    "auditor_as_written": "Auditor, as written in the file",
    "case_holder": "Case holder",
    "case_manager": "Manager of the case holder",
    "cites": "Rests on these entries (their ids)",
    "comments": "Comments",
    "correction": "Kind of correction",
    "due_on": "Due date",
    "fields": "Fields to look at again",
    "final_grade": "Final grade",
    "final_rule": "Rule of the final grade",
    "final_source": "Final grade from",
    "mode": "How the audit is made",
    "re_audit_of": "Repeats the audit",
    "submitted_on": "Day submitted",
    "team_name": "Name of the team",
}


def _part(model: type[Frozen], path: str) -> str:
    """What a field of an audit's parts is called within the name of its part; "" for none."""
    place = field_at(model, path)
    words = None if place is None else place.words
    return "" if words is None else f"{words.label[:1].lower()}{words.label[1:]}"


def judgement_label(path: str, tool: Any) -> str:
    """A part of the judgement of a domain, for example ``judgements.visits.answers.q1``."""
    name, _, part = path.partition(".")[2].partition(".")
    domain = None if tool is None else tool.domain(name)
    title = code_in_words(name) if domain is None else domain.title
    kind, _, rest = part.partition(".")
    if not rest and (called := _part(DomainJudgement, part)):
        return f"{title}: {called}"
    question_id, _, comment = rest.partition(".")
    questions = () if domain is None else domain.questions
    text = next((q.text for q in questions if q.id == question_id), question_id)
    if kind == "comments" or comment:
        return f"{title}: comment on “{text}”"
    return f"{title}: {text}" if kind == "answers" else title


NO_CHILD = "Not stated"
RESULTS_ONLY = "It is a result without a child: the file names none, so it belongs to no case."
STATED = {
    "rationale": "Reasons for the overall grade",
    "evidence": "Evidence",
    "strengths": "Strengths",
    "actions": "Actions",
    "notes": "Notes",
}
"""What a text of an imported audit is called, by its part."""


def stated_label(path: str, tool: Any) -> str:
    part, _, domain = path.partition(".")[2].partition(":")
    return (
        judgement_label(f"judgements.{domain}.evidence", tool) if domain else STATED.get(part, part)
    )


def _stated_texts(stated: judgements.StatedAudit | events.CaseAuditImported) -> dict[str, str]:
    return {f"texts.{one.part}": one.text for one in stated.texts}


def _numbered_label(path: str, _tool: Any) -> str:
    head, _, rest = path.partition(".")
    number, _, part = rest.partition(".")
    if not number.isdecimal():
        return path
    one = f"{head[:-1].capitalize()} {int(number) + 1}"
    if head == "strengths" and part == "text":
        return one
    return f"{one}: {_part(AuditContent, path) or part}"


def _no_action_label(path: str, tool: Any) -> str:
    return f"{judgement_label(path, tool)}: why no action is needed"


def _exception_label(path: str, _tool: Any) -> str:
    rule, _, part = path.partition(".")[2].rpartition(".")
    return f"Exception “{code_in_words(rule)}”: {'why' if part == 'why' else 'approved by'}"


def overall_value(_path: str, text: str, tool: Any) -> str:
    """A grade of the scale that an audit as a whole is graded on; where the tool has none, the
    grade of a domain by which the audit was inadequate."""
    if tool is None:
        return text
    scales: tuple[Scale, ...] = (tool.overall_scale, *tool.scales)
    return next((one for one in scales if one.point(text)), scales[0]).label(text)


def grades_told(overall: str, judgements: Iterable[AnyJudgement]) -> str:
    """The overall grade; where there is none, how many domains have which grade."""
    found = Counter(GradesGiven.of("", judgements).domains.values())
    by_domain = (f"{number} {code_in_words(grade)}" for grade, number in found.items())
    return code_in_words(overall) or ", ".join(by_domain)


def scale_at(path: str, tool: ToolDefinition | None) -> Scale | None:
    """The scale that a grade or an answer is chosen from; None where the path holds none."""
    if tool is None or path == "overall":
        return None if tool is None else tool.overall_scale
    domain = tool.domain(path.partition(".")[2].partition(".")[0])
    if domain is None:
        return None
    if path.endswith(".grade"):
        return tool.scale_of(domain.scale)
    question = next((q for q in domain.questions if path.endswith(f".answers.{q.id}")), None)
    return None if question is None else tool.scale_of(question.scale)


def judgement_value(path: str, text: str, tool: Any) -> str:
    """A grade or an answer of a domain, at a path like ``judgements.visits.grade``."""
    if path.endswith(".grade") and text == "-":
        return "Does not apply"
    scale = scale_at(path, tool)
    return text if scale is None else scale.label(text)


def _numbered_value(path: str, text: str, tool: Any) -> str:
    if tool is None:
        return text
    head, _, rest = path.partition(".")
    last = rest.rpartition(".")[2]
    if head == "actions" and last == "kind":
        return ACTION_KINDS.get(text, text)
    chosen = tool.domain(text) if last == "domain" else None
    return text if chosen is None else chosen.title


def _texts(event: events.CaseAuditSubmitted | events.CaseAuditResubmitted) -> dict[str, str]:
    """Everything written in an audit, by its path."""
    return {path: leaf.text for path, leaf in leaves(event.content).items() if leaf.free}


def _goes_by(event: events.CaseAuditAllocated | events.CaseAuditImported) -> dict[str, str]:
    return {"reference": event.reference, "child": event.child}


def _resubmitted(event: events.CaseAuditResubmitted) -> str:
    graded = grades_told(event.content.overall, event.content.judgements)
    return f"Submitted the audit again: {graded}, {len(event.changes)} changed"


def _answers_changed(event: events.CaseAuditResubmitted) -> list[Change]:
    return [{**change(one.field, one.old, one.new), "why": one.why} for one in event.changes]


def _finalised(event: events.CaseAuditFinalised) -> str:
    source = code_in_words(event.source).lower()
    return f"Final grade: {grades_told(event.grade, event.judgements)} (from {source})"


def _reopened(event: events.CaseAuditReopened) -> str:
    if not event.was:
        return "Took the final grades back"
    return f"Took the final grade back; it was {code_in_words(event.was)}"


def _submitted(event: events.CaseAuditSubmitted) -> str:
    return f"Submitted the audit: {grades_told(event.content.overall, event.content.judgements)}"


def _imported(event: events.CaseAuditImported) -> str:
    return f"Imported audit {event.reference}: {grades_told(event.overall, event.judgements)}"


def _restated(event: events.CaseAuditImportCorrected) -> list[Change]:
    """What differs; the overall grade is always told."""
    sides = []
    for stated in (event.old, event.new):
        values = stated.model_dump(mode="json", exclude={"auditor", "judgements", "texts"})
        graded = {f"judgements.{one.domain}.grade": one.grade for one in stated.judgements}
        sides.append({**values, **graded, **_stated_texts(stated)})
    old, new = sides
    return [
        change(path, old.get(path) or "", new.get(path) or "")
        for path in {**old, **new}
        if old.get(path) != new.get(path) or path == "overall"
    ]


_OWN_CHANGE = {"field": "the field of the change that the entry answers"}

HISTORY = RoomWords(
    labels=LABELS,
    beneath={
        "actions": _numbered_label,
        "exceptions": _exception_label,
        "judgements": judgement_label,
        "no_action_reasons": _no_action_label,
        "overrides": lambda _path, _tool: "Why a rule is set aside",
        "returned": lambda _path, _tool: "Comments to the author",
        "strengths": _numbered_label,
        "texts": stated_label,
    },
    codes={
        "changes.why": WHY_CHANGED,
        "child_status": {status.value: status.label for status in ChildStatus},
        "feedback.status": FEEDBACK,
        "final_source": FINAL_SOURCES,
        "involvement.status": INVOLVEMENT,
        "mode": MODES,
    },
    worded=frozenset({"correction", "feedback.consent", "final_rule"}),
    values={
        "actions": _numbered_value,
        "final_grade": overall_value,
        "judgements": judgement_value,
        "overall": overall_value,
        "strengths": _numbered_value,
    },
    people=frozenset({"approved_by", "auditor", "case_holder", "case_manager"}),
    keyed=judgements.KEYED,
    events=(
        EventWords(
            events.CaseAuditAllocated,
            lambda event: f"Allocated audit {event.reference}, due {event.due_on.isoformat()}",
            about="auditor",
            searched=Searched(names=_goes_by),
        ),
        EventWords(
            events.CaseAuditReassigned,
            "Handed the audit over",
            about="new",
            pairs=(("old", "new", "auditor"),),
        ),
        EventWords(
            events.CaseAuditTeamChanged,
            lambda event: f"The team {event.new_team_name} took over",
            paths={"new_team_name": "team_name", "new_service_name": "service_name"},
        ),
        EventWords(
            events.CaseAuditExtended,
            lambda event: f"Moved the due date from {event.old} to {event.new}",
            pairs=(("old", "new", "due_on"),),
        ),
        EventWords(events.CaseAuditStarted, "Began the audit"),
        EventWords(
            events.CaseAuditSubmitted,
            _submitted,
            paths={"content": ""},
            searched=Searched(_texts),
        ),
        EventWords(
            events.CaseAuditResubmitted,
            _resubmitted,
            hidden={"content": "every difference is shown as a change"},
            changes=_answers_changed,
            changed=("changes",),
            searched=Searched(_texts, anew=True),
        ),
        EventWords(
            events.CaseAuditCorrected,
            lambda event: (
                f"Corrected {'a typing error' if event.kind == 'typo' else 'a matter of fact'}"
            ),
            paths={"kind": "correction"},
            hidden={"new_date": "the date that is already shown as the new value"},
            changes=lambda event: [change(event.field, event.old, event.corrected_to)],
            changed=("field", "old", "new"),
            searched=Searched(lambda event: {event.field: event.new}),
        ),
        EventWords(
            events.CaseAuditTypingAsked,
            "Asked to confirm that a change is typing",
            changes=lambda event: [change(event.field, event.old, event.new)],
            changed=("field", "old", "new"),
        ),
        EventWords(
            events.CaseAuditTypingConfirmed,
            "Confirmed that a change is typing",
            hidden=_OWN_CHANGE,
        ),
        EventWords(
            events.CaseAuditTypingRefused,
            "Left the text as it was: the change is not confirmed as typing",
            hidden=_OWN_CHANGE,
        ),
        EventWords(
            events.CaseAuditChoiceCorrected,
            "Corrected what was wrongly entered",
            changes=lambda event: [change(event.field, event.old, event.new)],
            changed=("field", "old", "new"),
        ),
        EventWords(
            events.CaseAuditReturned,
            "Returned the audit to its author",
            searched=Searched(lambda event: {"returned": event.comments}),
        ),
        EventWords(events.CaseAuditWithdrawn, "Case audit withdrawn"),
        EventWords(events.CaseAuditVoided, "Audit cancelled (entered in error)"),
        EventWords(
            events.CaseAuditFinalised,
            _finalised,
            paths={"grade": "final_grade", "source": "final_source", "rule": "final_rule"},
        ),
        EventWords(
            events.CaseAuditReopened,
            _reopened,
            changes=lambda event: [change("final_grade", event.was, "")],
            changed=("was",),
        ),
        EventWords(
            events.CaseAuditImported,
            _imported,
            about="auditor",
            searched=Searched(_stated_texts, names=_goes_by),
        ),
        EventWords(
            events.CaseAuditImportCorrected,
            "Corrected the imported audit as a later file states it",
            changes=_restated,
            changed=("old", "new"),
            searched=Searched(
                lambda event: _stated_texts(event.new), ends=lambda event: _stated_texts(event.old)
            ),
        ),
    ),
)
