"""The actions of a pack's plans as they stood: a page that opens offline, and a list as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.documents.listing import Cell, Column, ColumnKind
from api.plans.pages import lateness
from api.plans.telling import ENDINGS, due_words, stages_words
from projections.plans import lateness as plan_lateness
from projections.plans import ratings
from projections.plans.lateness import Dates
from projections.plans.ratings import Rating, RatingRemarks
from projections.plans.record import ActionRecord, PlanRecord
from qa.plans.words import DIFFERENCES

COLUMNS = (
    Column("plan", "Plan"),
    Column("part", "Part"),
    Column("reference", "Reference"),
    Column("action", "Action"),
    Column("leads", "Leads"),
    Column("state", "State"),
    Column("rating", "Rating"),
    Column("scale", "Scale"),
    Column("rated_as_at", "Rated as at", ColumnKind.DAY),
    Column("first", "Dates agreed first"),
    Column("stages", "Dates in force"),
    Column("redated", "Times the date was moved", ColumnKind.NUMBER),
    Column("late_by_first", "Days late by the first date", ColumnKind.NUMBER),
    Column("late_by_current", "Days late by the date in force", ColumnKind.NUMBER),
    Column("late", "Lateness"),
    Column("percent_complete", "Per cent complete", ColumnKind.NUMBER),
    Column("difference", "Is it making a difference?"),
    Column("reviewed_on", "Last reviewed", ColumnKind.DAY),
    Column("commentary", "Commentary"),
)


@dataclass(frozen=True, slots=True)
class PlanListLine:
    """One action as it stood on the pack's day, as far as was known at its position."""

    action: ActionRecord
    part: str
    state: str
    rating: Rating | None
    dates: Dates
    said: RatingRemarks

    @property
    def rated(self) -> str:
        return "Not rated" if self.rating is None else self.rating.level.label

    @property
    def scale(self) -> str:
        scale = None if self.rating is None else self.rating.scale
        return "" if scale is None else f"{scale.name}, version {scale.version}"

    @property
    def first_due(self) -> str:
        return due_words(self.dates.first)

    @property
    def due(self) -> str:
        return due_words(self.dates.due)

    @property
    def late(self) -> str:
        return lateness(self.dates)


def lines(record: PlanRecord, day: date) -> list[PlanListLine]:
    """Every action of a plan, those that ended or are yet to begin among them."""
    return [
        PlanListLine(
            action=action,
            part=_part(record, action),
            state=_state(action, day),
            rating=ratings.rating(record, action.id, day),
            dates=plan_lateness.dates(record, action, day),
            said=ratings.said(record, action.id, day),
        )
        for action in record.actions.values()
    ]


def rows(record: PlanRecord, held: Sequence[PlanListLine]) -> list[Sequence[Cell]]:
    """The lines of a plan as rows of `COLUMNS`."""
    return [
        (
            record.plan.title,
            line.part,
            line.action.reference,
            line.action.title,
            ", ".join(line.action.leads),
            line.state,
            line.rated,
            line.scale,
            None if line.rating is None else line.rating.review.as_at,
            stages_words(line.action.first),
            stages_words(line.dates.stages),
            line.dates.redated,
            line.dates.late_by_first,
            line.dates.late_by_current,
            line.late,
            line.said.percent_complete,
            DIFFERENCES.get(line.said.difference or "", ""),
            line.said.reviewed_on,
            line.said.commentary,
        )
        for line in held
    ]


def _part(record: PlanRecord, action: ActionRecord) -> str:
    part = record.parts.get(action.part)
    return "" if part is None else f"{part.reference} {part.title}"


def _state(action: ActionRecord, day: date) -> str:
    if action.in_plan_on(day):
        return "In the plan"
    return "Not begun" if action.since > day else ENDINGS.get(action.ended or "", "")
