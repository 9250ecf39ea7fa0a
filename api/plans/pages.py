"""Improvement plans: the list, a plan with its actions, its ratings by meeting, and
why a figure of one is what it is: the rule, the actions, the events, a recount."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from starlette.responses import Response

from api.lists.declaration import RecordList
from api.lists.files import download, list_files
from api.lists.page import list_page, whole_table
from api.navigation import NavigationItem, NavigationSection
from api.plans import reports
from api.plans.listing import PlanActionLine, action_list, plan_list, rating_tag
from api.plans.reports import figure_called
from api.plans.steps import OPEN, STEPS, PlanView, Scales
from api.plans.telling import source_words
from api.web.context import DayReader, Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, form_routes, step_called
from projections.figures.figure import Figure
from projections.figures.provenance import FigureProvenance
from projections.plans import (
    counting,
    queries,
    rag_report,
)
from projections.plans import (
    ratings as plan_ratings,
)
from projections.plans import (
    record as plan_record,
)
from projections.plans.published import ClaimBeside, claims_beside
from projections.plans.record import PlanRecord
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.dates_in_words import day as day_in_words
from qa.core.errors import NotFound

router = PageRouter(prefix="/plans")
NAVIGATION = NavigationItem("Plans", "/plans", 120, NavigationSection.PLANS, "read-plan")

Opened = Callable[[str, str | None], str]
"""(figure, part or None) -> the address where the figure is opened"""
PartId = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")]
PlanId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


def offered_scales(reading: Reading) -> list[tuple[str, str]]:
    """Every published version of every scale, for a choice."""
    return [
        (key, f"{scale.name}, version {scale.version}")
        for key, scale in queries.scales(reading.connection).items()
    ]


def the_plan(reading: Reading, plan: str) -> PlanRecord:
    """The plan at the moment of the page, for somebody who may read plans.

    Raises:
        Forbidden: the policy says no.   NotFound: no such plan then.
    """
    require(reading.actor, "read-plan")
    record = queries.read(reading.connection, plan, position=reading.at.position)
    if record is None:
        raise NotFound("There is no such improvement plan.")
    return record


def may_keep(reading: Reading) -> bool:
    """Whether the reader may change plans, and the page shows the present."""
    return not reading.at.is_past and can(reading.actor, "run-plan").allowed


def rated(record: PlanRecord, action: str, day: date) -> dict[str, Any] | None:
    """The rating of an action for its tag; None where it is not rated."""
    return rating_tag(plan_ratings.rating(record, action, day))


@router.get("")
def list_plans(reading: Reader) -> Response:
    """Every improvement plan."""
    return list_page(
        reading,
        plan_list(reading),
        intro="What the council committed itself to, how each action is rated and dated, and how "
        "every rating and date came about.",
        links=[
            *([("Open a plan", "/plans/new")] if may_keep(reading) else []),
            ("RAG scales", reading.link("/rag-scales")),
        ],
    )


list_files(router, "", plan_list)


def _actions(plan: PlanId, reading: Reader) -> RecordList[PlanActionLine]:
    record, day = the_plan(reading, plan), reading.at.on
    begun = [action for action in record.actions.values() if action.since <= day]
    return action_list(record, begun, day)


@router.get("/{plan}/actions")
def list_plan_actions(plan: PlanId, reading: Reader) -> Response:
    """Every action of a plan, with its rating and how late it is by the first date beside the date
    in force."""
    return list_page(
        reading,
        _actions(plan, reading),
        back=reading.link(f"/plans/{plan}"),
        record_name=f"plan:{plan}",
        intro="The first agreed date is kept for ever and stands beside the date in force. On its "
        "last day an action is not late; a month is late after its last day.",
    )


list_files(router, "/{plan}/actions", _actions)


def _opening(reading: Reader) -> tuple[FormStep[Scales], Scales, At]:
    return OPEN, offered_scales(reading), At.step("/plans", "new")


form_routes(router, "/new", _opening, "/plans/{plan}")


@router.get("/{plan}")
def show_plan(plan: PlanId, reading: Reader) -> Response:
    """A plan with its parts, and under each its actions as they stand."""
    record, day = the_plan(reading, plan), reading.at.on
    under: dict[str, list[plan_record.ActionRecord]] = {}
    for action in record.actions.values():
        if action.since <= day:
            under.setdefault(action.part, []).append(action)
    parts = [
        {
            "id": part.id,
            "tier": part.tier,
            "reference": part.reference,
            "title": part.title,
            "leads": ", ".join(part.leads),
            "sources": source_words(part.sources),
            "level": 2 if part.under is None else 3,
            "ended": _part_ended(part),
            "actions": whole_table(
                reading,
                action_list(
                    record,
                    under.get(part.id, ()),
                    day,
                    f"Actions of {part.reference} {part.title}",
                ),
            ),
        }
        for part in record.parts.values()
    ]
    return reading.page(
        "plans/plan.html",
        title=record.plan.title,
        caption=f"Improvement plan, answered for by {record.plan.board}",
        wide=True,
        plan=record.plan,
        record_name=f"plan:{plan}",
        parts=parts,
        standing=standing_rows(record, day, opening(reading, plan)),
        meetings=[_meeting(one) for one in record.meetings],
        groups=list(record.groups.values()),
        claims=[_claim(one) for one in claims_beside(record)],
        scale=record.scales.get(record.plan.scale_on(day)),
        steps=[(name, step.title) for name, step in STEPS.items()],
        may_keep=may_keep(reading) and record.plan.closed_on is None,
        said=reading.notice({**STEPS, "new": OPEN}),
    )


def _part_ended(part: plan_record.PartRecord) -> str:
    if part.ended == "routed":
        return f"Routed to {part.board}: {part.ended_because}"
    return f"Removed: {part.ended_because}" if part.ended else ""


def _meeting(one: plan_record.MeetingRecord) -> dict[str, Any]:
    states = {"called": "Called", "held": "Held", "cancelled": "Cancelled"}
    return {
        "id": one.id,
        "on": one.on,
        "title": one.title,
        "state": states.get(one.state, one.state),
        "decisions": one.decisions,
    }


def _claim(one: ClaimBeside) -> dict[str, Any]:
    ours = " and ".join(mean.display for mean in one.means)
    agrees = {True: "The ratings give the same", False: "The ratings give another figure"}
    return {
        "part": "Whole plan" if one.part is None else f"{one.part.reference} {one.part.title}",
        "as_at": one.claim.as_at,
        "claimed": one.claim.claimed,
        "source": one.claim.source,
        "ours": ours,
        "agrees": "" if one.agrees is None else agrees[one.agrees],
    }


def standing_rows(record: PlanRecord, day: date, opened: Opened) -> dict[str, Any]:
    """The counts and means of a plan on a day, by part, for a table; `opened` is where a figure
    (of a part, or of the plan for None) is opened."""
    standing = counting.on_the_board(record, day)
    levels = standing.whole.of_the_day.levels
    return {
        "day": day,
        "levels": [level.label for level, _ in levels],
        "rows": [
            _tallied(f"{part.reference} {part.title}", part.id, counted, opened)
            for part, counted in standing.themes
        ],
        "whole": _tallied("Whole plan", None, standing.whole, opened),
        "means": [
            (text, figure.display, opened(name, None))
            for name, text, figure in (
                ("mean_of_themes", "Mean of the parts’ means, each part weighing the same",
                 standing.mean_of_themes),
                ("mean_of_actions", "Mean over all rated actions", standing.mean_of_actions),
            )
        ],
        "others": [
            f"{tally.rated} rated on {tally.scale.name}, version {tally.scale.version}"
            for tally in standing.whole.tallies[1:]
        ],
    }  # fmt: skip


def _tallied(
    name: str, part: str | None, counted: counting.RatingCounts, opened: Opened
) -> dict[str, Any]:
    """A row of the table: each cell with where it is opened; no data has nothing to open."""
    tally = counted.of_the_day
    cells = [("actions", str(len(counted.actions)))]
    cells += [(f"rated_{level.code}", str(len(actions))) for level, actions in tally.levels]
    cells += [("unrated", str(len(counted.unrated))), ("mean", tally.mean.display)]
    return {
        "name": name,
        "cells": [
            ("no data", "") if counted.no_data else (text, opened(figure, part))
            for figure, text in cells
        ],
    }


def opening(reading: Reading, plan: str, **more: str) -> Opened:
    """Where a figure of the plan is opened, at the moment of the page."""
    return lambda figure, part: reading.link(
        f"/plans/{plan}/figure", {"figure": figure, "theme": part, **more}
    )


@router.get("/{plan}/ratings")
def ratings(plan: PlanId, reading: Reader) -> Response:
    """Every action at every meeting, by theme."""
    record, day = the_plan(reading, plan), reading.at.on
    meetings = plan_ratings.met(record, day)
    days = [one.on for one in meetings]
    themes = [
        {
            "name": f"{theme.reference} {theme.title}",
            "lines": [
                {
                    "id": line.action.id,
                    "name": f"{line.action.reference} {line.action.title}",
                    "cells": [_cell(record, line.action.id, on, cell)
                              for on, cell in zip(days, line.cells, strict=True)],
                }
                for line in plan_ratings.table(record, theme.id, days)
            ],
        }
        for theme in record.top()
    ]  # fmt: skip
    return reading.page(
        "plans/ratings.html",
        title="Ratings at every meeting",
        caption=record.plan.title,
        wide=True,
        plan=record.plan,
        record_name=f"plan:{plan}",
        meetings=[_meeting(one) for one in meetings],
        themes=themes,
    )


def _cell(
    record: PlanRecord, action: str, on: date, cell: plan_ratings.RatingCell
) -> dict[str, Any]:
    if not cell.in_plan:
        return {"text": "Not in the plan", "rated": None, "way": ""}
    return {
        "text": "Not rated",
        "rated": rated(record, action, on),
        "way": plan_ratings.DIRECTIONS[cell.direction] if cell.direction else "",
    }


@router.get("/{plan}/figure")
def show_figure(
    plan: PlanId,
    reading: DayReader,
    figure: str,
    theme: PartId = None,
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
    called = figure_called(figure, record, record.plan.scale_on(made.day))
    query = {"figure": figure, "theme": theme, "scale": scale,
             "day": None if day is None else day.isoformat()}  # fmt: skip
    again = None
    if recount or file:
        again = reports.why(
            reading.services.store, connection, plan, at,
            day=day, theme=theme, scale=scale, figure=figure,
        )  # fmt: skip
    whole = [
        ("Plan", record.plan.title),
        ("Part", str(row.group.get("theme_name") or "Whole plan")),
        ("On", day_in_words(made.day)),
        ("Scale", str(row.group["scale"])),
    ]
    actions = rag_report.rows_behind(record, row, figure)
    opened = OpenedFigure(
        f"/plans/{plan}/figure", query, called, shown, row.caveats, whole,
        whole_table(reading, action_list(record, actions, made.day, called)), again,
    )  # fmt: skip
    return figure_page(reading, record, opened, file)


@dataclass(frozen=True, slots=True)
class OpenedFigure:
    """A figure with what it rests on. `lines` is the list of what it counts, `named` that of what
    is no action; `again` the figure counted again, where that is asked for."""

    path: str
    query: Mapping[str, Any]
    called: str
    figure: Figure
    caveats: Sequence[str]
    about: Sequence[tuple[str, str]]
    lines: Any
    again: FigureProvenance | None
    named: Sequence[tuple[str, str]] = ()


def figure_page(
    reading: Reading, record: PlanRecord, opened: OpenedFigure, file: str = ""
) -> Response:
    """Why a figure is what it is, as a page or as a file."""
    figure, plan = opened.figure, record.plan
    if file:
        require(reading.actor, "export")
        reading.note(f"plan:{plan.id}", f"why {opened.query['figure']}", what=What.EXPORT)
        assert opened.again is not None
        body = json.dumps(reports.why_json(opened.again), ensure_ascii=False, indent=1)
        return download(body, f"figure-{reading.at.file_stamp}.json")
    return reading.page(
        "plans/figure.html",
        title="Why this number?",
        called=opened.called,
        plan=plan,
        figure=figure,
        about=opened.about,
        rule=figure.basis.cohort_rule or counting.RULE,
        caveats=[text.partition(": ")[2] for text in (*figure.caveats, *opened.caveats)],
        lines=opened.lines,
        named=opened.named,
        again=opened.again,
        recount=reading.link(opened.path, {**opened.query, "recount": "yes"}),
        json=reading.link(opened.path, {**opened.query, "file": "json"}),
        may_export=can(reading.actor, "export").allowed,
    )


def _step(plan: PlanId, step: str, reading: Reader) -> tuple[FormStep[PlanView], PlanView, At]:
    record = the_plan(reading, plan)
    form = step_called(STEPS, step)
    view = PlanView(record, offered_scales(reading))
    at = At.step(f"/plans/{plan}", step, record.plan.version, record.plan.title)
    return form, view, at


form_routes(router, "/{plan}/{step}", _step)
