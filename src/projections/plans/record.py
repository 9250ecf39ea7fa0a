"""A plan with everything under it as known at one position: the values that questions are asked of.

The days in it are the days things were so, so that one record also answers for an earlier day: what
was in the plan, due and rated then. What was *known* then is another record, at another position.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import orjson

from projections.plans.tables import PlanLinkRow
from qa.core.clock import from_microseconds
from qa.core.due_dates import Due, Stage, last_due
from qa.plans.action_events import SuccessMeasureReported
from qa.plans.events import PlanSource
from qa.plans.rag_scale import MappedLevel, RagScale
from qa.plans.status_rules import StatusRules


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHeading:
    """A plan itself. `scales` are the keys it was rated on, and `rules` the versions its status was
    computed by, each with its first day, in order."""

    id: str
    version: int
    title: str
    board: str
    tiers: tuple[str, ...]
    since: date
    rules: tuple[tuple[date, StatusRules], ...]
    scales: tuple[tuple[date, str], ...]
    closed_on: date | None
    closed_because: str | None

    def scale_on(self, day: date) -> str:
        """The key of the scale in force on a day; before the first, the first."""
        in_force = [key for since, key in self.scales if since <= day]
        return in_force[-1] if in_force else self.scales[0][1]

    def rules_on(self, day: date) -> StatusRules:
        """The rules in force on a day; before the first, the first."""
        in_force = [rules for since, rules in self.rules if since <= day]
        return in_force[-1] if in_force else self.rules[0][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRecord:
    """A part of a plan; `ended` is None, "routed" or "removed"."""

    id: str
    tier: str
    reference: str
    title: str
    first_title: str
    under: str | None
    leads: tuple[str, ...]
    sources: tuple[PlanSource, ...]
    ended: str | None
    ended_on: date | None
    ended_because: str | None
    board: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRecord:
    """A meeting of the board; `position` is what it had seen, once it is held."""

    id: str
    on: date
    title: str
    state: str
    position: int | None
    decisions: str
    cancelled_because: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A task and finish group."""

    id: str
    name: str
    lead: str
    purpose: str
    formed_on: date
    dissolved_on: date | None


class PlanClaim(NamedTuple):
    """What a document says of the ratings of a part (of the plan, for None) as at a day."""

    id: str
    part: str | None
    as_at: date
    claimed: str
    source: str


class Review(NamedTuple):
    """One assessment of an action. `level` is a code of `scale`; one that was withdrawn says why
    in `withdrawn_because`, and `board` is what a meeting made of it.

    A plan has thousands, so they are plain tuples in the order of their columns.
    """

    action: str
    id: str
    number: int
    as_at: date
    scale: str
    level: str | None
    percent_complete: int | None
    difference: str | None
    commentary: str
    evidence_json: str
    assessed_by: str
    said: str
    by: str
    recorded_us: int
    withdrawn_because: str | None
    board: str | None
    board_meeting: str | None
    board_because: str | None

    @property
    def stands(self) -> bool:
        return self.withdrawn_because is None

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of the pieces of evidence that it names."""
        return tuple(orjson.loads(self.evidence_json))

    @property
    def recorded_at(self) -> datetime:
        return from_microseconds(self.recorded_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduling:
    """A request for other dates; `state` is "asked", "approved" or "refused"."""

    id: str
    action: str
    state: str
    old: tuple[Stage, ...]
    new: tuple[Stage, ...]
    asked_by: str
    asked_on: date
    because: str | None
    decided_by: str | None
    decided_on: date | None
    decided_because: str | None

    @property
    def ends(self) -> tuple[date | None, date | None]:
        """The last days of the dates before and after, where they have one."""
        before, after = last_due(self.old), last_due(self.new)
        return (
            None if before is None else before.last_day,
            None if after is None else after.last_day,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecord:
    """A piece of evidence, of "delivery" or of "impact"."""

    id: str
    action: str
    of: str
    what: str
    where: str
    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A success measure of an action."""

    id: str
    action: str
    text: str
    comparator: str | None
    target: Decimal | None
    unit: str | None
    indicator: str | None
    set_on: date
    withdrawn_on: date | None
    withdrawn_because: str | None

    def stands_on(self, day: date) -> bool:
        return self.set_on <= day and (self.withdrawn_on is None or self.withdrawn_on > day)


@dataclass(frozen=True, slots=True)
class Reported:
    """What was said of a measure, or of the action where it names none."""

    action: str
    on: date
    by: str
    content: SuccessMeasureReported


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewording:
    """A change of an action's words."""

    action: str
    old: str
    new: str
    by: str
    on: date
    because: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRecord:
    """An action. `first` are the dates agreed first, `stages` those in force as far as is known.

    `ended` is None, "split", "merged", "routed" or "removed", and `ended_into` where to.
    """

    id: str
    plan: str
    part: str
    version: int
    reference: str
    title: str
    first_title: str
    since: date
    leads: tuple[str, ...]
    responsible: tuple[str, ...]
    group: str | None
    first: tuple[Stage, ...]
    stages: tuple[Stage, ...]
    reschedulings: int
    sources: tuple[PlanSource, ...]
    lineage: tuple[str, ...]
    implied: bool
    ended: str | None
    ended_on: date | None
    ended_because: str | None
    ended_into: tuple[str, ...]

    @property
    def first_due(self) -> Due | None:
        return last_due(self.first)

    @property
    def due(self) -> Due | None:
        return last_due(self.stages)

    def in_plan_on(self, day: date) -> bool:
        """Whether the action was one of the plan's on a day: begun, and not yet ended."""
        return self.since <= day and (self.ended_on is None or self.ended_on > day)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleMapping:
    """From `since` on, levels of the scale `old` may be taken for those of `new`."""

    old: str
    new: str
    since: date
    levels: tuple[MappedLevel, ...]


@dataclass(frozen=True, kw_only=True)
class PlanRecord:
    """Everything of one plan. `position` is where it was read at (None: now).

    Parts are in the order of the plan, actions in that of their references, reviews and requests
    in the order of their days.
    """

    plan: PlanHeading
    position: int | None
    scales: Mapping[str, RagScale]
    mappings: tuple[ScaleMapping, ...]
    parts: Mapping[str, PartRecord]
    groups: Mapping[str, Group]
    meetings: tuple[MeetingRecord, ...]
    claims: tuple[PlanClaim, ...]
    actions: Mapping[str, ActionRecord]
    reviews: Mapping[str, tuple[Review, ...]]
    reschedulings: Mapping[str, tuple[Rescheduling, ...]]
    evidence: Mapping[str, tuple[EvidenceRecord, ...]]
    measures: Mapping[str, tuple[Measure, ...]]
    reports: Mapping[str, tuple[Reported, ...]]
    links: Mapping[str, tuple[PlanLinkRow, ...]]
    rewordings: Mapping[str, tuple[Rewording, ...]]
    themes: Mapping[str, str] = field(default_factory=dict)

    def actions_on(self, day: date) -> list[ActionRecord]:
        """The actions that were in the plan on a day."""
        return [action for action in self.actions.values() if action.in_plan_on(day)]

    def theme_of(self, action: ActionRecord) -> str:
        """The part at the top of the plan that the action hangs under."""
        return self.themes.get(action.part, action.part)

    def top(self) -> list[PartRecord]:
        """The themes: the parts that stand under no other."""
        return [part for part in self.parts.values() if self.themes[part.id] == part.id]

    def meeting(self, meeting: str) -> MeetingRecord | None:
        return next((one for one in self.meetings if one.id == meeting), None)
