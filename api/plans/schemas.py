"""What the API answers about plans, their actions and what is said of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import BaseModel

from api.json.moment_out import OfMomentOut
from api.json.row_out import RowOut
from api.web.moments import AsAt
from projections.plans import computed_status, ratings
from projections.plans.computed_status import Gap, Status
from projections.plans.lateness import Dates
from projections.plans.published import ClaimBeside
from projections.plans.ratings import Rating, Spell
from projections.plans.record import (
    ActionRecord,
    EvidenceRecord,
    Group,
    Measure,
    MeetingRecord,
    PartRecord,
    PlanHeading,
    PlanRecord,
    Reported,
    Rescheduling,
    Review,
    Rewording,
    ScaleMapping,
)
from projections.plans.success_measures import State
from projections.plans.tables import PlanLinkRow
from qa.core.carry import carry
from qa.core.due_dates import Due, DueKind, Stage
from qa.indicators.definition import Unit
from qa.plans.action_events import Reading
from qa.plans.rag_scale import RagLevel, RagScale
from qa.plans.status_rules import Computed


class DueOut(BaseModel):
    """A due date at the precision that was agreed; `label` is how a reader sees it."""

    kind: DueKind
    on: date | None
    said: str
    label: str

    @classmethod
    def of(cls, due: Due) -> Self:
        return cls(**dict(due), label=due.label)


def due_out(due: Due | None) -> DueOut | None:
    return None if due is None else DueOut.of(due)


class StageOut(BaseModel):
    """One dated step of an action. A `start` is no due date."""

    label: str
    role: Literal["due", "start"]
    due: DueOut


def stages_out(stages: tuple[Stage, ...]) -> list[StageOut]:
    return [StageOut(label=one.label, role=one.role, due=DueOut.of(one.due)) for one in stages]


class RatingOut(BaseModel):
    """A level with its meaning and the version of the scale it was given under."""

    scale: str
    level: str
    label: str
    rank: int | None
    meaning: str
    as_at: date
    assessment: str

    @classmethod
    def of(cls, rating: Rating) -> Self:
        level, review = rating.level, rating.review
        return carry(
            cls,
            level,
            scale=rating.scale.key,
            level=level.code,
            as_at=review.as_at,
            assessment=review.id,
        )


def rating_out(rating: Rating | None) -> RatingOut | None:
    return None if rating is None else RatingOut.of(rating)


class AdoptedScaleOut(BaseModel):
    """The scale (``id@version``) that actions are rated on from a day on."""

    since: date
    scale: str


class RulesInForceOut(BaseModel):
    """The rules that the status is computed by from a day on."""

    since: date
    version: int
    review_every_days: int
    slip_tolerance_days: int
    complete_percent: int
    impact_needs_measures: bool
    in_words: tuple[str, ...]


class PlanOut(RowOut, row=PlanHeading):
    """A plan as lists show it."""

    scales: list[AdoptedScaleOut]
    rules: list[RulesInForceOut]

    @classmethod
    def of(cls, row: PlanHeading, **more: Any) -> Self:
        return super().of(
            row,
            scales=[AdoptedScaleOut(since=since, scale=key) for since, key in row.scales],
            rules=[
                RulesInForceOut(
                    since=since, **rules.model_dump(), in_words=computed_status.in_words(rules)
                )
                for since, rules in row.rules
            ],
            **more,
        )


class PlansOut(OfMomentOut):
    """Every improvement plan, those that go on first."""

    plans: list[PlanOut]


class PlanActionOut(RowOut, row=ActionRecord):
    """An action of a plan; `first` are the dates agreed first, `stages` those in force."""

    first: list[StageOut]
    stages: list[StageOut]

    @classmethod
    def of(cls, row: ActionRecord, **more: Any) -> Self:
        return super().of(row, first=stages_out(row.first), stages=stages_out(row.stages), **more)


class RatedPlanActionOut(PlanActionOut):
    """An action with its rating of the day."""

    rating: RatingOut | None


def rated_out(record: PlanRecord, action: ActionRecord, day: date) -> RatedPlanActionOut:
    return RatedPlanActionOut.of(action, rating=rating_out(ratings.rating(record, action.id, day)))


class PublishedClaimOut(BaseModel):
    """What a document says of the ratings as at a day, and the means that they give: of the part,
    or for the whole plan the mean of its parts' means and that of all its actions."""

    id: str
    part: str | None
    as_at: date
    claimed: str
    source: str
    means: list[Decimal | None]
    agrees: bool | None

    @classmethod
    def of(cls, one: ClaimBeside) -> Self:
        means = [mean.value for mean in one.means]
        return cls(**one.claim._asdict(), means=means, agrees=one.agrees)


class OpenedPlanOut(PlanOut):
    """A plan with its parts and actions in order, and the scale of the day."""

    as_at: date
    position: int
    scale: RagScale
    parts: list[PartRecord]
    groups: list[Group]
    meetings: list[MeetingRecord]
    claims: list[PublishedClaimOut]
    actions: list[RatedPlanActionOut]


class ReviewOut(RowOut, row=Review, without=("action", "number", "evidence_json", "recorded_us")):
    """A review of an action, with the level that it gave on its scale."""

    label: str | None
    rank: int | None
    evidence: tuple[str, ...]
    recorded_at: datetime


def review_out(record: PlanRecord, review: Review) -> ReviewOut:
    level = ratings.level_of(record, review)
    return ReviewOut.of(
        review,
        label=None if level is None else level.label,
        rank=None if level is None else level.rank,
        evidence=review.evidence,
        recorded_at=review.recorded_at,
    )


class SpellOut(RowOut, row=Spell):
    """A stretch of days at one level; null while the action was not rated."""

    level: str | None


class DatesOut(BaseModel):
    """An action's dates on a day. Days late are 0 while in time, null where nobody can say."""

    action: str
    reference: str
    first: DueOut | None
    due: DueOut | None
    redated: int
    days_slipped: int | None
    days_late_by_first: int | None
    days_late_by_current: int | None
    met: bool

    @classmethod
    def of(cls, dates: Dates, **more: Any) -> Self:
        return cls(
            action=dates.action.id,
            reference=dates.action.reference,
            first=due_out(dates.first),
            due=due_out(dates.due),
            redated=dates.redated,
            days_slipped=dates.slipped,
            days_late_by_first=dates.late_by_first,
            days_late_by_current=dates.late_by_current,
            met=dates.done,
            **more,
        )


class MeasureStateOut(RowOut, row=Measure):
    """A success measure, and what is made of what was reported of it."""

    state: State
    reason: str
    values: tuple[Decimal, ...]
    by_indicator: bool


class StatusOut(BaseModel):
    """Declared beside computed status, with the sentences that say why."""

    action: str
    reference: str
    title: str
    declared: RatingOut | None
    computed: Computed
    computed_label: str
    why: tuple[str, ...]
    gap: Gap
    gap_label: str
    why_gap: str
    rules_version: int
    dates: DatesOut
    measures: list[MeasureStateOut]

    @classmethod
    def of(cls, status: Status) -> Self:
        return carry(
            cls,
            status,
            action=status.action.id,
            reference=status.action.reference,
            title=status.action.title,
            declared=rating_out(status.declared),
            computed_label=computed_status.COMPUTED[status.computed],
            gap_label=computed_status.GAPS[status.gap],
            rules_version=status.rules.version,
            dates=DatesOut.of(status.dates),
            measures=[
                MeasureStateOut.of(
                    measure,
                    state=found.state,
                    reason=found.reason,
                    values=found.values,
                    by_indicator=found.by_indicator,
                )
                for measure, found in status.measures
            ],
        )


class ReschedulingOut(RowOut, row=Rescheduling):
    """A request for other dates."""

    old: list[StageOut]
    new: list[StageOut]


class PlanLinkOut(RowOut, row=PlanLinkRow):
    """What an action is meant to move, or answers."""


class MeasureReportOut(BaseModel):
    """What was said of a measure, or of the action where it names none."""

    on: date
    by: str
    report: str
    measure: str | None
    state: Literal["value", "not-applicable", "no-value", "blank"]
    said: str
    period: str
    values: tuple[Decimal, ...]
    unit: Unit | None
    numerator: int | None
    denominator: int | None
    note: str
    reading: Reading

    @classmethod
    def of(cls, report: Reported) -> Self:
        return cls(on=report.on, by=report.by, **report.content.model_dump())


class OpenedPlanActionOut(RatedPlanActionOut):
    """An action with everything beneath it, as it stood on `day`."""

    as_at: date
    position: int
    day: date
    percent_complete: int | None
    difference: str | None
    commentary: str
    reviewed_on: date | None
    status: StatusOut
    strip: list[ReviewOut]
    spells: list[SpellOut]
    reschedulings: list[ReschedulingOut]
    evidence: tuple[EvidenceRecord, ...]
    reports: list[MeasureReportOut]
    links: list[PlanLinkOut]
    rewordings: tuple[Rewording, ...]


def opened_action(record: PlanRecord, action: ActionRecord, at: AsAt) -> OpenedPlanActionOut:
    """An action with everything beneath it, as it stood on the day of the moment."""
    key, day = action.id, at.on
    return OpenedPlanActionOut.of(
        action,
        as_at=at.day,
        position=at.shown,
        day=day,
        rating=rating_out(ratings.rating(record, key, day)),
        **asdict(ratings.remarks(record, key, day)),
        status=StatusOut.of(computed_status.status(record, action, day)),
        strip=[review_out(record, one) for one in ratings.strip(record, key)],
        spells=[
            SpellOut.of(one, level=one.level and one.level.code)
            for one in ratings.spells(record, action, day)
        ],
        reschedulings=[
            ReschedulingOut.of(one, old=stages_out(one.old), new=stages_out(one.new))
            for one in record.reschedulings.get(key, ())
        ],
        evidence=record.evidence.get(key, ()),
        reports=[MeasureReportOut.of(one) for one in record.reports.get(key, ())],
        links=[*map(PlanLinkOut.of, record.links.get(key, ()))],
        rewordings=record.rewordings.get(key, ()),
    )


class RagScaleOut(BaseModel):
    """A published version of a scale; `key` is ``id@version``."""

    id: str
    version: int
    name: str
    best: Literal["highest", "lowest"]
    levels: tuple[RagLevel, ...]
    key: str

    @classmethod
    def of(cls, scale: RagScale) -> Self:
        return cls(**dict(scale), key=scale.key)


class RagScalesOut(BaseModel):
    """Every published version of every scale, and every mapping between two."""

    position: int
    scales: list[RagScaleOut]
    mappings: list[ScaleMapping]


class OpenedRagScaleOut(BaseModel):
    """The versions of one scale, and the mappings onto it."""

    position: int
    scale: str
    versions: list[RagScaleOut]
    mappings: list[ScaleMapping]
