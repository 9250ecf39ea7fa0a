"""What improvement plans, and the fields of their events, are called in history."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.engine import Connection

from projections.history.sentences import words
from projections.plans import queries

LABELS = {
    "asked_dates": "Dates asked for",
    "assessed_by": "Assessed by",
    "board": "Board",
    "decisions": "What the meeting decided",
    "difference": "Is it making a difference?",
    "evidence_of": "Evidence of",
    "evidence_on": "Day of the evidence",
    "evidence_what": "What the evidence is",
    "evidence_where": "Where the evidence is kept",
    "implied": "The source states only that it exists",
    "lead": "Lead",
    "leads": "Leads",
    "level": "Rating",
    "link_kind": "Linked to a",
    "link_to": "Linked to",
    "mapped_from": "Levels of the scale",
    "mapped_levels": "Levels taken for one another",
    "mapped_to": "Taken for levels of the scale",
    "measure_comparator": "Target asks for",
    "measure_indicator": "Answered by the indicator",
    "measure_target": "Target",
    "measure_text": "Success measure",
    "measure_unit": "Unit",
    "meeting_on": "Day of the meeting",
    "percent_complete": "Per cent complete",
    "purpose": "Purpose",
    "rated_as_at": "As at",
    "rated_on": "Scale",
    "reported_denominator": "Denominator",
    "reported_note": "Note",
    "reported_numerator": "Numerator",
    "reported_period": "Period",
    "reported_reading": "How the figures answer the target",
    "reported_state": "What was reported",
    "reported_values": "Figures",
    "responsible": "Responsible",
    "rules.complete_percent": "Claimed complete from (%)",
    "rules.impact_needs_measures": "Embedded needs every measure met",
    "rules.review_every_days": "Days until a review is owed",
    "rules.slip_tolerance_days": "Days late that still count as in time",
    "rules.version": "Version of the rules",
    "said_in_source": "As the source says it",
    "sources": "Comes from",
    "stages": "Due",
    "tier": "Tier",
    "tiers": "Tiers",
}

COMPARATORS: Mapping[str, str] = {
    "gte": "At least",
    "gt": "More than",
    "lte": "At most",
    "lt": "Less than",
    "eq": "Exactly",
    "increase": "An increase",
    "decrease": "A decrease",
    "monitor": "Nothing: it is watched",
    "milestone": "Something to be done",
}
READINGS: Mapping[str, str] = {
    "each": "Each figure must meet it",
    "either": "They are two readings of what was asked",
    "sum": "Their sum does",
    "none": "None of them does",
}
CODED: Mapping[str, Mapping[str, str]] = {
    "difference": {"yes": "Yes", "partly": "Partly", "no": "No", "too-early": "Too early to say"},
    "evidence_of": {"delivery": "Delivery", "impact": "Impact"},
    "link_kind": {
        "indicator": "Indicator",
        "audit-question": "Question of an audit tool",
        "action": "Action of an audit",
    },
    "measure_comparator": COMPARATORS,
    "reported_reading": READINGS,
    "reported_state": {
        "value": "A value",
        "not-applicable": "That it does not apply",
        "no-value": "Words without a value",
        "blank": "Nothing",
    },
}


def plan_named(connection: Connection, kind: str, key: str, *, position: int | None) -> str | None:
    """The name of a plan, an action of one or a scale; None for what goes by its key."""
    if kind == "plan":
        plan = queries.plan(connection, key, position=position)
        return None if plan is None else f"Improvement plan “{plan.title}”"
    if kind == "plan-action":
        action = queries.action(connection, key, position=position)
        return None if action is None else f"Action {action.reference} of an improvement plan"
    return f"RAG scale {words(key)}" if kind == "rag-scale" else None
