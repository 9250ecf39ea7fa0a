"""Events of an improvement plan (stream ``plan:<id>``) and of a RAG scale (``rag-scale:<id>``).

A plan is made of parts on the tiers that the council names (ambition, priority, recommendation,
outcome …); the actions hang under parts and have streams of their own (`qa.plans.action_events`).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from qa.core.event import Event
from qa.core.fields import FieldWords, day, long_text, short_text
from qa.core.frozen import Frozen
from qa.plans.rag_scale import MappedLevel, RagScale
from qa.plans.status_rules import StatusRules

LONGEST = 2000
LONGEST_NAME = 300


def _too_long(longest: int) -> str:
    return f"It must be {longest:,} characters or fewer."


def name_text(
    label: str, hint: str = "", *, longest: int = LONGEST_NAME, **more: Any
) -> FieldWords:
    """A text of one line."""
    return short_text(label, hint, longest=longest, sentence=_too_long(longest), **more)


def prose(label: str, hint: str = "", *, longest: int = LONGEST, **more: Any) -> FieldWords:
    """A text of several lines."""
    return long_text(label, hint, longest=longest, sentence=_too_long(longest), **more)


GroupLead = Annotated[
    str, name_text("Lead", "A role rather than a name", missing="Say who leads the group.")
]
MeetingDay = Annotated[date, day("Day of the meeting")]


def plan_stream(plan: str) -> str:
    return f"plan:{plan}"


def scale_stream(scale: str) -> str:
    return f"rag-scale:{scale}"


class PlanSource(Frozen):
    """Where something in a plan comes from, for example Ofsted recommendation 11."""

    kind: Literal["ofsted", "audit-theme", "review", "complaint", "partnership", "other"]
    reference: str = ""
    text: str = ""


class RagScalePublished(Event):
    """A version of a scale became available to plans. It never changes again."""

    scale: RagScale


class RagScaleWithdrawn(Event):
    """A version that no plan is rated on was published by mistake: it is taken back."""

    version: int


class RagScaleMapped(Event):
    """From `since` on, figures that cross two scales may take these levels for one another."""

    old: str
    new: str
    levels: tuple[MappedLevel, ...]
    since: date


class ImprovementPlanOpened(Event):
    """A council committed itself to a plan. `tiers` names its parts from the top downwards."""

    plan: str
    title: str
    board: str
    tiers: tuple[str, ...]
    scale: str
    since: date
    rules: StatusRules


class PlanScaleAdopted(Event):
    """From `since` on, actions are rated on another scale; ratings given stay on theirs."""

    old: str
    new: str
    since: date


class PlanRulesAdopted(Event):
    """From the event's own day on, the computed status follows these rules."""

    rules: StatusRules


class PlanPartAdded(Event):
    """A part joined the plan, on a tier, under another part or at the top."""

    part: str
    tier: str
    reference: str
    title: str
    under: str | None = None
    leads: tuple[str, ...] = ()
    sources: tuple[PlanSource, ...] = ()


class PlanPartReworded(Event):
    part: str
    old: str
    new: str


class PlanPartLedBy(Event):
    """Who leads the part changed."""

    part: str
    old: tuple[str, ...]
    new: tuple[str, ...]


class PlanPartRouted(Event):
    """The part is answered for by another board from now on; it stays in the plan to be seen."""

    part: str
    board: str


class PlanPartRemoved(Event):
    """The part left the plan; the reason is in the envelope."""

    part: str


class TaskGroupFormed(Event):
    """A task and finish group was set up under the plan."""

    group: str
    name: str
    lead: GroupLead
    purpose: str = ""


class TaskGroupDissolved(Event):
    group: str


class PlanClaimRecorded(Event):
    """What a document says of the ratings of the plan, or of a part, as at a day: a mean or a level
    in its own words, kept beside what the ratings give."""

    claim: str
    part: str | None
    as_at: date
    claimed: str
    source: str


class PlanClaimWithdrawn(Event):
    """A claim was recorded by mistake; it stays readable in history."""

    claim: str


class BoardMeetingCalled(Event):
    """A meeting of the board was called for a day. What it looks at is the plan as at that day."""

    meeting: str
    on: MeetingDay
    title: str


class BoardMeetingCancelled(Event):
    meeting: str


class BoardMeetingHeld(Event):
    """The meeting took place, with what it decided; it saw the log up to `position`."""

    meeting: str
    position: int
    decisions: str = ""


class ImprovementPlanClosed(Event):
    """The plan came to its end; the reason is in the envelope."""
