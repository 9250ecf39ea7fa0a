"""Why a figure of a plan is what it is: the rule, the actions, the events, a recount."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.lists.files import download
from api.lists.page import whole_table
from api.plans import reports
from api.plans.listing import action_list
from api.plans.pages import PlanId, the_plan
from api.plans.reports import figure_called
from api.web import access_notes
from api.web.context import Reader
from projections.figures.provenance import FigureProvenance
from projections.plans import rag_report
from qa.authorisation.policy import can, require
from qa.core.access import What

router = APIRouter(prefix="/plans")

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
    made = reports.make(connection, plan, at, day=day)
    row = reports.row_of(made, theme, scale, figure)
    shown = row.figures[figure]
    asked = {"figure": figure, "theme": theme, "scale": scale,
             "day": None if day is None else day.isoformat()}  # fmt: skip
    again = None
    if recount or file:
        again = reports.why(
            reading.services.store, connection, plan, at,
            day=day, theme=theme, scale=scale, figure=figure,
        )  # fmt: skip
    called = figure_called(figure, record, record.plan.scale_on(made.day))
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
        called=called,
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
                called,
            ),
        ),
        again=again,
        recount=reading.link(f"/plans/{plan}/figure", {**asked, "recount": "yes"}),
        json=reading.link(f"/plans/{plan}/figure", {**asked, "file": "json"}),
        may_export=can(reading.actor, "export").allowed,
    )


def _as_json(again: FigureProvenance, stamp: str) -> Response:
    told = json.dumps(reports.why_json(again), ensure_ascii=False, indent=1)
    return download(told, f"figure-{stamp}.json")
