"""How the fields of the events of improvement plans are shown: which, under what path, as what
text.

`projections.history.fields` puts these beside those of all other events.
"""

from __future__ import annotations

from typing import Any

from qa.core.due_dates import Stage
from qa.core.event import Event
from qa.core.frozen import Frozen
from qa.plans import action_events, events
from qa.plans.events import PlanSource
from qa.plans.rag_scale import MappedLevel, RagLevel

OWN = "the id of what the entry is about"
ELSEWHERE = "ids of things that have entries of their own"

NOT_SHOWN: dict[type[Event], dict[str, str]] = {
    events.ImprovementPlanOpened: {"plan": OWN},
    events.PlanPartAdded: {"part": OWN, "under": ELSEWHERE},
    events.PlanPartReworded: {"part": OWN},
    events.PlanPartLedBy: {"part": OWN},
    events.PlanPartRouted: {"part": OWN},
    events.PlanPartRemoved: {"part": OWN},
    events.TaskGroupFormed: {"group": OWN},
    events.TaskGroupDissolved: {"group": OWN},
    events.BoardMeetingCalled: {"meeting": OWN},
    events.BoardMeetingCancelled: {"meeting": OWN},
    events.BoardMeetingHeld: {"meeting": OWN},
    action_events.PlanActionAgreed: {
        "action": OWN,
        **dict.fromkeys(("plan", "part", "group", "lineage"), ELSEWHERE),
    },
    action_events.PlanActionAssessed: {"assessment": OWN, "evidence": ELSEWHERE},
    action_events.PlanActionAssessmentWithdrawn: {"assessment": OWN},
    action_events.PlanActionAssessmentAccepted: {"assessment": OWN, "meeting": ELSEWHERE},
    action_events.PlanActionAssessmentChallenged: {"assessment": OWN, "meeting": ELSEWHERE},
    action_events.PlanActionEvidenceAdded: {"evidence": OWN},
    action_events.PlanActionRescheduleAsked: {"request": OWN},
    action_events.PlanActionRescheduled: {"request": OWN},
    action_events.PlanActionRescheduleRefused: {"request": OWN},
    action_events.PlanActionSplit: {"into": ELSEWHERE},
    action_events.PlanActionMerged: {"into": ELSEWHERE},
    action_events.SuccessMeasureSet: {"measure": OWN},
    action_events.SuccessMeasureWithdrawn: {"measure": OWN},
    action_events.SuccessMeasureReported: {"report": OWN, "measure": ELSEWHERE},
}

CALLED: dict[tuple[type[Event], str], str] = {
    (events.RagScalePublished, "scale"): "rag_scale",
    (events.RagScaleMapped, "old"): "mapped_from",
    (events.RagScaleMapped, "new"): "mapped_to",
    (events.RagScaleMapped, "levels"): "mapped_levels",
    (events.ImprovementPlanOpened, "scale"): "rated_on",
    (events.TaskGroupFormed, "name"): "title",
    (events.BoardMeetingCalled, "on"): "meeting_on",
    (action_events.PlanActionAssessed, "as_at"): "rated_as_at",
    (action_events.PlanActionAssessed, "scale"): "rated_on",
    (action_events.PlanActionAssessed, "said"): "said_in_source",
    (action_events.PlanActionEvidenceAdded, "of"): "evidence_of",
    (action_events.PlanActionEvidenceAdded, "what"): "evidence_what",
    (action_events.PlanActionEvidenceAdded, "where"): "evidence_where",
    (action_events.PlanActionEvidenceAdded, "on"): "evidence_on",
    (action_events.SuccessMeasureSet, "text"): "measure_text",
    (action_events.SuccessMeasureSet, "comparator"): "measure_comparator",
    (action_events.SuccessMeasureSet, "target"): "measure_target",
    (action_events.SuccessMeasureSet, "unit"): "measure_unit",
    (action_events.SuccessMeasureSet, "indicator"): "measure_indicator",
    (action_events.SuccessMeasureReported, "state"): "reported_state",
    (action_events.SuccessMeasureReported, "said"): "said_in_source",
    (action_events.SuccessMeasureReported, "period"): "reported_period",
    (action_events.SuccessMeasureReported, "values"): "reported_values",
    (action_events.SuccessMeasureReported, "unit"): "measure_unit",
    (action_events.SuccessMeasureReported, "numerator"): "reported_numerator",
    (action_events.SuccessMeasureReported, "denominator"): "reported_denominator",
    (action_events.SuccessMeasureReported, "note"): "reported_note",
    (action_events.SuccessMeasureReported, "reading"): "reported_reading",
    (action_events.PlanActionLinked, "kind"): "link_kind",
    (action_events.PlanActionLinked, "to"): "link_to",
    (action_events.PlanActionUnlinked, "kind"): "link_kind",
    (action_events.PlanActionUnlinked, "to"): "link_to",
}

PAIRS: dict[type[Event], tuple[tuple[str, str, str], ...]] = {
    events.PlanScaleAdopted: (("old", "new", "rated_on"),),
    events.PlanPartReworded: (("old", "new", "title"),),
    events.PlanPartLedBy: (("old", "new", "leads"),),
    action_events.PlanActionReworded: (("old", "new", "title"),),
    action_events.PlanActionLedBy: (
        ("old_leads", "new_leads", "leads"),
        ("old_responsible", "new_responsible", "responsible"),
    ),
    action_events.PlanActionRescheduleAsked: (("old", "new", "asked_dates"),),
    action_events.PlanActionRescheduled: (("old", "new", "stages"),),
}

KEYED: dict[type[Frozen], tuple[str, str | None]] = {RagLevel: ("code", None)}


def in_words(value: Any) -> str | None:
    """A list of due dates, sources or mapped levels as one text; None for any other value."""
    if not isinstance(value, tuple) or not value:
        return None
    said = [_said(one) for one in value]
    return None if None in said else "; ".join(one for one in said if one is not None)


def _said(one: Any) -> str | None:
    match one:
        case Stage(label=label, role=role, due=due):
            said = f"from {due.label}" if role == "start" else due.label
            return f"{label}: {said}" if label else said
        case PlanSource(kind=kind, reference=reference, text=text):
            return " ".join(part for part in (kind, reference, text) if part)
        case MappedLevel(old=old, new=new):
            return f"{old} as {new}"
        case _:
            return None
