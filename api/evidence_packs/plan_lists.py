"""The actions of a pack's plans as they stood: a page that opens offline, and a list as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.documents.listing import Cell, Column, ColumnKind
from api.plans.listing import PlanActionLine, action_line
from api.plans.telling import stages_words
from projections.plans.record import PlanRecord
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


def lines(record: PlanRecord, day: date) -> list[PlanActionLine]:
    """Every action of a plan, those that ended or are yet to begin among them."""
    return [action_line(record, action, day) for action in record.actions.values()]


def rows(record: PlanRecord, plan_lines: Sequence[PlanActionLine]) -> list[Sequence[Cell]]:
    """The lines of a plan as rows of `COLUMNS`."""
    return [
        (
            record.plan.title,
            line.part,
            line.action.reference,
            line.action.title,
            line.leads,
            line.state,
            line.label,
            line.scale,
            None if line.rating is None else line.rating.review.as_at,
            stages_words(line.action.first),
            stages_words(line.dates.stages),
            line.dates.redated,
            line.dates.late_by_first,
            line.dates.late_by_current,
            line.late,
            line.remarks.percent_complete,
            DIFFERENCES.get(line.remarks.difference or "", ""),
            line.remarks.reviewed_on,
            line.remarks.commentary,
        )
        for line in plan_lines
    ]
