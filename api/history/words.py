"""The fields and values of history in plain words, under the names that people had then."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.engine import Connection

from api.actions import words as action_words
from api.audits.words import CAUSES, FINAL_SOURCES, MODES, field_label, value_label
from api.follow_ups import words as follow_up_words
from api.learning import words as learning_words
from api.notifications import words as notification_words
from api.plans.words import CODED, LABELS
from api.practitioners import words as practitioner_words
from api.safeguarding import words as safeguarding_words
from api.supervision import words as supervision_words
from api.web.template_engine import day, moment
from projections.core.base import present
from projections.history.sentences import words
from projections.people import queries
from qa.actions.states import EVIDENCE_LABELS
from qa.audit_tools.definition import ToolDefinition
from qa.core.words import Role

ROLES = {role.value: role.label for role in Role}
BUILT_IN = {"operator": "The operator (command line)", "caseloop": "Caseloop itself"}

_LABELS = {
    "action_due_on": "Action: due date",
    "action_kind": "Action: kind",
    "agreed_overall": "Overall grade agreed on",
    "answer": "Answer",
    "asked": "Question",
    "as_at": "As known on",
    "already_seen": "The moderator had seen the judgement",
    "already_there": "Rows that were there already",
    "audit_quality": "Quality of the audit",
    "audit_quality_comment": "Comment on the quality of the audit",
    "audit_version": "Version of the audit that was judged",
    "auditor_as_written": "Auditor, as written in the file",
    "blind": "Blind",
    "blind_by_default": "Blind unless decided otherwise",
    "case_holder": "Case holder",
    "case_manager": "Manager of the case holder",
    "cause": "Cause",
    "commentary": "Commentary",
    "changes": "What changed",
    "child": "Child reference",
    "cites": "Rests on these facts (their ids)",
    "correction": "Kind of correction",
    "decide_dispute_within_working_days": "Working days to decide a dispute",
    "decider": "Who decides",
    "deputy": "Deputy",
    "detail": "Detail",
    "dispute_due_on": "Dispute: due date",
    "disputed": "What is disputed",
    "domain": "Domain",
    "draw": "Place in the lottery",
    "every_inadequate": "Every audit in the lowest grade",
    "every_outstanding": "Every audit in the highest grade",
    "evidence": "Evidence",
    "fields": "Fields to look at again",
    "file_name": "File",
    "figures": "Figures that changed",
    "file_sha256": "SHA-256 of the file",
    "final_rule": "Rule of the final grade",
    "final_source": "Final grade from",
    "first_audits_of_new_auditor": "First audits of a new auditor",
    "grant.role": "Role",
    "grant.scope.code": "Reach: which",
    "grant.scope.kind": "Reach",
    "grant.since": "From",
    "grant.until": "Until",
    "handle": "Sign-in name",
    "held_on": "Day of the conversation",
    "import_kind": "What was imported",
    "imported": "Rows imported",
    "inspector": "Inspector",
    "job_title": "Job title",
    "manager": "Line manager",
    "mode": "How the audit is made",
    "moderate_within_working_days": "Working days to moderate",
    "moderated_on": "Day of the moderation",
    "moderation_due_on": "Moderation: due date",
    "moderator": "Moderator",
    "moderator_as_written": "Moderator, as written in the file",
    "moderator_is_final": "The moderator has the last word",
    "outcome": "Outcome of the dispute",
    "owner": "Owner",
    "picked_because": "Picked because",
    "pin": "Pinned to the position",
    "pinned_on": "Pinned to the end of",
    "position": "Position of the log",
    "policy_version": "Version of the policy",
    "raised_by": "Raised by",
    "re_audit_of": "Repeats the audit",
    "reason_code": "Ground of the decision",
    "records": "Records undone",
    "reference": "Reference",
    "rejected": "Rows rejected",
    "retired_version": "Last version",
    "rows": "Rows in the file",
    "scope.code": "Scope: which",
    "scope.kind": "Scope",
    "seed": "Seed of the lottery",
    "service": "Service",
    "service_name": "Name of the service",
    "sha256": "SHA-256 of the report",
    "share_percent": "Share drawn by lottery (%)",
    "sign_in": "Way of signing in",
    "small_number": "Smallest number shown as a rate",
    "since": "First day",
    "stated_agreed": "Agreed, as the file states it",
    "subject": "About",
    "submitted_on": "Day submitted",
    "team": "Team",
    "team_name": "Name of the team",
    "title": "Name",
    "tool": "Tool",
    "tool_version": "Version of the tool",
    "until": "Last day",
    "upto": "As known at position",
    **LABELS,
    **action_words.LABELS,
    **supervision_words.LABELS,
    **safeguarding_words.LABELS,
    **learning_words.LABELS,
    **follow_up_words.LABELS,
    **practitioner_words.LABELS,
    **notification_words.LABELS,
}
_ASKED = {"start": "first day", "end": "last day", "by": "length of period"}
_PEOPLE = {
    "auditor",
    "case_holder",
    "case_manager",
    "checker",
    "contributors",
    "decider",
    "deputy",
    "follow_up_owner",
    "inspector",
    "manager",
    "moderator",
    "owner",
    "practitioner",
    "supervisor",
    "told",
}
_BEFORE = {"moderated": "Moderator: ", "agreed": "Agreed: "}
_GRADES = {"agreed_overall": "overall"}


def label(path: str, tool: ToolDefinition | None) -> str:
    """What a field of history is called."""
    if path in _LABELS:
        return _LABELS[path]
    first, _, rest = path.partition(".")
    if first in _BEFORE:
        return _BEFORE[first] + field_label(f"judgements.{rest}", tool)
    if first == "exceptions":
        rule, _, part = rest.rpartition(".")
        return f"Exception “{words(rule)}”: {'why' if part == 'why' else 'approved by'}"
    if first == "asked" and rest:
        narrowed = "Narrowed to: " if rest.startswith("filters.") else "Report: "
        return narrowed + _ASKED.get(rest, words(rest.rpartition(".")[2]))
    if first == "shown":
        return action_words.evidence_label(path)
    if first == "mapping":
        return f"Column “{rest}” read as"
    if first in ("indicator", "target"):
        return words(rest)
    if first in ("definition", "scale", "rag_scale"):
        return ": ".join(words(part) for part in path.split(".")[first == "definition" :])
    return field_label(path, tool)


def is_person(path: str) -> bool:
    """Whether the value of this field is a person's id."""
    last = path.rpartition(".")[2]
    return last in _PEOPLE or last == "approved_by"


class Then:
    """Names of people and teams as they were at a position."""

    def __init__(self, connection: Connection, mentioned: Iterable[str | None]) -> None:
        self._connection = present(connection)
        self._spans = queries.name_spans(self._connection, [one for one in mentioned if one])
        self._places: dict[int, dict[str, str]] = {}

    def person(self, person: str | None, position: int) -> str:
        if not person:
            return ""
        spans = self._spans.get(person, ())
        found = (name for name, first, last in spans if first <= position < last)
        return next(found, BUILT_IN.get(person, person))

    def place(self, kind: str, code: str, position: int) -> str:
        """The name of a team or service."""
        if position not in self._places:
            teams = queries.teams(self._connection, with_closed=True, position=position)
            self._places[position] = {
                **{f"team:{one['team']}": one["name"] for one in teams},
                **{f"service:{one['service']}": one["service_name"] for one in teams},
            }
        return self._places[position].get(f"{kind}:{code}", code)


def value(path: str, text: str, tool: ToolDefinition | None, then: Then, position: int) -> str:
    """A stored value as a reader says it."""
    if not text:
        return ""
    if is_person(path):
        return ", ".join(then.person(one, position) for one in text.split(", "))
    if path.startswith("shown.") and path.endswith(".kind"):
        return EVIDENCE_LABELS.get(text, text)
    if path in ("team", "service"):
        return then.place(path, text, position)
    if path == "acknowledge_by":
        return moment(datetime.fromisoformat(text))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return day(date.fromisoformat(text))
    known = _CODES.get(path)
    if known is not None:
        return known(text)
    if tool is None:
        return text
    first, _, rest = path.partition(".")
    if first in _BEFORE:
        return value_label(f"judgements.{rest}", text, tool)
    return value_label(_GRADES.get(path, path), text, tool)


def _listed(names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda text: ", ".join(names.get(code, code) for code in text.split(", "))


_WORDED = (
    "action_kind",
    "already_seen",
    "audit_quality",
    "blind",
    "cause",
    "correction",
    "feedback.consent",
    "final_rule",
    "grant.scope.kind",
    "import_kind",
    "outcome",
    "reason_code",
    "sign_in",
)
_CODED = {
    **CODED,
    **action_words.CODED,
    **safeguarding_words.CODED,
    **supervision_words.CODED,
    **follow_up_words.CODED,
    **learning_words.CODED,
    **practitioner_words.CODED,
}
_CODES: dict[str, Callable[[str], str]] = {
    "final_source": _listed(FINAL_SOURCES),
    "picked_because": _listed(CAUSES),
    "mode": _listed(MODES),
    "grant.role": _listed(ROLES),
    **dict.fromkeys(_WORDED, words),
    **{path: _listed(names) for path, names in _CODED.items()},
}


def plain(said: str) -> str:
    """A sentence of history with its days in words."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda iso: day(date.fromisoformat(iso[0])), said)


def mentioned(entries: Iterable[Mapping[str, Any]]) -> set[str | None]:
    """Every person that the entries name."""
    found: set[str | None] = set()
    for entry in entries:
        found |= {entry["by"], entry["about_person"]}
        for change in entry["changes"]:
            if is_person(change["field"]):
                found |= {*change["old"].split(", "), *change["new"].split(", ")}
    return found
