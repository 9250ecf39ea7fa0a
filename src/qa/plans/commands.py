"""What can be asked of RAG scales, and of improvement plans: their parts, groups and meetings."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.command import Command
from qa.core.fields import FieldWords, choice, day, lines, reason_text, target, tick, whole
from qa.core.frozen import Frozen
from qa.core.words import CODE
from qa.plans.events import LONGEST, GroupLead, MeetingDay, PlanSource, name_text, prose
from qa.plans.rag_scale import MappedLevel, RagScale
from qa.plans.status_rules import StatusRules

NO_NAMES = "Roles rather than names"
Leads = Annotated[tuple[str, ...], lines("Leads, one a line", NO_NAMES)]


def numbered(example: str, missing: str) -> FieldWords:
    """The number of something in a plan."""
    return name_text(
        "Number", f"As the plan numbers it, for example {example}", missing=missing, longest=60
    )


NewBoard = Annotated[
    str, name_text("Which board answers for it now", missing="Say which board answers for it now.")
]
WhyRouted = Annotated[str, reason_text(missing="Say why it goes to another board.")]
WhyReworded = Annotated[str, reason_text(missing="Say why the words change.")]


class RagScaleMade(Frozen):
    """The key of the version, ``id@version``."""

    scale: str


class BeginRagScale(Command, writes="rag-scale:{content.id}", result=RagScaleMade):
    """Publish the first version of a scale."""

    content: Annotated[RagScale, target("The version of the scale.")]


class PublishRagScale(BeginRagScale, stream="rag-scale:{content.id}"):
    """Publish the next version of a scale; those that stand never change."""


class MapRagScale(Command, stream="rag-scale:{scale}"):
    """Say which level of a version of this scale each level of another one is taken for."""

    scale: Annotated[str, target("The id of the scale.", pattern=CODE)]
    old: Annotated[str, choice("Levels of")]
    new: Annotated[str, choice("may be taken for levels of")]
    levels: Annotated[
        tuple[MappedLevel, ...], lines("Which for which, one a line", "Old level = new level")
    ]
    since: Annotated[date, day("From which day on")]


class PlanMade(Frozen):
    """The id of the plan."""

    plan: str


class OpenPlan(Command, writes="plan:{plan}", result=PlanMade):
    """Open a plan that is rated on a published scale (``id@version``)."""

    title: Annotated[str, name_text("Title of the plan", missing="Say what the plan is called.")]
    board: Annotated[
        str, name_text("Board that it answers to", missing="Say which board it answers to.")
    ]
    tiers: Annotated[
        tuple[str, ...],
        lines(
            "What its parts are called, from the top, one a line",
            "For example: Ambition, then Outcome. Actions hang under any of them.",
            missing="Name at least one tier, for example Ambition.",
        ),
    ]
    scale: Annotated[str, choice("Scale that actions are rated on")]
    since: Annotated[date, day("First day of the plan")]
    rules: StatusRules | None = None


class OfPlan(Command, stream="plan:{plan}"):
    """What is asked of a plan that there is."""

    plan: Annotated[str, target("The id of the plan.")]


class AdoptPlanScale(OfPlan):
    """Rate actions on another scale from a day on; ratings given stay on theirs."""

    scale: Annotated[str, choice("Scale")]
    since: Annotated[date, day("First day")]


def _count(label: str, least: int, most: int, hint: str = "") -> FieldWords:
    return whole(
        label, least, most, hint=hint, unit="a whole number", code="number-out-of-range",
        missing=f"Enter a whole number from {least} to {most}.",
    )  # fmt: skip


class AdoptPlanRules(OfPlan):
    """Compute the status by the next version of the rules."""

    version: Annotated[int, whole("Version of the rules", 1)]
    review_every_days: Annotated[
        int,
        _count(
            "Days between two reviews",
            1,
            400,
            "An action that was not reviewed for longer is slipping.",
        ),
    ] = 45
    slip_tolerance_days: Annotated[
        int, _count("Days past its date before an action is off track", 0, 365)
    ] = 0
    complete_percent: Annotated[
        int, _count("Per cent from which an action counts as claimed complete", 1, 100)
    ] = 100
    impact_needs_measures: Annotated[
        bool, tick("Must its success measures be met before an action counts as embedded?")
    ] = True

    @property
    def rules(self) -> StatusRules:
        return StatusRules.model_validate(self.model_dump(exclude={"plan"}))


class ClosePlan(OfPlan):
    """Bring a plan to its end; everything stays readable."""

    reason: Annotated[str, reason_text(missing="Say why the plan is closed.")]


class PlanPartMade(Frozen):
    """The id of the part."""

    part: str


class AddPlanPart(OfPlan, result=PlanPartMade):
    """Add a part on one of the plan's tiers."""

    tier: Annotated[str, choice("What it is")]
    title: Annotated[str, prose("What it says", missing="Say what the part is called.")]
    reference: Annotated[str, numbered("1", "Give the part its number or code.")]
    under: Annotated[str | None, choice("Under")] = None
    leads: Leads = ()
    sources: tuple[PlanSource, ...] = ()


class OfPlanPart(OfPlan):
    """What is asked of a part that belongs to a plan."""

    part: Annotated[str, target("The id of the part.")]


class RewordPlanPart(OfPlanPart):
    """Change the words of a part; the earlier ones stay readable."""

    title: Annotated[str, prose("What it says now", missing="Say what the part is called.")]
    reason: WhyReworded


class LeadPlanPart(OfPlanPart):
    """Say who leads a part from now on."""

    leads: Leads


class RoutePlanPart(OfPlanPart):
    """Hand a part to another board; it stays in the plan to be seen."""

    board: NewBoard
    reason: WhyRouted


class RemovePlanPart(OfPlanPart):
    """Take a part without open actions out of the plan."""

    reason: Annotated[str, reason_text(missing="Say why the part leaves the plan.")]


class TaskGroupMade(Frozen):
    """The id of the group."""

    group: str


class FormTaskGroup(OfPlan, result=TaskGroupMade):
    """Set up a task and finish group."""

    name: Annotated[str, name_text("Name", missing="Give the group a name.")]
    lead: GroupLead
    purpose: Annotated[str, prose("Purpose (optional)")] = ""


class DissolveTaskGroup(OfPlan):
    """End a task and finish group."""

    group: Annotated[str, target("The id of the group.")]


class BoardMeetingMade(Frozen):
    """The id of the meeting."""

    meeting: str


class PlanClaimMade(Frozen):
    """The id of the claim."""

    claim: str


class RecordPlanClaim(OfPlan, result=PlanClaimMade):
    """Keep what a document says of the ratings of a part, or of the whole plan where none is named,
    beside what they give."""

    as_at: Annotated[date, day("As at")]
    claimed: Annotated[
        str,
        name_text(
            "Published figure",
            "A mean such as 2.8, or a rating in words",
            missing="Write what is published.",
        ),
    ]
    source: Annotated[str, name_text("Where it is published", missing="Say where it is published.")]
    part: Annotated[str, choice("Which part")] = ""


class WithdrawPlanClaim(OfPlan):
    """Take back a published figure that was recorded by mistake."""

    claim: Annotated[str, target("The id of the claim.")]
    reason: Annotated[str, reason_text(missing="Say why it is taken back.")]


class CallBoardMeeting(OfPlan, result=BoardMeetingMade):
    """Call a meeting of the board for a day."""

    on: MeetingDay
    title: Annotated[str, name_text("Title", missing="Say what the meeting is called.")]


class OfBoardMeeting(OfPlan):
    """What is asked of a meeting that was called."""

    meeting: Annotated[str, target("The id of the meeting.")]


class CancelBoardMeeting(OfBoardMeeting):
    """Cancel a meeting that was called."""

    reason: Annotated[str, reason_text(missing="Say why the meeting is cancelled.")]


class HoldBoardMeeting(OfBoardMeeting):
    """Record that a meeting took place; it saw the log up to `position` (now, for null)."""

    decisions: Annotated[str, prose("What it decided (optional)", longest=4 * LONGEST)] = ""
    position: Annotated[int | None, FieldWords(label="Position of the log", widget="whole")] = None
