"""What the facts of improvement plans, their actions and RAG scales say, each in one sentence."""

from __future__ import annotations

from qa.core.due_dates import Stage, last_due
from qa.core.fact import Fact
from qa.plans import action_events as actions
from qa.plans import events as plans


def said(fact: Fact) -> str | None:
    """The sentence of a fact of a plan, an action of a plan or a scale; None for any other."""
    return _plan(fact) or _action(fact) or _review(fact)


def _plan(fact: Fact) -> str | None:
    match fact:
        case plans.RagScalePublished():
            return f"Published the RAG scale “{fact.scale.name}”, version {fact.scale.version}"
        case plans.RagScaleMapped():
            return f"Mapped levels of {fact.old} to {fact.new} from {fact.since}"
        case plans.ImprovementPlanOpened():
            return f"Opened the improvement plan “{fact.title}”"
        case plans.PlanScaleAdopted():
            return f"Rated on the scale {fact.new} from {fact.since}"
        case plans.PlanRulesAdopted():
            return f"Adopted version {fact.rules.version} of the rules of the computed status"
        case plans.PlanPartAdded():
            return f"Added {fact.tier} {fact.reference}"
        case plans.PlanPartReworded():
            return "Reworded a part of the plan"
        case plans.PlanPartLedBy():
            return "Changed who leads a part of the plan"
        case plans.PlanPartRouted():
            return f"Routed a part of the plan to {fact.board}"
        case plans.PlanPartRemoved():
            return "Removed a part of the plan"
        case plans.TaskGroupFormed():
            return f"Formed the task and finish group “{fact.name}”"
        case plans.TaskGroupDissolved():
            return "Dissolved a task and finish group"
        case plans.BoardMeetingCalled():
            return f"Called “{fact.title}” for {fact.on}"
        case plans.BoardMeetingCancelled():
            return "Cancelled a meeting of the board"
        case plans.BoardMeetingHeld():
            return f"The board met and saw the record up to position {fact.position}"
        case plans.ImprovementPlanClosed():
            return "Closed the improvement plan"
    return None


def _action(fact: Fact) -> str | None:
    match fact:
        case actions.PlanActionAgreed():
            from_others = ", out of another action" if fact.lineage else ""
            return f"Agreed action {fact.reference}{from_others}{_due(fact.stages)}"
        case actions.PlanActionReworded():
            return "Reworded the action"
        case actions.PlanActionLedBy():
            return "Changed who leads the action or is responsible for it"
        case actions.PlanActionSplit():
            return f"Split the action into {len(fact.into)}"
        case actions.PlanActionMerged():
            return "Merged the action into another"
        case actions.PlanActionRouted():
            return f"Routed the action to {fact.board}"
        case actions.PlanActionRemoved():
            return "Removed the action from the plan"
        case actions.PlanActionEvidenceAdded():
            return f"Added evidence of {fact.of}"
        case actions.PlanActionLinked():
            return f"Linked to the {fact.kind.replace('-', ' ')} {fact.to}"
        case actions.PlanActionUnlinked():
            return f"Took away the link to the {fact.kind.replace('-', ' ')} {fact.to}"
    return None


def _review(fact: Fact) -> str | None:
    match fact:
        case actions.PlanActionAssessed():
            rated = f"Rated {fact.level}" if fact.level else "Reviewed without a rating"
            by = f" by {fact.assessed_by}" if fact.assessed_by else ""
            return f"{rated}{by} as at {fact.as_at} (scale {fact.scale})"
        case actions.PlanActionAssessmentWithdrawn():
            return "Withdrew a review recorded by mistake"
        case actions.PlanActionAssessmentAccepted():
            return "The board accepted the rating"
        case actions.PlanActionAssessmentChallenged():
            return "The board challenged the rating"
        case actions.PlanActionRescheduleAsked():
            return f"Asked for another date{_due(fact.new)}"
        case actions.PlanActionRescheduled():
            return f"Approved the new date{_due(fact.new)}"
        case actions.PlanActionRescheduleRefused():
            return "Refused the new date"
        case actions.SuccessMeasureSet():
            return "Set a success measure"
        case actions.SuccessMeasureWithdrawn():
            return "Withdrew a success measure"
        case actions.SuccessMeasureReported():
            period = f" for {fact.period}" if fact.period else ""
            return f"Reported on a success measure{period}"
    return None


def _due(stages: tuple[Stage, ...]) -> str:
    due = last_due(stages)
    return "" if due is None else f", due {due.label}"
