"""Why a figure of a plan is what it is: the rule, the actions, the events, a recount."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.lists.files import download
from api.lists.page import whole_table
from api.plans import report
from api.plans.listing import action_list
from api.plans.pages import PlanId, the_plan
from api.web import access_notes
from api.web.context import Reader
from projections.figures.provenance import FigureProvenance
from projections.plans import rag_report
from projections.plans import record as plan_record
from qa.authorisation.policy import can, require
from qa.core.access import What

router = APIRouter(prefix="/plans")

CALLED = {
    "actions": "Actions in the plan",
    "unrated": "Actions without a rating",
    "mean": "Mean of the ratings",
    "mean_of_themes": "Mean of the parts’ means",
    "mean_of_actions": "Mean over all rated actions",
    "overdue_by_current_date": "Overdue by the date in force",
    "overdue_by_first_date": "Overdue by the first agreed date",
    "redated": "Actions whose dates were moved",
    "date_unknown": "Actions whose date is unknown",
}
Id = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")]


@router.get("/{plan}/figure")
def show_figure(
    plan: PlanId,
    reading: Reader,
    figure: str,
    theme: Id = None,
    scale: str | None = None,
    day: date | None = None,
    recount: Literal["", "yes"] = "",
    file: Literal["", "json"] = "",
) -> Response:
    """One figure of the report, with everything that it rests on."""
    record = the_plan(reading, plan)
    connection, at = reading.connection, reading.at
    made = report.make(connection, plan, at, day=day)
    row = report.row_of(made, theme, scale, figure)
    shown = row.figures[figure]
    asked = {"figure": figure, "theme": theme, "scale": scale,
             "day": None if day is None else day.isoformat()}  # fmt: skip
    again = None
    if recount or file:
        again = report.why(
            reading.services.store, connection, plan, at,
            day=day, theme=theme, scale=scale, figure=figure,
        )  # fmt: skip
    if file:
        require(reading.actor, "export")
        access_notes.note(
            reading.services, reading.actor, What.EXPORT, f"plan:{plan}", detail=f"why {figure}",
            at=at,
        )  # fmt: skip
        assert again is not None
        return _as_json(again, at.file_stamp)
    return reading.page(
        "plans/figure.html",
        title="Why this number?",
        called=_called(record, made.day, figure),
        plan=record.plan,
        figure=shown,
        about=[
            ("Plan", record.plan.title),
            ("Part", row.group.get("theme_name") or "Whole plan"),
            ("On", made.day.isoformat()),
            ("Scale", row.group["scale"]),
        ],
        rule=shown.basis.cohort_rule or made.cohort_rule,
        caveats=[text.partition(": ")[2] for text in (*shown.caveats, *row.caveats)],
        lines=whole_table(
            reading,
            action_list(
                record,
                rag_report.rows_behind(record, row, figure),
                made.day,
                _called(record, made.day, figure),
            ),
        ),
        again=again,
        recount=reading.link(f"/plans/{plan}/figure", {**asked, "recount": "yes"}),
        json=reading.link(f"/plans/{plan}/figure", {**asked, "file": "json"}),
        may_export=can(reading.actor, "export").allowed,
    )


def _called(record: plan_record.PlanRecord, day: date, figure: str) -> str:
    if figure in CALLED:
        return CALLED[figure]
    scale = record.scales.get(record.plan.scale_on(day))
    level = None if scale is None else scale.level(figure.removeprefix("rated_"))
    return f"Rated {figure.removeprefix('rated_') if level is None else level.label}"


def _as_json(again: FigureProvenance, stamp: str) -> Response:
    told = json.dumps(report.why_json(again), ensure_ascii=False, indent=1)
    return download(told, f"figure-{stamp}.json")
