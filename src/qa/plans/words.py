"""How the events of improvement plans and RAG scales are told in history, and what their values and
those of their actions are called."""

from __future__ import annotations

from collections.abc import Mapping

from qa.core.dates_in_words import day
from qa.core.due_dates import Stage
from qa.core.event_words import EventWords, RoomWords, Searched, Statement, parts_in_words
from qa.plans import action_words, events
from qa.plans.rag_scale import MappedLevel, RagLevel

LABELS = {
    "asked_dates": "Dates requested",
    "assessed_by": "Assessed by",
    "board": "Board",
    "claimed": "Published figure",
    "decisions": "What the meeting decided",
    "difference": "Is it making a difference?",
    "evidence_of": "Evidence of",
    "evidence_on": "Day of the evidence",
    "evidence_what": "What the evidence is",
    "evidence_where": "Where the evidence is kept",
    "implied": "The source states only that it exists",
    "leads": "Leads",
    "link_kind": "Linked to a",
    "link_to": "Linked to",
    "mapped_from": "Levels of the scale",
    "mapped_levels": "Levels taken for one another",
    "mapped_to": "Taken for levels of the scale",
    "measure_comparator": "Target asks for",
    "measure_indicator": "Answered by the indicator",
    "measure_target": "Target",
    "measure_text": "Success measure",
    "percent_complete": "Per cent complete",
    "published_in": "Where it is published",
    "purpose": "Purpose",
    "rated_as_at": "As at",
    "rated_on": "Scale",
    "reported_note": "Note",
    "reported_period": "Period",
    "reported_state": "What was reported",
    "responsible": "Responsible",
    "rules.complete_percent": "Claimed complete from (%)",
    "rules.impact_needs_measures": "Embedded needs every measure met",
    "rules.review_every_days": "Days until a review is due",
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
    "either": "They are two readings of the question",
    "sum": "Their sum does",
    "none": "None of them does",
}
DIFFERENCES: Mapping[str, str] = {
    "yes": "Yes",
    "partly": "Partly",
    "no": "No",
    "too-early": "Too early to say",
}
EVIDENCE_OF: Mapping[str, str] = {"delivery": "Delivery", "impact": "Impact"}
LINKED: Mapping[str, str] = {
    "indicator": "Indicator",
    "audit-question": "Question of an audit tool",
    "action": "Action of an audit",
}
REPORTED: Mapping[str, str] = {
    "value": "A value",
    "not-applicable": "That it does not apply",
    "no-value": "Words without a value",
    "blank": "Nothing",
}
_RULES = Statement("rules", ("rules",))
_PART = {"part": action_words.OWN}
_GROUP = {"group": action_words.OWN}
_MEETING = {"meeting": action_words.OWN}
_CLAIM = {"claim": action_words.OWN}


def _stage(stage: Stage) -> str:
    due = f"from {stage.due.label}" if stage.role == "start" else stage.due.label
    return f"{stage.label}: {due}" if stage.label else due


def _source(source: events.PlanSource) -> str:
    return " ".join(part for part in (source.kind, source.reference, source.text) if part)


def _mapped(level: MappedLevel) -> str:
    return f"{level.old} as {level.new}"


_EVENTS = (
    EventWords(
        events.RagScalePublished,
        lambda event: (
            f"Published the RAG scale “{event.scale.name}”, version {event.scale.version}"
        ),
        paths={"scale": "rag_scale"},
        statement=Statement("scale", ("scale",)),
    ),
    EventWords(
        events.RagScaleWithdrawn,
        lambda event: f"Took back version {event.version} of the RAG scale",
        paths={"version": "rag_scale.version"},
    ),
    EventWords(
        events.RagScaleMapped,
        lambda event: f"Mapped levels of {event.old} to {event.new} from {event.since}",
        paths={"old": "mapped_from", "new": "mapped_to", "levels": "mapped_levels"},
    ),
    EventWords(
        events.ImprovementPlanOpened,
        lambda event: f"Opened the improvement plan “{event.title}”",
        paths={"scale": "rated_on"},
        hidden={"plan": action_words.OWN},
        statement=_RULES,
        searched=Searched(("board",), titles=("title",)),
    ),
    EventWords(
        events.PlanScaleAdopted,
        lambda event: f"Rated on the scale {event.new} from {event.since}",
        pairs=(("old", "new", "rated_on"),),
    ),
    EventWords(
        events.PlanRulesAdopted,
        lambda event: f"Adopted version {event.rules.version} of the rules of the computed status",
        statement=_RULES,
    ),
    EventWords(
        events.PlanPartAdded,
        lambda event: f"Added {event.tier} {event.reference}",
        hidden={**_PART, "under": action_words.ELSEWHERE},
        searched=Searched(("leads",), titles=("title",), by="part"),
    ),
    EventWords(
        events.PlanPartReworded,
        "Reworded a part of the plan",
        hidden=_PART,
        pairs=(("old", "new", "title"),),
        searched=Searched(titles=("new",), by="part"),
    ),
    EventWords(
        events.PlanPartLedBy,
        "Changed who leads a part of the plan",
        hidden=_PART,
        pairs=(("old", "new", "leads"),),
        searched=Searched(("new",), by="part"),
    ),
    EventWords(
        events.PlanPartRouted,
        lambda event: f"Routed a part of the plan to {event.board}",
        hidden=_PART,
    ),
    EventWords(events.PlanPartRemoved, "Removed a part of the plan", hidden=_PART),
    EventWords(
        events.TaskGroupFormed,
        lambda event: f"Formed the task and finish group “{event.name}”",
        paths={"name": "title"},
        hidden=_GROUP,
    ),
    EventWords(events.TaskGroupDissolved, "Dissolved a task and finish group", hidden=_GROUP),
    EventWords(
        events.PlanClaimRecorded,
        lambda event: f"Kept a published figure as at {day(event.as_at)}",
        paths={"as_at": "rated_as_at", "source": "published_in"},
        hidden={**_CLAIM, **_PART},
    ),
    EventWords(events.PlanClaimWithdrawn, "Took back a published figure", hidden=_CLAIM),
    EventWords(
        events.BoardMeetingCalled,
        lambda event: f"Called “{event.title}” for {day(event.on)}",
        paths={"on": "meeting_on"},
        hidden=_MEETING,
    ),
    EventWords(events.BoardMeetingCancelled, "Cancelled a meeting of the board", hidden=_MEETING),
    EventWords(
        events.BoardMeetingHeld,
        lambda event: f"The board met and saw the record up to entry {event.position}",
        hidden=_MEETING,
        searched=Searched(("decisions",), by="meeting"),
    ),
    EventWords(events.ImprovementPlanClosed, "Closed the improvement plan"),
)
HISTORY = RoomWords(
    labels=LABELS,
    beneath={"rag_scale": parts_in_words},
    codes={
        "difference": DIFFERENCES,
        "evidence_of": EVIDENCE_OF,
        "link_kind": LINKED,
        "measure_comparator": COMPARATORS,
        "reported_reading": READINGS,
        "reported_state": REPORTED,
    },
    keyed={RagLevel: ("code", None)},
    in_text={Stage: _stage, events.PlanSource: _source, MappedLevel: _mapped},
    events=(*_EVENTS, *action_words.EVENTS),
)
