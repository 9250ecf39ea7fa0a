"""What the API answers about actions, and about closing the loop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.actions.loop_tables import days_open
from api.json.figure_out import (
    EventBeneathOut,
    FigureWhyOut,
    NotedFigureRowOut,
    ReportMomentOut,
)
from api.json.moment_out import OfMomentOut
from api.json.query import QueryModel
from projections.actions.closing_the_loop.behind import LoopFigureRows
from projections.actions.closing_the_loop.lists import ChildWithoutEffect, StandingOut
from projections.actions.closing_the_loop.report import LoopReport, LoopReportRow
from projections.actions.queries import ActionFilter
from projections.actions.tables import ActionRow
from projections.figures.durations import Curve
from projections.figures.provenance import FigureProvenance, by_fingerprint
from qa.actions.events import action_stream
from qa.core.carry import carry


class ActionOut(BaseModel):
    """An action as a list shows it; `text` is null where it opens on its own address alone."""

    action: str
    audit: str | None
    child: str | None
    raised_by: str
    source: str
    raised_on: date
    team: str
    service: str
    text: str | None
    kind: str
    domain: str | None
    owner: str
    evidence_asked: str | None
    follows: str | None
    next: str | None
    state: str
    first_due_on: date
    due_on: date
    moved: int
    accept_by: date | None
    check_by: date | None
    verify_from: date | None
    verify_by: date | None
    accepted_on: date | None
    claimed_on: date | None
    evidenced_on: date | None
    verified_on: date | None
    ended_on: date | None
    discuss_in_supervision: bool
    overdue: bool
    overdue_by_first_date: bool
    version: int


class ActionQuery(QueryModel):
    """What a list of actions is narrowed to. Empty means all that the caller may see."""

    owner: str = ""
    team: str = ""
    service: str = ""
    state: tuple[str, ...] = ()
    kind: str = ""
    raised_by: str = ""
    audit: str = ""
    overdue: Annotated[
        Literal["current", "first"] | None,
        Field(description="Only those past the date in force, or past their first date."),
    ] = None
    impact_due: Annotated[bool, Field(description="Only those whose impact can be checked.")] = (
        False
    )

    def filter(self, on: date) -> ActionFilter:
        """The same, as asked on a day."""
        plain = {k: v for k, v in self if k not in ("overdue", "impact_due")}
        return ActionFilter(
            **plain,
            late_on=on if self.overdue else None,
            late_by=self.overdue or "current",
            verifiable_on=on if self.impact_due else None,
        )


class ActionsOut(OfMomentOut):
    """The actions that the caller may see, the newest first; `next` asks for the page after."""

    actions: list[ActionOut]
    next: int | None


class FindingOut(BaseModel):
    """A further finding that the action answers."""

    audit: str
    reference: str
    domain: str | None


class ActionInFullOut(ActionOut):
    """An action with whoever helps, the evidence that will do, and the findings it answers."""

    contributors: list[str]
    evidence_kinds: list[str]
    findings: list[FindingOut]


class ActionStepOut(BaseModel):
    """One step; `fields` are those of its event."""

    type: str
    on: date
    by: str
    in_role: str
    reason: str
    fields: dict[str, Any]


class LinkOut(BaseModel):
    """One action of the chain, with its steps."""

    action: str
    state: str
    steps: list[ActionStepOut]


class OpenedActionOut(OfMomentOut):
    """One action and its chain; `closed_to_you` counts the links that the caller may not see."""

    action: ActionInFullOut
    chain: list[LinkOut]
    closed_to_you: int
    names: dict[str, str]


class CurveStepOut(BaseModel):
    """A day on which something ended, or was last looked at while open. The share that is still
    open is a decimal text of six places."""

    day: int
    at_risk: int
    ended: int
    censored: int
    share_open: str


class CurveOut(BaseModel):
    """The share of actions that is still open, by days since they were raised."""

    n: int
    ended: int
    censored: int
    median_days: int | None
    steps: list[CurveStepOut]

    @classmethod
    def of(cls, curve: Curve) -> CurveOut:
        steps = [
            carry(CurveStepOut, step, share_open=f"{float(step.share):.6f}") for step in curve.steps
        ]
        return carry(cls, curve, median_days=curve.median, steps=steps)


class OpenActionOut(BaseModel):
    """An open action that stands out; its text is on its own address."""

    action: str
    audit: str
    child: str
    team: str
    service: str
    kind: str
    state: str
    raised_on: date
    first_due_on: date
    due_on: date
    moved: int
    slipped: int
    days_open: int


class ChildrenWithoutEffectOut(BaseModel):
    """The children for whom nothing has changed yet: how many, and the first of them."""

    children: int
    listed: Sequence[ChildWithoutEffect]


class LoopReportOut(BaseModel):
    """The report, and beside it what stands out among the actions that the caller may see."""

    report: str
    title: str
    as_at: ReportMomentOut
    cohort: Literal["raised"] = "raised"
    cohort_rule: str
    caveats: list[str]
    rows: list[NotedFigureRowOut]
    totals: list[NotedFigureRowOut]
    still_open: CurveOut
    oldest_open: list[OpenActionOut]
    most_redated: list[OpenActionOut]
    children_without_effect: ChildrenWithoutEffectOut

    @classmethod
    def of(cls, made: LoopReport, beside: StandingOut) -> LoopReportOut:
        def rows(given: Sequence[LoopReportRow]) -> list[NotedFigureRowOut]:
            return [NotedFigureRowOut.of(row, caveats=list(row.caveats)) for row in given]

        def listed(given: Sequence[ActionRow]) -> list[OpenActionOut]:
            return [
                OpenActionOut.model_validate({**row._asdict(), "days_open": days_open(row, made)})
                for row in given
            ]

        return cls(
            report=made.name,
            title=made.title,
            as_at=ReportMomentOut.of(made),
            cohort_rule=made.cohort_rule,
            caveats=list(made.caveats),
            rows=rows(made.rows),
            totals=rows(made.totals),
            still_open=CurveOut.of(made.open_share),
            oldest_open=listed(beside.oldest),
            most_redated=listed(beside.redated),
            children_without_effect=ChildrenWithoutEffectOut(
                children=beside.children_in_all, listed=beside.children
            ),
        )


class CountedActionOut(BaseModel):
    """An action beside a figure; `left_out` says why neither count holds it."""

    action: str
    in_numerator: bool
    in_denominator: bool
    days: int | None
    left_out: str


class LoopFigureOut(FigureWhyOut):
    """A figure counted again, its actions, and the events beneath it by place and fingerprint. The
    actions that the caller may not see are counted with their events, and not given."""

    actions: list[CountedActionOut]
    counted_but_not_shown: int
    facts_not_shown: int
    facts: list[EventBeneathOut]

    @classmethod
    def why(cls, found: FigureProvenance, shown: LoopFigureRows) -> LoopFigureOut:
        open_to = {action_stream(one.row.action) for one in shown.actions}
        given = [row for row in found.events if row[1] in open_to]
        return cls.of(
            found,
            actions=[carry(CountedActionOut, one, action=one.row.action) for one in shown.actions],
            counted_but_not_shown=shown.hidden,
            facts_not_shown=len(found.events) - len(given),
            facts=[by_fingerprint(row) for row in given],
        )
