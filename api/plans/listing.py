"""The lists of improvement plans, and of the actions of one with their ratings and dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.documents.listing import ColumnKind
from api.lists.declaration import (
    ListCell,
    ListColumn,
    ListFilter,
    ListSearch,
    RecordList,
    record_column,
    whether,
)
from api.plans.telling import ENDINGS, due_words
from api.web.context import Reader
from projections.plans import queries
from projections.plans import ratings as plan_ratings
from projections.plans.lateness import Dates, dates
from projections.plans.ratings import Rating, RatingRemarks
from projections.plans.record import ActionRecord, PlanHeading, PlanRecord
from qa.authorisation.policy import require
from qa.core.due_dates import Due

NOT_RATED = "Not rated"
IN_PLAN = "In the plan"
NOT_BEGUN = "Not begun"
PLAN_STATES = {"open": "Open", "closed": "Closed"}
DATES = {
    "overdue": "Overdue by the date in force",
    "overdue-first": "Overdue by the first agreed date",
    "moved": "Dates that were moved",
    "unknown": "Date unknown",
    "never": "Never finally due",
}


def rating_tag(rating: Rating | None) -> dict[str, Any] | None:
    """A rating as its tag shows it; None where there is none."""
    if rating is None:
        return None
    return {
        "label": rating.level.label,
        "colour": rating.level.colour,
        "meaning": rating.level.meaning,
        "scale": f"{rating.scale.name}, version {rating.scale.version}",
        "as_at": rating.review.as_at,
    }


@dataclass(frozen=True, slots=True)
class PlanActionLine:
    """An action of a plan as it stands on a day."""

    action: ActionRecord
    dates: Dates
    rating: Rating | None
    remarks: RatingRemarks
    part: str
    state: str

    @property
    def ended(self) -> str:
        return "" if self.state in (IN_PLAN, NOT_BEGUN) else self.state

    @property
    def label(self) -> str:
        return NOT_RATED if self.rating is None else self.rating.level.label

    @property
    def scale(self) -> str:
        scale = None if self.rating is None else self.rating.scale
        return "" if scale is None else f"{scale.name}, version {scale.version}"

    @property
    def rated(self) -> dict[str, Any] | None:
        """The rating for its tag; None where it is not rated."""
        return rating_tag(self.rating)

    @property
    def due(self) -> str:
        return due_words(self.dates.due)

    @property
    def first(self) -> str:
        return due_words(self.dates.first)

    @property
    def leads(self) -> str:
        return ", ".join(self.action.leads)

    @property
    def late(self) -> str:
        """How late it is, by both dates, in words."""
        lateness = self.dates
        if lateness.unknown:
            return "Date unknown"
        if lateness.done:
            return "Delivered"
        late = []
        if lateness.late_by_current:
            late.append(f"{lateness.late_by_current} days late")
        if lateness.late_by_first and lateness.late_by_first != lateness.late_by_current:
            late.append(f"{lateness.late_by_first} days late by its first date")
        return "; ".join(late) or "In time"

    @property
    def kinds_of_date(self) -> list[str]:
        """Under which of `DATES` it falls."""
        lateness, due = self.dates, self.dates.due
        never = not lateness.unknown and due is not None and due.last_day is None
        whether = (
            lateness.overdue,
            lateness.overdue_by_first,
            lateness.redated,
            lateness.unknown,
            never,
        )
        return [code for code, one in zip(DATES, whether, strict=True) if one]


def action_line(record: PlanRecord, action: ActionRecord, day: date) -> PlanActionLine:
    """One action as it stands at the end of a day."""
    part = record.parts.get(action.part)
    return PlanActionLine(
        action,
        dates(record, action, day),
        plan_ratings.rating(record, action.id, day),
        plan_ratings.remarks(record, action.id, day),
        f"{part.reference} {part.title}" if part else "",
        _state(action, day),
    )


def _state(action: ActionRecord, day: date) -> str:
    if action.in_plan_on(day):
        return IN_PLAN
    return NOT_BEGUN if action.since > day else ENDINGS.get(action.ended or "", "")


def _last_day(due: Due | None) -> str | None:
    last = None if due is None else due.last_day
    return None if last is None else last.isoformat()


def _action_cell(one: PlanActionLine) -> ListCell:
    implied = "Known only from a stated count" if one.action.implied else ""
    beneath = ". ".join(filter(None, (implied, one.ended)))
    text = f"{one.action.reference} {one.action.title}"
    return ListCell(text, f"/plan-actions/{one.action.id}", beneath=beneath)


def _rating_cell(one: PlanActionLine) -> ListCell:
    shown = one.label, "" if one.rating is None else one.rating.level.colour
    percent = one.remarks.percent_complete
    return ListCell("", rag=shown, beneath="" if percent is None else f"{percent}% complete")


def _moved_cell(one: PlanActionLine) -> ListCell:
    later = f"{one.dates.slipped} days later" if one.dates.slipped else ""
    return ListCell(str(one.dates.redated), beneath=later)


def _rank(one: PlanActionLine) -> int | None:
    return None if one.rating is None else one.rating.level.rank


def _level(one: PlanActionLine) -> tuple[str, str]:
    if one.rating is None:
        return "none", NOT_RATED
    return f"{one.rating.scale.key}:{one.rating.level.code}", one.label


COLUMNS: tuple[ListColumn[PlanActionLine], ...] = (
    ListColumn(
        "action",
        "Action",
        lambda one: f"{one.action.reference} {one.action.title}",
        drawn=_action_cell,
    ),
    ListColumn("part", "Part", lambda one: one.part, on_page=False),
    ListColumn("rating", "Rating", lambda one: one.label, drawn=_rating_cell, by=_rank),
    ListColumn(
        "percent", "Per cent complete", lambda one: one.remarks.percent_complete,
        ColumnKind.NUMBER, on_page=False,
    ),
    ListColumn("due", "Due", lambda one: one.due, by=lambda one: _last_day(one.dates.due)),
    ListColumn(
        "first", "First agreed", lambda one: one.first, by=lambda one: _last_day(one.dates.first)
    ),
    ListColumn(
        "redated", "Dates moved", lambda one: one.dates.redated, ColumnKind.NUMBER,
        drawn=_moved_cell,
    ),
    ListColumn(
        "slipped", "Days later", lambda one: one.dates.slipped, ColumnKind.NUMBER, on_page=False
    ),
    ListColumn("late", "Lateness", lambda one: one.late, by=lambda one: one.dates.late_by_current),
    ListColumn("leads", "Leads", lambda one: one.leads, none="Nobody named"),
    ListColumn("ended", "Ended", lambda one: one.ended, on_page=False),
)  # fmt: skip


def action_list(
    record: PlanRecord, actions: Iterable[ActionRecord], day: date, title: str = ""
) -> RecordList[PlanActionLine]:
    """These actions of a plan as they stand at the end of a day, in the order of the plan."""
    return RecordList(
        path=f"/plans/{record.plan.id}/actions",
        title=title or f"Actions of {record.plan.title}",
        noun=("action", "actions"),
        rows=[action_line(record, one, day) for one in actions],
        key=lambda one: one.action.id,
        columns=COLUMNS,
        filters=(
            whether(
                "ended",
                "In the plan or ended",
                lambda one: one.ended,
                "Ended",
                IN_PLAN,
                "no",
            ),
            ListFilter("part", "Part", lambda one: (one.action.part, one.part)),
            ListFilter("rating", "Rating", _level),
            ListFilter(
                "dates", "Dates", lambda one: [(c, DATES[c]) for c in one.kinds_of_date], DATES
            ),
            ListFilter(
                "lead",
                "Lead",
                lambda one: [(name, name) for name in one.action.leads or ("Nobody named",)],
            ),
        ),
        searches=(
            ListSearch(
                "q", "Words of the action", lambda one: f"{one.action.reference} {one.action.title}"
            ),
        ),
        order="in the order of the plan",
        empty=("The plan has no actions yet", "Add a part to the plan, then actions under it."),
        file_name="plan-actions",
    )


def plan_list(reading: Reader) -> RecordList[PlanHeading]:
    """Every improvement plan, those that go on first."""
    require(reading.actor, "read-plan")
    connection, position = reading.connection, reading.at.position
    counts = queries.actions_held(connection, position=position)

    def state(one: PlanHeading) -> tuple[str, str]:
        code = "closed" if one.closed_on else "open"
        return code, PLAN_STATES[code]

    return RecordList(
        path="/plans",
        title="Improvement plans",
        noun=("plan", "plans"),
        rows=queries.plans(connection, position=position),
        key=lambda one: one.id,
        columns=(
            record_column("title", "Plan", lambda one: one.title, lambda one: f"/plans/{one.id}"),
            ListColumn("board", "Board", lambda one: one.board),
            ListColumn("since", "Since", lambda one: one.since, ColumnKind.DAY),
            ListColumn(
                "actions", "Open actions", lambda one: counts.get(one.id, 0), ColumnKind.NUMBER
            ),
            ListColumn("state", "State", lambda one: state(one)[1]),
        ),
        filters=(
            ListFilter("state", "State", state, PLAN_STATES),
            ListFilter("board", "Board", lambda one: (one.board, one.board)),
        ),
        order="open plans first, then the newest",
        empty=(
            "There is no improvement plan yet",
            "A QA lead publishes a scale, opens a plan and adds its parts and actions, or imports "
            "them from a spreadsheet.",
        ),
        file_name="improvement-plans",
    )
