"""What the facts of improvement plans, their actions and RAG scales say, each in one sentence."""

from __future__ import annotations

from qa.core.due_dates import Stage, last_due
from qa.core.fact import Fact
from qa.plans import action_events, events


def said(fact: Fact) -> str | None:
    """The sentence of a fact of a plan, an action of a plan or a scale; None for any other."""
    return _plan(fact) or _action(fact) or _review(fact)


def _plan(fact: Fact) -> str | None:
    match fact:
        case events.RagScalePublished():
            return f"Published the RAG scale “{fact.scale.name}”, version {fact.scale.version}"
        case events.RagScaleMapped():
            return f"Mapped levels of {fact.old} to {fact.new} from {fact.since}"
        case events.ImprovementPlanOpened():
            return f"Opened the improvement plan “{fact.title}”"
        case events.PlanScaleAdopted():
            return f"Rated on the scale {fact.new} from {fact.since}"
        case events.PlanRulesAdopted():
            return f"Adopted version {fact.rules.version} of the rules of the computed status"
        case events.PlanPartAdded():
            return f"Added {fact.tier} {fact.reference}"
        case events.PlanPartReworded():
            return "Reworded a part of the plan"
        case events.PlanPartLedBy():
            return "Changed who leads a part of the plan"
        case events.PlanPartRouted():
            return f"Routed a part of the plan to {fact.board}"
        case events.PlanPartRemoved():
            return "Removed a part of the plan"
        case events.TaskGroupFormed():
            return f"Formed the task and finish group “{fact.name}”"
        case events.TaskGroupDissolved():
            return "Dissolved a task and finish group"
        case events.BoardMeetingCalled():
            return f"Called “{fact.title}” for {fact.on}"
        case events.BoardMeetingCancelled():
            return "Cancelled a meeting of the board"
        case events.BoardMeetingHeld():
            return f"The board met and saw the record up to position {fact.position}"
        case events.ImprovementPlanClosed():
            return "Closed the improvement plan"
    return None


def _action(fact: Fact) -> str | None:
    match fact:
        case action_events.PlanActionAgreed():
            from_others = ", out of another action" if fact.lineage else ""
            return f"Agreed action {fact.reference}{from_others}{_due(fact.stages)}"
        case action_events.PlanActionReworded():
            return "Reworded the action"
        case action_events.PlanActionLedBy():
            return "Changed who leads the action or is responsible for it"
        case action_events.PlanActionSplit():
            return f"Split the action into {len(fact.into)}"
        case action_events.PlanActionMerged():
            return "Merged the action into another"
        case action_events.PlanActionRouted():
            return f"Routed the action to {fact.board}"
        case action_events.PlanActionRemoved():
            return "Removed the action from the plan"
        case action_events.PlanActionEvidenceAdded():
            return f"Added evidence of {fact.of}"
        case action_events.PlanActionLinked():
            return f"Linked to the {fact.kind.replace('-', ' ')} {fact.to}"
        case action_events.PlanActionUnlinked():
            return f"Took away the link to the {fact.kind.replace('-', ' ')} {fact.to}"
    return None


def _review(fact: Fact) -> str | None:
    match fact:
        case action_events.PlanActionAssessed():
            rated = f"Rated {fact.level}" if fact.level else "Reviewed without a rating"
            by = f" by {fact.assessed_by}" if fact.assessed_by else ""
            return f"{rated}{by} as at {fact.as_at} (scale {fact.scale})"
        case action_events.PlanActionAssessmentWithdrawn():
            return "Withdrew a review recorded by mistake"
        case action_events.PlanActionAssessmentAccepted():
            return "The board accepted the rating"
        case action_events.PlanActionAssessmentChallenged():
            return "The board challenged the rating"
        case action_events.PlanActionRescheduleAsked():
            return f"Asked for another date{_due(fact.new)}"
        case action_events.PlanActionRescheduled():
            return f"Approved the new date{_due(fact.new)}"
        case action_events.PlanActionRescheduleRefused():
            return "Refused the new date"
        case action_events.SuccessMeasureSet():
            return "Set a success measure"
        case action_events.SuccessMeasureWithdrawn():
            return "Withdrew a success measure"
        case action_events.SuccessMeasureReported():
            period = f" for {fact.period}" if fact.period else ""
            return f"Reported on a success measure{period}"
    return None


def _due(stages: tuple[Stage, ...]) -> str:
    due = last_due(stages)
    return "" if due is None else f", due {due.label}"
