"""The fields of an audit in plain words: for check pages, corrections, comparisons and history."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from api.web.template_engine import day
from qa.audit_tools.definition import ChildStatus, ToolDefinition

INVOLVEMENT = {
    "took-part": "Took part",
    "declined": "Was asked and declined",
    "not-reached": "Could not be reached",
    "not-appropriate": "It was not appropriate to ask",
}
FEEDBACK = {
    "obtained": "Yes, we spoke to them",
    "declined": "No, they were asked and declined",
    "not-reached": "No, they could not be reached",
    "not-appropriate": "No, it was not appropriate to ask",
}
ACTION_KINDS = {
    "compliance": "Put right what procedure asks for",
    "practice": "Change practice",
    "outcome-for-child": "Make a difference to this child",
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
CAUSES = {
    "inadequate": "every audit in the lowest grade is moderated",
    "outstanding": "every audit in the highest grade is moderated",
    "new-auditor": "the first audits of every new auditor are moderated",
    "random": "it was drawn by lottery",
    "by-hand": "a QA lead picked it",
    "again": "it changed after it had been moderated",
}

_PLAIN = {
    "audit_date": "Date of the audit",
    "practice_from": "Practice period: first day",
    "practice_to": "Practice period: last day",
    "child_status": "Status of the child",
    "overall": "Overall grade",
    "rationale": "Reasons for the overall grade",
    "no_action_reason": "Why no action is needed",
    "due_on": "Due date",
    "auditor": "Auditor",
    "comments": "Comments",
    "moderated_overall": "Moderator’s overall grade",
    "final_grade": "Final grade",
    "note": "Note",
    "grounds": "Grounds",
    "reasons": "Reasons",
    "action": "Action",
    "name": "Name",
    "involvement.status": "Practitioner’s involvement",
    "involvement.note": "Why the practitioner did not take part",
    "feedback.status": "Feedback from the child or family",
    "feedback.who": "Who gave the feedback",
    "feedback.how": "How the feedback was given",
    "feedback.on": "Day of the feedback",
    "feedback.said": "What the child or family said",
    "feedback.note": "Why there is no feedback",
    "feedback.consent": "Consent to keep the feedback",
}
_PARTS = {
    "grade": "grade",
    "evidence": "evidence",
    "not_applicable_reason": "why it does not apply",
    "text": "what must be done",
    "kind": "kind",
    "owner": "owner",
    "due_on": "due date",
    "domain": "domain",
}


def field_label(path: str, tool: ToolDefinition | None = None) -> str:
    """What a field is called on the pages; an unknown path stands as it is."""
    if path in _PLAIN:
        return _PLAIN[path]
    head, _, rest = path.partition(".")
    if head == "judgements":
        return _judgement_label(rest, tool)
    number, _, part = rest.partition(".")
    if head in ("strengths", "actions") and number.isdecimal():
        one = f"{head[:-1].capitalize()} {int(number) + 1}"
        if head == "strengths" and part == "text":
            return one
        return f"{one}: {_PARTS.get(part, part)}"
    if head == "overrides":
        return "Why a rule is set aside"
    if head in ("consensus", "dispute", "decision", "moderation", "returned", "action"):
        return _MODERATION_TEXTS[head]
    for part in ("day", "month", "year"):
        if path.endswith(f".{part}"):
            return f"{field_label(path.removesuffix(f'.{part}'), tool)} ({part})"
    return path


_MODERATION_TEXTS = {
    "consensus": "Reasons for the agreed grade",
    "dispute": "Grounds of the dispute",
    "decision": "Reasons of the decision",
    "moderation": "Moderator’s comment",
    "returned": "Comments to the author",
    "action": "Action",
}


def _judgement_label(rest: str, tool: ToolDefinition | None) -> str:
    name, _, part = rest.partition(".")
    domain = None if tool is None else tool.domain(name)
    title = name.replace("-", " ").capitalize() if domain is None else domain.title
    if part in _PARTS:
        return f"{title}: {_PARTS[part]}"
    kind, _, asked = part.partition(".")
    question_id, _, comment = asked.partition(".")
    questions = () if domain is None else domain.questions
    text = next((q.text for q in questions if q.id == question_id), question_id)
    if kind == "comments" or comment:
        return f"{title}: comment on “{text}”"
    return f"{title}: {text}" if kind == "answers" else title


def value_label(
    path: str, value: str, tool: ToolDefinition, names: Mapping[str, str] | None = None
) -> str:
    """A stored value as a reader says it: grades and codes by their words, people by name."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return day(date.fromisoformat(value))
    if path in ("overall", "final_grade", "moderated_overall"):
        return tool.overall_scale.label(value)
    if path == "child_status":
        return ChildStatus(value).label if value in set(ChildStatus) else value
    if path == "involvement.status":
        return INVOLVEMENT.get(value, value)
    if path == "feedback.status":
        return FEEDBACK.get(value, value)
    head, _, rest = path.partition(".")
    last = path.rpartition(".")[2]
    if path == "auditor" or last == "owner":
        return (names or {}).get(value, value)
    if head == "actions" and last == "kind":
        return ACTION_KINDS.get(value, value)
    if head in ("actions", "strengths") and last == "domain":
        chosen = tool.domain(value)
        return value if chosen is None else chosen.title
    domain = tool.domain(rest.partition(".")[0]) if head == "judgements" else None
    if domain is None:
        return value
    if last == "grade":
        scale = tool.scale_of(domain.scale)
        return "Does not apply" if value == "-" else scale.label(value) if scale else value
    question = next((q for q in domain.questions if path.endswith(f".answers.{q.id}")), None)
    scale = None if question is None else tool.scale_of(question.scale)
    return value if scale is None else scale.label(value)
