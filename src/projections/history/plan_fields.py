"""How the fields of the facts of improvement plans are shown: which, under what path, as what text.

`projections.history.fields` puts these beside those of all other facts.
"""

from __future__ import annotations

from typing import Any

from qa.core.due_dates import Stage
from qa.core.fact import Fact, Frozen
from qa.plans import action_events as actions
from qa.plans import events as plans
from qa.plans.events import PlanSource
from qa.plans.rag_scale import MappedLevel, RagLevel

OWN = "the id of what the entry is about"
ELSEWHERE = "ids of things that have entries of their own"

NOT_SHOWN: dict[type[Fact], dict[str, str]] = {
    plans.ImprovementPlanOpened: {"plan": OWN},
    plans.PlanPartAdded: {"part": OWN, "under": ELSEWHERE},
    plans.PlanPartReworded: {"part": OWN},
    plans.PlanPartLedBy: {"part": OWN},
    plans.PlanPartRouted: {"part": OWN},
    plans.PlanPartRemoved: {"part": OWN},
    plans.TaskGroupFormed: {"group": OWN},
    plans.TaskGroupDissolved: {"group": OWN},
    plans.BoardMeetingCalled: {"meeting": OWN},
    plans.BoardMeetingCancelled: {"meeting": OWN},
    plans.BoardMeetingHeld: {"meeting": OWN},
    actions.PlanActionAgreed: {
        "action": OWN,
        **dict.fromkeys(("plan", "part", "group", "lineage"), ELSEWHERE),
    },
    actions.PlanActionAssessed: {"assessment": OWN, "evidence": ELSEWHERE},
    actions.PlanActionAssessmentWithdrawn: {"assessment": OWN},
    actions.PlanActionAssessmentAccepted: {"assessment": OWN, "meeting": ELSEWHERE},
    actions.PlanActionAssessmentChallenged: {"assessment": OWN, "meeting": ELSEWHERE},
    actions.PlanActionEvidenceAdded: {"evidence": OWN},
    actions.PlanActionRescheduleAsked: {"request": OWN},
    actions.PlanActionRescheduled: {"request": OWN},
    actions.PlanActionRescheduleRefused: {"request": OWN},
    actions.PlanActionSplit: {"into": ELSEWHERE},
    actions.PlanActionMerged: {"into": ELSEWHERE},
    actions.SuccessMeasureSet: {"measure": OWN},
    actions.SuccessMeasureWithdrawn: {"measure": OWN},
    actions.SuccessMeasureReported: {"report": OWN, "measure": ELSEWHERE},
}

CALLED: dict[tuple[type[Fact], str], str] = {
    (plans.RagScalePublished, "scale"): "rag_scale",
    (plans.RagScaleMapped, "old"): "mapped_from",
    (plans.RagScaleMapped, "new"): "mapped_to",
    (plans.RagScaleMapped, "levels"): "mapped_levels",
    (plans.ImprovementPlanOpened, "scale"): "rated_on",
    (plans.TaskGroupFormed, "name"): "title",
    (plans.BoardMeetingCalled, "on"): "meeting_on",
    (actions.PlanActionAssessed, "as_at"): "rated_as_at",
    (actions.PlanActionAssessed, "scale"): "rated_on",
    (actions.PlanActionAssessed, "said"): "said_in_source",
    (actions.PlanActionEvidenceAdded, "of"): "evidence_of",
    (actions.PlanActionEvidenceAdded, "what"): "evidence_what",
    (actions.PlanActionEvidenceAdded, "where"): "evidence_where",
    (actions.PlanActionEvidenceAdded, "on"): "evidence_on",
    (actions.SuccessMeasureSet, "text"): "measure_text",
    (actions.SuccessMeasureSet, "comparator"): "measure_comparator",
    (actions.SuccessMeasureSet, "target"): "measure_target",
    (actions.SuccessMeasureSet, "unit"): "measure_unit",
    (actions.SuccessMeasureSet, "indicator"): "measure_indicator",
    (actions.SuccessMeasureReported, "state"): "reported_state",
    (actions.SuccessMeasureReported, "said"): "said_in_source",
    (actions.SuccessMeasureReported, "period"): "reported_period",
    (actions.SuccessMeasureReported, "values"): "reported_values",
    (actions.SuccessMeasureReported, "unit"): "measure_unit",
    (actions.SuccessMeasureReported, "numerator"): "reported_numerator",
    (actions.SuccessMeasureReported, "denominator"): "reported_denominator",
    (actions.SuccessMeasureReported, "note"): "reported_note",
    (actions.SuccessMeasureReported, "reading"): "reported_reading",
    (actions.PlanActionLinked, "kind"): "link_kind",
    (actions.PlanActionLinked, "to"): "link_to",
    (actions.PlanActionUnlinked, "kind"): "link_kind",
    (actions.PlanActionUnlinked, "to"): "link_to",
}

PAIRS: dict[type[Fact], tuple[tuple[str, str, str], ...]] = {
    plans.PlanScaleAdopted: (("old", "new", "rated_on"),),
    plans.PlanPartReworded: (("old", "new", "title"),),
    plans.PlanPartLedBy: (("old", "new", "leads"),),
    actions.PlanActionReworded: (("old", "new", "title"),),
    actions.PlanActionLedBy: (
        ("old_leads", "new_leads", "leads"),
        ("old_responsible", "new_responsible", "responsible"),
    ),
    actions.PlanActionRescheduleAsked: (("old", "new", "asked_dates"),),
    actions.PlanActionRescheduled: (("old", "new", "stages"),),
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
