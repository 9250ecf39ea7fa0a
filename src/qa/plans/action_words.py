"""How the events of an action of an improvement plan are told in history."""

from __future__ import annotations

from qa.core.dates_in_words import day
from qa.core.due_dates import Stage, last_due
from qa.core.event_words import EventWords, Searched, sentence
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
        searched=Searched(
            lambda event: {
                "leads": ", ".join(event.leads),
                "responsible": ", ".join(event.responsible),
            },
            names=lambda event: {"reference": event.reference},
            titles=lambda event: {"title": event.title},
        ),
    ),
    EventWords(
        events.PlanActionReworded,
        sentence("Reworded the action"),
        pairs=(("old", "new", "title"),),
        searched=Searched(titles=lambda event: {"title": event.new}),
    ),
    EventWords(
        events.PlanActionLedBy,
        sentence("Changed who leads the action or is responsible for it"),
        pairs=(
            ("old_leads", "new_leads", "leads"),
            ("old_responsible", "new_responsible", "responsible"),
        ),
        searched=Searched(
            lambda event: {
                "leads": ", ".join(event.new_leads),
                "responsible": ", ".join(event.new_responsible),
            }
        ),
    ),
    EventWords(
        events.PlanActionSplit,
        lambda event: f"Split the action into {len(event.into)}",
        hidden=_INTO,
    ),
    EventWords(events.PlanActionMerged, sentence("Merged the action into another"), hidden=_INTO),
    EventWords(events.PlanActionRouted, lambda event: f"Routed the action to {event.board}"),
    EventWords(events.PlanActionRemoved, sentence("Removed the action from the plan")),
    EventWords(
        events.PlanActionEvidenceAdded,
        lambda event: f"Added evidence of {event.of}",
        paths={
            "of": "evidence_of",
            "what": "evidence_what",
            "where": "evidence_where",
            "on": "evidence_on",
        },
        searched=Searched(
            lambda event: {
                f"evidence_what@{event.evidence}": event.what,
                f"evidence_where@{event.evidence}": event.where,
            }
        ),
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
        searched=Searched(lambda event: {f"commentary@{event.assessment}": event.commentary}),
    ),
    EventWords(
        events.PlanActionAssessmentWithdrawn,
        sentence("Withdrew a review recorded by mistake"),
        hidden=_ASSESSMENT,
        searched=Searched(ends=lambda event: (f"commentary@{event.assessment}",)),
    ),
    EventWords(
        events.PlanActionAssessmentAccepted,
        sentence("The board accepted the rating"),
        hidden=_AT_MEETING,
    ),
    EventWords(
        events.PlanActionAssessmentChallenged,
        sentence("The board challenged the rating"),
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
    EventWords(
        events.PlanActionRescheduleRefused, sentence("Refused the new date"), hidden=_REQUEST
    ),
    EventWords(
        events.SuccessMeasureSet,
        sentence("Set a success measure"),
        searched=Searched(lambda event: {f"measure_text@{event.measure}": event.text}),
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
        sentence("Withdrew a success measure"),
        hidden=_MEASURE,
        searched=Searched(ends=lambda event: (f"measure_text@{event.measure}",)),
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
        sentence("Withdrew a report on a success measure"),
        hidden={"report": OWN},
    ),
)
