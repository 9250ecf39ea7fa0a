"""How the events of an action of an improvement plan are told in history."""

from __future__ import annotations

from qa.core.dates_in_words import day
from qa.core.due_dates import Stage, last_due
from qa.core.event_words import EventWords, Searched
from qa.plans import action_events as events

OWN = "the id of what the entry is about"
ELSEWHERE = "ids of things that have entries of their own"

_ASSESSMENT = {"assessment": OWN}
_AT_MEETING = {**_ASSESSMENT, "meeting": ELSEWHERE}
_REQUEST = {"request": OWN}
_MEASURE = {"measure": OWN}
_INTO = {"into": ELSEWHERE}
_LINK = {"kind": "link_kind", "to": "link_to"}


def _due(stages: tuple[Stage, ...]) -> str:
    due = last_due(stages)
    return "" if due is None else f", due {due.label}"


def _agreed(event: events.PlanActionAgreed) -> str:
    from_others = ", out of another action" if event.lineage else ""
    return f"Agreed action {event.reference}{from_others}{_due(event.stages)}"


def _assessed(event: events.PlanActionAssessed) -> str:
    rated = f"Rated {event.level}" if event.level else "Reviewed without a rating"
    by = f" by {event.assessed_by}" if event.assessed_by else ""
    return f"{rated}{by} as at {day(event.as_at)} (scale {event.scale})"


def _linked(event: events.PlanActionLinked | events.PlanActionUnlinked) -> str:
    return f"the {event.kind.replace('-', ' ')} {event.to}"


def _reported(event: events.SuccessMeasureReported) -> str:
    period = f" for {event.period}" if event.period else ""
    return f"Reported on a success measure{period}"


EVENTS = (
    EventWords(
        events.PlanActionAgreed,
        _agreed,
        hidden={"action": OWN, **dict.fromkeys(("plan", "part", "group", "lineage"), ELSEWHERE)},
        searched=Searched(("leads", "responsible"), names=("reference",), titles=("title",)),
    ),
    EventWords(
        events.PlanActionReworded,
        "Reworded the action",
        pairs=(("old", "new", "title"),),
        searched=Searched(titles=("new",)),
    ),
    EventWords(
        events.PlanActionLedBy,
        "Changed who leads the action or is responsible for it",
        searched=Searched(("new_leads", "new_responsible")),
    ),
    EventWords(
        events.PlanActionSplit,
        lambda event: f"Split the action into {len(event.into)}",
        hidden=_INTO,
    ),
    EventWords(events.PlanActionMerged, "Merged the action into another", hidden=_INTO),
    EventWords(events.PlanActionRouted, lambda event: f"Routed the action to {event.board}"),
    EventWords(events.PlanActionRemoved, "Removed the action from the plan"),
    EventWords(
        events.PlanActionEvidenceAdded,
        lambda event: f"Added evidence of {event.of}",
        paths={
            "of": "evidence_of",
            "what": "evidence_what",
            "where": "evidence_where",
            "on": "evidence_on",
        },
        searched=Searched(("what", "where"), by="evidence"),
        hidden={"evidence": OWN},
    ),
    EventWords(events.PlanActionLinked, lambda event: f"Linked to {_linked(event)}", paths=_LINK),
    EventWords(
        events.PlanActionUnlinked,
        lambda event: f"Took away the link to {_linked(event)}",
        paths=_LINK,
    ),
    EventWords(
        events.PlanActionAssessed,
        _assessed,
        paths={"as_at": "rated_as_at", "scale": "rated_on", "said": "said_in_source"},
        hidden={**_ASSESSMENT, "evidence": ELSEWHERE},
        searched=Searched(("commentary",), by="assessment"),
    ),
    EventWords(
        events.PlanActionAssessmentWithdrawn,
        "Withdrew a review recorded by mistake",
        hidden=_ASSESSMENT,
        searched=Searched(ends=("commentary",), by="assessment"),
    ),
    EventWords(
        events.PlanActionAssessmentAccepted,
        "The board accepted the rating",
        hidden=_AT_MEETING,
    ),
    EventWords(
        events.PlanActionAssessmentChallenged,
        "The board challenged the rating",
        hidden=_AT_MEETING,
    ),
    EventWords(
        events.PlanActionRescheduleAsked,
        lambda event: f"Asked for another date{_due(event.new)}",
        hidden=_REQUEST,
        pairs=(("old", "new", "asked_dates"),),
    ),
    EventWords(
        events.PlanActionRescheduled,
        lambda event: f"Approved the new date{_due(event.new)}",
        hidden=_REQUEST,
        pairs=(("old", "new", "stages"),),
    ),
    EventWords(events.PlanActionRescheduleRefused, "Refused the new date", hidden=_REQUEST),
    EventWords(
        events.SuccessMeasureSet,
        "Set a success measure",
        searched=Searched(("text",), by="measure"),
        paths={
            "text": "measure_text",
            "comparator": "measure_comparator",
            "target": "measure_target",
            "unit": "measure_unit",
            "indicator": "measure_indicator",
        },
        hidden=_MEASURE,
    ),
    EventWords(
        events.SuccessMeasureWithdrawn,
        "Withdrew a success measure",
        hidden=_MEASURE,
        searched=Searched(ends=("measure_text",), by="measure"),
    ),
    EventWords(
        events.SuccessMeasureReported,
        _reported,
        paths={
            "state": "reported_state",
            "said": "said_in_source",
            "period": "reported_period",
            "values": "reported_values",
            "unit": "measure_unit",
            "numerator": "reported_numerator",
            "denominator": "reported_denominator",
            "note": "reported_note",
            "reading": "reported_reading",
        },
        hidden={"report": OWN, "measure": ELSEWHERE},
    ),
    EventWords(
        events.SuccessMeasureReportWithdrawn,
        "Withdrew a report on a success measure",
        hidden={"report": OWN},
    ),
)
