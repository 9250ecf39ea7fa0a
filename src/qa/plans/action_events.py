"""Events of an action of an improvement plan (stream ``plan-action:<id>``).

The rating, the per cent complete and whether it makes a difference are three things that one
assessment may or may not speak of. Dates are never overwritten: the first agreed date is that of
`PlanActionAgreed`, and each rescheduling is asked for and then granted or refused.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from qa.core.due_dates import Stage
from qa.core.event import Event
from qa.core.fields import FieldWords, choice, lines
from qa.indicators.definition import Number, Unit
from qa.plans.events import PlanSource

LinkKind = Literal["indicator", "audit-question", "action"]
EvidenceOf = Literal["delivery", "impact"]


def plan_action_stream(action: str) -> str:
    return f"plan-action:{action}"


Difference = Literal["yes", "partly", "no", "too-early"]
MeasureComparator = Literal[
    "gte", "gt", "lte", "lt", "eq", "increase", "decrease", "monitor", "milestone"
]
Reading = Literal["each", "either", "sum", "none"]
"""How the figures of one report answer the target: each must meet it; they are two readings of
what was asked, and either may be meant; their sum does; none of them does."""


Level = Annotated[str | None, choice("Rating")]
MeasureUnit = Annotated[Unit | None, choice("Unit")]
Figures = Annotated[tuple[Number, ...], lines("Figures")]
Numerator = Annotated[int | None, FieldWords(label="Numerator", widget="whole")]
Denominator = Annotated[int | None, FieldWords(label="Denominator", widget="whole")]
HowRead = Annotated[Reading, choice("How the figures answer the target")]


class PlanActionAgreed(Event):
    """An action joined a plan. `stages` holds what was agreed about its dates, at its precision.

    `lineage` names the actions it came from by a split or a merger. `implied` is true where a
    source states only that the action exists.
    """

    action: str
    plan: str
    part: str
    reference: str
    title: str
    since: date
    leads: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    group: str | None = None
    stages: tuple[Stage, ...] = ()
    sources: tuple[PlanSource, ...] = ()
    lineage: tuple[str, ...] = ()
    implied: bool = False


class PlanActionAssessed(Event):
    """The action was reviewed as at a day. `level` is a code of `scale` (``id@version``); None says
    that this review gave no rating. `assessed_by` is a role, where somebody else records it."""

    assessment: str
    as_at: date
    scale: str
    level: Level = None
    percent_complete: int | None = None
    difference: Difference | None = None
    commentary: str = ""
    evidence: tuple[str, ...] = ()
    assessed_by: str = ""
    said: str = ""


class PlanActionAssessmentWithdrawn(Event):
    """An assessment was recorded by mistake; it stays readable and counts no more."""

    assessment: str


class PlanActionAssessmentAccepted(Event):
    """The board accepted the rating at a meeting."""

    assessment: str
    meeting: str


class PlanActionAssessmentChallenged(Event):
    """The board did not accept the rating at a meeting; the reason is in the envelope."""

    assessment: str
    meeting: str


class PlanActionEvidenceAdded(Event):
    """Evidence that the action was done, or that it changed something for children."""

    evidence: str
    of: EvidenceOf
    what: str
    where: str = ""
    on: date


class PlanActionRescheduleAsked(Event):
    """Somebody asked for other dates; the reason is in the envelope."""

    request: str
    old: tuple[Stage, ...]
    new: tuple[Stage, ...]


class PlanActionRescheduled(Event):
    """The asked-for dates were approved by somebody else and hold from now on."""

    request: str
    old: tuple[Stage, ...]
    new: tuple[Stage, ...]


class PlanActionRescheduleRefused(Event):
    request: str


class PlanActionReworded(Event):
    old: str
    new: str


class PlanActionLedBy(Event):
    """Who leads or is responsible changed."""

    old_leads: tuple[str, ...]
    new_leads: tuple[str, ...]
    old_responsible: tuple[str, ...]
    new_responsible: tuple[str, ...]


class PlanActionSplit(Event):
    """The action ended as such and goes on as several, which name it in their `lineage`."""

    into: tuple[str, ...]


class PlanActionMerged(Event):
    """The action ended as such and goes on in another."""

    into: str


class PlanActionRouted(Event):
    """Another board answers for the action from now on; it stays in the plan to be seen."""

    board: str


class PlanActionRemoved(Event):
    """The action left the plan; the reason is in the envelope."""


class SuccessMeasureSet(Event):
    """What would show that the action worked: in words, and where it can be, as a number.

    `indicator` names the indicator whose values answer it.
    """

    measure: str
    text: str
    comparator: MeasureComparator | None = None
    target: Number | None = None
    unit: MeasureUnit = None
    indicator: str | None = None


class SuccessMeasureWithdrawn(Event):
    measure: str


class SuccessMeasureReported(Event):
    """What a source says of a measure in its own words, as at a period.

    `state` tells apart a value, "N/A", text without a value, and nothing at all. One report may
    hold several figures; `reading` says how they answer the target, and `note` why.
    """

    report: str
    measure: str | None = None
    state: Literal["value", "not-applicable", "no-value", "blank"]
    said: str
    period: str = ""
    values: Figures = ()
    unit: MeasureUnit = None
    numerator: Numerator = None
    denominator: Denominator = None
    note: str = ""
    reading: HowRead = "each"


class SuccessMeasureReportWithdrawn(Event):
    """What was said of a measure came in by mistake: it is taken back and stays readable."""

    report: str


class PlanActionLinked(Event):
    """The action is meant to move an indicator or an audit question, or answers an audit's action.

    `to` is the id of an indicator, ``tool/domain/question`` or the id of an action.
    """

    kind: LinkKind
    to: str


class PlanActionUnlinked(Event):
    kind: LinkKind
    to: str
