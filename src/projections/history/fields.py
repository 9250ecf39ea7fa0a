"""Every field of every event as text by its path: what it changed, from old to new, or recorded.

An event type states its fields in one of three ways: it holds old and new itself; it states some
values whole, and the statement before it holds the old ones (`standing`); or it records values for
the first time. `NOT_SHOWN` lists, with the reason, the few fields that history leaves out.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from projections.history import (
    action_entries,
    concern_entries,
    follow_up_entries,
    indicator_entries,
    learning_entries,
    plan_fields,
    response_entries,
    supervision_entries,
)
from qa.actions import events as action_events
from qa.audit_tools import definition
from qa.audit_tools import events as tool_events
from qa.audits import events as audit_events
from qa.audits import judgements
from qa.core.event import Event
from qa.core.frozen import Frozen
from qa.core.words import Scale, ScalePoint
from qa.follow_ups.events import FollowUpPolicySet
from qa.imports import events as import_events
from qa.indicators import events as indicator_events
from qa.inspections import events as inspection_events
from qa.moderation import events as moderation_events
from qa.notifications import events as notification_events
from qa.people import events as people_events
from qa.plans import events as plan_events
from qa.publishing import events as publishing_events
from qa.safeguarding.events import SafeguardingPolicySet
from qa.supervision import check_events
from qa.supervision import events as supervision_events

EVERYWHERE = {
    "moderation": "the id of the moderation: the entry belongs to it",
    "dispute": "the id of the dispute: the entry belongs to it",
}
NOT_SHOWN: dict[type[Event], dict[str, str]] = {
    audit_events.CaseAuditCorrected: {
        "new_date": "the date that is already shown as the new value"
    },
    audit_events.CaseAuditResubmitted: {"content": "every difference is shown as a change"},
    people_events.PersonAdded: {
        "person": "the id of the person: the entry stands in their history"
    },
    inspection_events.InspectorRoomOpened: {"room": "the id of the room: the entry is its own"},
    inspection_events.InspectorQuestionAsked: {"question": "the id of the question"},
    inspection_events.InspectorQuestionAnswered: {"question": "the id of the question"},
    publishing_events.ReportPublished: {"published": "the id of the report: the entry is its own"},
    import_events.ImportBatchRecorded: {"batch": "the id of the batch: the entry is its own"},
    import_events.ImportBatchReversed: {"batch": "the id of the batch: the entry is its own"},
    tool_events.AuditToolRevised: {"definition": "shown by what changed since the version before"},
    tool_events.AuditToolPublished: {
        "definition": "shown by what changed since the version before"
    },
    **action_entries.NOT_SHOWN,
    **supervision_entries.NOT_SHOWN,
    **concern_entries.NOT_SHOWN,
    **learning_entries.NOT_SHOWN,
    **follow_up_entries.NOT_SHOWN,
    **response_entries.NOT_SHOWN,
    **plan_fields.NOT_SHOWN,
    **indicator_entries.NOT_SHOWN,
}
"""Fields that no entry shows, with the reason; `EVERYWHERE` holds those of several events."""

_CALLED: dict[tuple[type[Event], str], str] = {
    (audit_events.CaseAuditSubmitted, "content"): "",
    (audit_events.CaseAuditCorrected, "kind"): "correction",
    (audit_events.CaseAuditFinalised, "grade"): "final_grade",
    (audit_events.CaseAuditFinalised, "source"): "final_source",
    (audit_events.CaseAuditFinalised, "rule"): "final_rule",
    (moderation_events.ModerationSelected, "due_on"): "moderation_due_on",
    (moderation_events.ModerationSelected, "reasons"): "picked_because",
    (moderation_events.ModerationAssigned, "due_on"): "moderation_due_on",
    (moderation_events.ModerationRecorded, "overall"): "moderated_overall",
    (moderation_events.ModerationRecorded, "judgements"): "moderated",
    (moderation_events.ModerationImported, "overall"): "moderated_overall",
    (moderation_events.ModerationImported, "judgements"): "moderated",
    (moderation_events.GradeReconciled, "overall"): "agreed_overall",
    (moderation_events.GradeReconciled, "judgements"): "agreed",
    (moderation_events.GradeDisputed, "about"): "disputed",
    (moderation_events.GradeDisputed, "due_on"): "dispute_due_on",
    (moderation_events.DisputeDecided, "overall"): "final_grade",
    (moderation_events.DisputeDecided, "judgements"): "agreed",
    (import_events.ImportBatchRecorded, "kind"): "import_kind",
    (people_events.SignInChanged, "what"): "sign_in",
    **action_entries.CALLED,
    **supervision_entries.CALLED,
    **concern_entries.CALLED,
    **learning_entries.CALLED,
    **follow_up_entries.CALLED,
    **response_entries.CALLED,
    **plan_fields.CALLED,
    **indicator_entries.CALLED,
}
"""Where the same word means another thing in another event, the path says which."""

PAIRS: dict[type[Event], tuple[tuple[str, str, str], ...]] = {
    audit_events.CaseAuditReassigned: (("old", "new", "auditor"),),
    audit_events.CaseAuditExtended: (("old", "new", "due_on"),),
    people_events.PersonRenamed: (("old", "new", "name"),),
    people_events.TeamRenamed: (("old", "new", "name"),),
    inspection_events.InspectorRoomExtended: (("old", "new", "until"),),
    **action_entries.PAIRS,
    **supervision_entries.PAIRS,
    **plan_fields.PAIRS,
}
"""Fields that hold what was and what is, with the path of the change that the two make."""

_KEYED: dict[type[Frozen], tuple[str, str | None]] = {
    judgements.DomainJudgement: ("domain", None),
    judgements.Answer: ("question", "point"),
    judgements.RuleOverride: ("rule", "reason"),
    judgements.IndependenceException: ("rule", None),
    judgements.ImportedJudgement: ("domain", None),
    judgements.ModeratedJudgement: ("domain", None),
    judgements.AgreedGrade: ("domain", None),
    import_events.MappedHeading: ("heading", "field"),
    publishing_events.WantedOnly: ("name", "values"),
    definition.Domain: ("id", None),
    definition.Question: ("id", None),
    definition.Descriptor: ("grade", "text"),
    definition.LimitingRule: ("id", None),
    Scale: ("key", None),
    ScalePoint: ("code", None),
    **plan_fields.KEYED,
}
"""Values that stand in a list: the field that names one in a path, and the one that is said at that
path itself. All others are numbered."""


def text_of(value: Any) -> str:
    """One plain value as text; nothing for None."""
    if isinstance(value, str):
        return str(value.value) if isinstance(value, Enum) else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def flat(value: Any, path: str, into: dict[str, str]) -> None:
    """Add every value below `value` to `into` as text by its path; empty ones are left out."""
    if type(value) is str:  # by far the most of them, and a large history has millions
        if value:
            into[path] = value
        return
    if isinstance(value, tuple):
        if not value:
            return
        said = plan_fields.in_words(value)
        if said is not None:
            into[path] = said
        elif isinstance(value[0], Frozen):
            _listed(value, path, into)
        else:
            into[path] = ", ".join(text_of(one) for one in value)
    elif isinstance(value, Frozen):
        for name, inner in value.__dict__.items():
            flat(inner, f"{path}.{name}" if path else name, into)
    else:
        text = text_of(value)
        if text:
            into[path] = text


def _listed(values: tuple[Frozen, ...], path: str, into: dict[str, str]) -> None:
    key, main = _KEYED.get(type(values[0]), (None, None))
    for number, one in enumerate(values):
        at = f"{path}.{number if key is None else getattr(one, key)}"
        for name, inner in one.__dict__.items():
            if name == main:
                flat(inner, at, into)
            elif name != key:
                flat(inner, f"{at}.{name}", into)


@cache
def shown(kind: type[Event]) -> tuple[tuple[str, str], ...]:
    """The fields that an entry of this event records, each with its path in the history."""
    paired = {name for old, new, _ in PAIRS.get(kind, ()) for name in (old, new)}
    left_out = {*EVERYWHERE, *NOT_SHOWN.get(kind, ()), *paired, *_own(kind)}
    return tuple(
        (name, _CALLED.get((kind, name), name))
        for name in kind.model_fields
        if name not in left_out
    )


def _own(kind: type[Event]) -> tuple[str, ...]:
    """Fields that `changes` turns into changes one by one."""
    if kind is audit_events.CaseAuditCorrected:
        return ("field", "old", "new")
    if kind is audit_events.CaseAuditResubmitted:
        return ("changes",)
    if kind in (indicator_events.IndicatorRedefined, indicator_events.IndicatorTargetSet):
        return ("old", "new")
    if kind in (
        indicator_events.IndicatorComparatorObserved,
        indicator_events.IndicatorPolarityDecided,
    ):
        return ("old",)
    return ("was",) if kind is audit_events.CaseAuditReopened else ()


def changes(event: Event) -> list[dict[str, str]]:
    """What an event changed or recorded: ``field`` (a path), ``old``, ``new`` and perhaps ``why``.

    `old` is empty where the event itself does not say it; `projections.history.queries` adds
    what stood before a restatement.
    """
    found: list[dict[str, str]] = []
    kind = type(event)
    pairs = PAIRS.get(kind, ())
    for old, new, path in pairs:
        was, now = _text_at(getattr(event, old)), _text_at(getattr(event, new))
        if was != now or len(pairs) == 1:
            found.append(_change(path, was, now))
    if isinstance(event, audit_events.CaseAuditCorrected):
        found.append(_change(event.field, event.old, event.corrected_to))
    elif isinstance(event, audit_events.CaseAuditResubmitted):
        found += [{**_change(c.field, c.old, c.new), "why": c.why} for c in event.changes]
    elif isinstance(event, audit_events.CaseAuditReopened):
        found.append(_change("final_grade", event.was, ""))
    elif isinstance(event, moderation_events.ModerationUnblinded):
        found.append(_change("blind", "yes", "no"))
    whole = indicator_entries.replaced(event)
    if whole is not None:
        found += _differences(*whole)
    values: dict[str, str] = {}
    for name, path in shown(kind):
        flat(getattr(event, name), path, values)
    before: dict[str, str] = {}
    olds = indicator_entries.OLD.get(kind)
    if olds is not None:
        for name, path in shown(kind):
            if name in olds:
                flat(getattr(event, olds[name]), path, before)
        values = {**dict.fromkeys(before, ""), **values}
    return found + [
        {"field": path, "old": before.get(path, ""), "new": new} for path, new in values.items()
    ]


def _differences(old: Frozen | None, new: Frozen, path: str) -> list[dict[str, str]]:
    """What two whole statements differ in; from which day on the new one holds is always said."""
    was: dict[str, str] = {}
    now: dict[str, str] = {}
    if old is not None:
        flat(old, path, was)
    flat(new, path, now)
    return [
        _change(name, was.get(name, ""), now.get(name, ""))
        for name in {**was, **now}
        if was.get(name) != now.get(name) or name == f"{path}.since"
    ]


def _text_at(value: Any) -> str:
    held: dict[str, str] = {}
    flat(value, "", held)
    return held.get("", "")


def _change(path: str, old: str, new: str) -> dict[str, str]:
    return {"field": path, "old": old, "new": new}


def standing(event: Event) -> tuple[str, dict[str, str]] | None:
    """What the event states whole: the kind of statement and its values by their paths."""
    if type(event) not in _RESTATING:  # most are not, and would be compared with every kind below
        return None
    values: dict[str, str] = {}
    match event:
        case people_events.PersonAdded() | people_events.PersonMoved():
            for name in ("team", "service", "manager", "job_title"):
                flat(getattr(event, name), name, values)
            return "place", values
        case (
            moderation_events.ModerationPolicySet()
            | action_events.ActionPolicySet()
            | supervision_events.SupervisionPolicySet()
            | notification_events.ReminderPolicySet()
            | SafeguardingPolicySet()
            | FollowUpPolicySet()
        ):
            flat(event, "", values)
            return "policy", values
        case check_events.SupervisionCheckSubmitted() | check_events.SupervisionCheckCorrected():
            flat(event.content, "", values)
            return "content", values
        case moderation_events.ModerationAssigned():
            for name in ("moderator", "blind"):
                flat(getattr(event, name), name, values)
            flat(event.due_on, "moderation_due_on", values)
            return f"moderation.{event.moderation}", values
        case moderation_events.ModerationSelected():
            flat(event.due_on, "moderation_due_on", values)
            return f"moderation.{event.moderation}", values
        case moderation_events.DisputeAssigned():
            return f"dispute.{event.dispute}", {"decider": event.decider}
        case tool_events.ScalePublished():
            flat(event.scale, "scale", values)
            return "scale", values
        case plan_events.RagScalePublished():
            flat(event.scale, "rag_scale", values)
            return "scale", values
        case plan_events.ImprovementPlanOpened() | plan_events.PlanRulesAdopted():
            flat(event.rules, "rules", values)
            return "rules", values
        case tool_events.AuditToolRevised() | tool_events.AuditToolPublished():
            flat(event.definition, "definition", values)
            return "definition", values
    return None


_RESTATING: frozenset[type[Event]] = frozenset(
    {
        people_events.PersonAdded,
        people_events.PersonMoved,
        moderation_events.ModerationPolicySet,
        action_events.ActionPolicySet,
        supervision_events.SupervisionPolicySet,
        check_events.SupervisionCheckSubmitted,
        check_events.SupervisionCheckCorrected,
        notification_events.ReminderPolicySet,
        SafeguardingPolicySet,
        FollowUpPolicySet,
        moderation_events.ModerationAssigned,
        moderation_events.ModerationSelected,
        moderation_events.DisputeAssigned,
        tool_events.ScalePublished,
        tool_events.AuditToolRevised,
        tool_events.AuditToolPublished,
        plan_events.RagScalePublished,
        plan_events.ImprovementPlanOpened,
        plan_events.PlanRulesAdopted,
    }
)
RESTATING = frozenset(kind.TYPE for kind in _RESTATING)
"""The types for which `standing` answers."""
