"""What can be asked of the actions of an improvement plan, and of what is said of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.command import Command
from qa.core.due_dates import Stage
from qa.core.fields import FieldWords, choice, day, lines, reason_text, several, target
from qa.core.frozen import Frozen
from qa.indicators.definition import Number
from qa.plans import action_events
from qa.plans.commands import Leads, NewBoard, WhyReworded, WhyRouted, numbered
from qa.plans.events import LONGEST, PlanSource, name_text, prose

WHAT_TO_DO = prose("What is to be done", missing="Say what is to be done.")
Responsible = Annotated[tuple[str, ...], lines("Responsible officers, one a line")]


class Agreed(Frozen):
    """What is agreed about a new action. `stages` are its dates, each at its own precision."""

    title: Annotated[str, WHAT_TO_DO]
    reference: Annotated[str, numbered("1.3", "Give the action its number.")]
    leads: Leads = ()
    responsible: Responsible = ()
    group: Annotated[str | None, choice("Task and finish group")] = None
    stages: tuple[Stage, ...] = ()
    sources: tuple[PlanSource, ...] = ()


class PlanActionMade(Frozen):
    """The id of the action."""

    action: str


class AgreePlanAction(Command, Agreed, writes="plan-action:{action}", result=PlanActionMade):
    """Add an action under a part of a plan."""

    plan: Annotated[str, FieldWords(label="The id of the plan")]
    part: Annotated[str, choice("Under which part")]
    since: Annotated[date | None, day("Since when (today, if left empty)")] = None


class OfPlanAction(Command, stream="plan-action:{action}"):
    """What is asked of an action that there is."""

    action: Annotated[str, target("The id of the action.")]


class RewordPlanAction(OfPlanAction):
    """Change the words of an action; the earlier ones stay readable."""

    title: Annotated[str, WHAT_TO_DO]
    reason: WhyReworded


class LeadPlanAction(OfPlanAction):
    """Say who leads an action, and who is responsible, from now on."""

    leads: Annotated[tuple[str, ...], lines("Leads, one a line")]
    responsible: Responsible = ()


class PlanEvidenceMade(Frozen):
    """The id of the evidence."""

    evidence: str


class AddPlanEvidence(OfPlanAction, result=PlanEvidenceMade):
    """Add evidence that an action was done, or that it changed something for children."""

    of: Annotated[
        action_events.EvidenceOf,
        choice("What it is evidence of", missing="Say what it is evidence of."),
    ]
    what: Annotated[str, prose("What it shows", missing="Say what the evidence is.")]
    where: Annotated[
        str, name_text("Where it is kept (optional)", "A reference or a link, no file")
    ] = ""
    on: Annotated[date | None, day("Of which day (today, if left empty)")] = None


class LinkPlanAction(OfPlanAction):
    """Link an action to what it should move, or to the audit action it answers."""

    kind: Annotated[action_events.LinkKind, choice("To what", missing="Choose what it is.")]
    to: Annotated[
        str,
        name_text(
            "Its id",
            "For a question: tool/domain/question, as the page of the tool gives them",
            missing="Say what it is linked to.",
        ),
    ]


class UnlinkPlanAction(OfPlanAction):
    """Take a link away."""

    kind: Annotated[action_events.LinkKind, choice("To what")]
    to: Annotated[str, FieldWords(label="Its id")]


class PlanActionsMade(Frozen):
    """The ids of the actions that it goes on as."""

    actions: tuple[str, ...]


class SplitPlanAction(OfPlanAction, result=PlanActionsMade):
    """Split an action into new ones, which name it in their lineage."""

    into: tuple[Agreed, ...]
    reason: Annotated[str, reason_text(missing="Say why the action is split.")]


class MergePlanAction(OfPlanAction):
    """Let an action go on in another one of the same plan."""

    into: Annotated[
        str,
        choice(
            "Into which action", missing="Choose another action of this plan that still goes on."
        ),
    ]
    reason: Annotated[str, reason_text(missing="Say why the actions are merged.")]


class RoutePlanAction(OfPlanAction):
    """Hand an action to another board; it stays in the plan to be seen."""

    board: NewBoard
    reason: WhyRouted


class RemovePlanAction(OfPlanAction):
    """Take an action out of its plan."""

    reason: Annotated[str, reason_text(missing="Say why the action leaves the plan.")]


class PlanAssessmentMade(Frozen):
    """The id of the review."""

    assessment: str


class AssessPlanAction(OfPlanAction, result=PlanAssessmentMade):
    """Review an action as at a day: a rating, a per cent complete, a difference made, or words."""

    as_at: Annotated[date | None, day("As at (today, if left empty)")] = None
    level: action_events.Level = None
    percent_complete: Annotated[
        int | None,
        FieldWords(
            label="Per cent complete (optional)",
            hint="From 0 to 100",
            widget="whole",
            least=0,
            most=100,
            code="percent-out-of-range",
            sentence="Per cent complete is a whole number from 0 to 100.",
        ),
    ] = None
    difference: Annotated[
        action_events.Difference | None, choice("Is it making a difference for children?")
    ] = None
    commentary: Annotated[
        str,
        prose(
            "Commentary", "What was done, what is next, and why this rating", longest=4 * LONGEST
        ),
    ] = ""
    evidence: Annotated[tuple[str, ...], several("Evidence for it")] = ()
    assessed_by: Annotated[
        str, name_text("Whose view it is (optional)", "A role or a group", coded="assessed_by")
    ] = ""
    replaces: Annotated[
        str | None,
        choice(
            "Does it replace a review?",
            "The review that it replaces is withdrawn and stays readable.",
        ),
    ] = None
    reason: Annotated[str | None, FieldWords(label="If it does: why", widget="long")] = None


class OfPlanAssessment(OfPlanAction):
    """What is asked of a review."""

    review: Annotated[str, target("The id of the review.")]


class WithdrawPlanAssessment(OfPlanAssessment):
    """Withdraw a review that was recorded by mistake."""

    reason: Annotated[str, reason_text(missing="Say why the review is withdrawn.")]


class AcceptPlanAssessment(OfPlanAssessment):
    """Record that the board accepted a rating at a meeting."""

    meeting: Annotated[str, choice("At which meeting")]


class ChallengePlanAssessment(AcceptPlanAssessment):
    """Record that the board did not accept a rating at a meeting, and why."""

    reason: Annotated[
        str, reason_text("If it was challenged: why", missing="Say why the board challenged it.")
    ]


class PlanDatesRequestMade(Frozen):
    """The id of the request."""

    request: str


class AskPlanDates(OfPlanAction, result=PlanDatesRequestMade):
    """Ask for other dates."""

    new: tuple[Stage, ...]
    reason: Annotated[
        str, reason_text("Why the dates have to move", missing="Say why the dates should move.")
    ]


class ApprovePlanDates(OfPlanAction):
    """Grant the dates that somebody else asked for."""

    asked: Annotated[str, target("The id of the request.")]


class RefusePlanDates(ApprovePlanDates):
    """Refuse the dates that somebody else asked for."""

    reason: Annotated[
        str,
        reason_text("Why (needed for a refusal)", missing="Say why the dates stay as they are."),
    ]


class SuccessMeasureMade(Frozen):
    """The id of the measure."""

    measure: str


class SetSuccessMeasure(OfPlanAction, result=SuccessMeasureMade):
    """Set what would show that an action worked."""

    text: Annotated[
        str, prose("What would show that it worked", missing="Say what would show that it worked.")
    ]
    comparator: Annotated[
        action_events.MeasureComparator | None, choice("Its number should be")
    ] = None
    target: Annotated[Number | None, FieldWords(label="Number", widget="number")] = None
    unit: action_events.MeasureUnit = None
    indicator: Annotated[str | None, choice("Indicator that answers it (optional)")] = None


class WithdrawSuccessMeasure(OfPlanAction):
    """Take a success measure away; what was said of it stays readable."""

    measure: Annotated[str, target("The id of the success measure.")]
    reason: Annotated[str, reason_text(missing="Say why the measure goes.")]


class SuccessMeasureReportMade(Frozen):
    """The id of the report."""

    report: str


class ReportSuccessMeasure(OfPlanAction, result=SuccessMeasureReportMade):
    """Record what is said of a success measure as at a period."""

    measure: Annotated[str | None, choice("Which measure")] = None
    said: Annotated[
        str,
        name_text(
            "How it stands",
            "For example 82%, 41 of 50, 27% exc Dec, or N/A",
            missing="Write the update on the measure.",
            longest=LONGEST,
        ),
    ]
    period: Annotated[
        str, FieldWords(label="Of which day or period", hint="For example March 2027")
    ] = ""
    values: action_events.Figures = ()
    unit: action_events.MeasureUnit = None
    numerator: action_events.Numerator = None
    denominator: action_events.Denominator = None
    note: Annotated[str, name_text("Note (optional)", longest=LONGEST)] = ""
    reading: action_events.HowRead = "each"
