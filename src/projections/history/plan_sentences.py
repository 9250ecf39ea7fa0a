"""What the events of improvement plans, their actions and RAG scales say, each in one sentence."""

from __future__ import annotations

from qa.core.due_dates import Stage, last_due
from qa.core.event import Event
from qa.plans import action_events, events


def said(event: Event) -> str | None:
    """The sentence of an event of a plan, an action of a plan or a scale; None for any other."""
    return _plan(event) or _action(event) or _review(event)


def _plan(event: Event) -> str | None:
    match event:
        case events.RagScalePublished():
            return f"Published the RAG scale “{event.scale.name}”, version {event.scale.version}"
        case events.RagScaleMapped():
            return f"Mapped levels of {event.old} to {event.new} from {event.since}"
        case events.ImprovementPlanOpened():
            return f"Opened the improvement plan “{event.title}”"
        case events.PlanScaleAdopted():
            return f"Rated on the scale {event.new} from {event.since}"
        case events.PlanRulesAdopted():
            return f"Adopted version {event.rules.version} of the rules of the computed status"
        case events.PlanPartAdded():
            return f"Added {event.tier} {event.reference}"
        case events.PlanPartReworded():
            return "Reworded a part of the plan"
        case events.PlanPartLedBy():
            return "Changed who leads a part of the plan"
        case events.PlanPartRouted():
            return f"Routed a part of the plan to {event.board}"
        case events.PlanPartRemoved():
            return "Removed a part of the plan"
        case events.TaskGroupFormed():
            return f"Formed the task and finish group “{event.name}”"
        case events.TaskGroupDissolved():
            return "Dissolved a task and finish group"
        case events.BoardMeetingCalled():
            return f"Called “{event.title}” for {event.on}"
        case events.BoardMeetingCancelled():
            return "Cancelled a meeting of the board"
        case events.BoardMeetingHeld():
            return f"The board met and saw the record up to position {event.position}"
        case events.ImprovementPlanClosed():
            return "Closed the improvement plan"
    return None


def _action(event: Event) -> str | None:
    match event:
        case action_events.PlanActionAgreed():
            from_others = ", out of another action" if event.lineage else ""
            return f"Agreed action {event.reference}{from_others}{_due(event.stages)}"
        case action_events.PlanActionReworded():
            return "Reworded the action"
        case action_events.PlanActionLedBy():
            return "Changed who leads the action or is responsible for it"
        case action_events.PlanActionSplit():
            return f"Split the action into {len(event.into)}"
        case action_events.PlanActionMerged():
            return "Merged the action into another"
        case action_events.PlanActionRouted():
            return f"Routed the action to {event.board}"
        case action_events.PlanActionRemoved():
            return "Removed the action from the plan"
        case action_events.PlanActionEvidenceAdded():
            return f"Added evidence of {event.of}"
        case action_events.PlanActionLinked():
            return f"Linked to the {event.kind.replace('-', ' ')} {event.to}"
        case action_events.PlanActionUnlinked():
            return f"Took away the link to the {event.kind.replace('-', ' ')} {event.to}"
    return None


def _review(event: Event) -> str | None:
    match event:
        case action_events.PlanActionAssessed():
            rated = f"Rated {event.level}" if event.level else "Reviewed without a rating"
            by = f" by {event.assessed_by}" if event.assessed_by else ""
            return f"{rated}{by} as at {event.as_at} (scale {event.scale})"
        case action_events.PlanActionAssessmentWithdrawn():
            return "Withdrew a review recorded by mistake"
        case action_events.PlanActionAssessmentAccepted():
            return "The board accepted the rating"
        case action_events.PlanActionAssessmentChallenged():
            return "The board challenged the rating"
        case action_events.PlanActionRescheduleAsked():
            return f"Asked for another date{_due(event.new)}"
        case action_events.PlanActionRescheduled():
            return f"Approved the new date{_due(event.new)}"
        case action_events.PlanActionRescheduleRefused():
            return "Refused the new date"
        case action_events.SuccessMeasureSet():
            return "Set a success measure"
        case action_events.SuccessMeasureWithdrawn():
            return "Withdrew a success measure"
        case action_events.SuccessMeasureReported():
            period = f" for {event.period}" if event.period else ""
            return f"Reported on a success measure{period}"
    return None


def _due(stages: tuple[Stage, ...]) -> str:
    due = last_due(stages)
    return "" if due is None else f", due {due.label}"
