"""Indicators: the register, one series with its control chart, and every change to one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Response

from api.indicators import reading
from api.json.deps import Body, Change, Moment, New, Reads, ReasonIn, ReceiptOut, Served, Snapshot
from api.json.routing import ApiRouter
from api.web import access_notes
from projections.figures.control_charts import Kind
from qa.authorisation.policy import require
from qa.core.access import What
from qa.indicators.checks import DefinitionDraft, TargetDraft
from qa.indicators.commands import indicators
from qa.indicators.events import indicator_stream
from qa.indicators.values import ValueDraft

router = ApiRouter(prefix="/indicators", tags=["indicators"])

IndicatorId = Annotated[
    str, Path(pattern=r"^[a-z][a-z0-9-]{0,59}$", description="The id of the indicator.")
]
First = Annotated[date | None, Query(alias="from", description="First day shown.")]
Last = Annotated[date | None, Query(alias="to", description="Last day shown.")]


@router.get("", operation_id="listIndicators")
def list_indicators(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    start: First = None,
    end: Last = None,
) -> dict[str, Any]:
    """Every indicator with its series, in the shape that the reports have."""
    require(actor, "read-indicators")
    shown = reading.every(connection, at, actor=actor, first=start, last=end)
    access_notes.note(services, actor, What.VIEW, "indicators", at=at)
    return reading.report(shown, at)


@router.record("/{indicator}", operation_id="readIndicator")
def read_indicator(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    indicator: IndicatorId,
    response: Response,
    start: First = None,
    end: Last = None,
    chart: Annotated[
        Kind | None, Query(description="xmr, p or run; the fitting one if left out.")
    ] = None,
) -> dict[str, Any]:
    """One indicator: every value with its parts, notes and restatements, and its control chart."""
    require(actor, "read-indicators")
    shown = reading.one(connection, indicator, at, actor=actor, first=start, last=end)
    access_notes.note(services, actor, What.VIEW, indicator_stream(indicator), at=at)
    if not at.is_past:
        response.headers["ETag"] = f'"{shown.held.version}"'
    return {
        **reading.report([shown], at),
        "indicator": reading.in_full(shown, chart),
    }


class DefinitionIn(Body):
    """A definition. `measure` names what Caseloop counts itself; such values are not entered."""

    name: str
    unit: str
    since: date
    numerator: str = ""
    denominator: str = ""
    period: str = "quarter"
    rolling_months: str = ""
    adds_up: bool = False
    polarity: str = "unknown"
    measure: str = ""
    owner: str = ""
    source: str = ""
    note: str = ""
    baseline: str = ""

    def draft(self) -> DefinitionDraft:
        names = DefinitionDraft.__dataclass_fields__
        return DefinitionDraft(**{name: getattr(self, name) for name in names})


class NewDefinitionIn(DefinitionIn):
    id: str = ""


class RedefinitionIn(DefinitionIn):
    breaks: bool
    reason: str = ""


class ValueIn(Body):
    """A value as text, so that its precision is kept: "17.70"."""

    period: str
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    state: Literal["value", "not-applicable", "no-value"] = "value"
    source: str = ""
    said: str = ""
    note: str = ""
    excluded: str = ""

    def draft(self) -> ValueDraft:
        return ValueDraft(**{name: getattr(self, name) for name in ValueDraft.__dataclass_fields__})


class ValueRestatementIn(ValueIn):
    reason: str


class TargetIn(Body):
    comparator: str
    since: date
    of: str = ""
    upto: str = ""
    tolerance: str = ""
    against: str = ""
    note: str = ""
    reason: str = ""


class PolarityIn(Body):
    polarity: Literal["higher", "lower", "unknown"]
    since: date
    reason: str


class ComparatorIn(Body):
    comparator: str
    period: str
    value: str
    note: str = ""
    reason: str = ""


class IndicatorClaimIn(Body):
    period: str
    text: str
    source: str
    claimed: str = ""


class MarkIn(Body):
    period: str
    reason: str


class RetirementIn(ReasonIn):
    after: date


@router.post("", status_code=201, operation_id="defineIndicator")
def define(new: New, body: NewDefinitionIn) -> ReceiptOut:
    """Define an indicator. Without an id its name makes one."""
    done = indicators.define(new.desk, id=body.id, draft=body.draft(), **new.made(body))
    indicator = str(done.response["indicator"])
    return new.receipt(done, indicator_stream(indicator), location=indicator)


@router.post("/{indicator}/definitions", operation_id="redefineIndicator")
def redefine(change: Change, indicator: IndicatorId, body: RedefinitionIn) -> ReceiptOut:
    """Change what the indicator is from the first day of a period on."""
    done = indicators.redefine(
        change.desk,
        indicator_id=indicator,
        draft=body.draft(),
        breaks=body.breaks,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, indicator_stream(indicator))


@router.post("/{indicator}/values", operation_id="observeIndicator")
def observe(change: Change, indicator: IndicatorId, body: ValueIn) -> ReceiptOut:
    """Record the value of a period; a second one of the same source is refused."""
    done = indicators.observe(
        change.desk, indicator_id=indicator, draft=body.draft(), **change.made(body)
    )
    return change.receipt(done, indicator_stream(indicator))


@router.post("/{indicator}/restatements", operation_id="restateIndicator")
def restate(change: Change, indicator: IndicatorId, body: ValueRestatementIn) -> ReceiptOut:
    """Replace a value, with a reason; the first stays on record."""
    done = indicators.restate(
        change.desk,
        indicator_id=indicator,
        draft=body.draft(),
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, indicator_stream(indicator))


@router.post("/{indicator}/targets", operation_id="setIndicatorTarget")
def set_target(change: Change, indicator: IndicatorId, body: TargetIn) -> ReceiptOut:
    """Set the target that holds from a day on."""
    draft = TargetDraft(**body.model_dump(exclude={"reason"}))
    done = indicators.set_target(
        change.desk,
        indicator_id=indicator,
        draft=draft,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, indicator_stream(indicator))


@router.post("/{indicator}/polarity", operation_id="decideIndicatorPolarity")
def decide_polarity(change: Change, indicator: IndicatorId, body: PolarityIn) -> ReceiptOut:
    """Decide which way is better from a day on."""
    done = indicators.decide_polarity(
        change.desk, indicator_id=indicator, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, indicator_stream(indicator))


@router.post("/{indicator}/comparators", operation_id="observeIndicatorComparator")
def observe_comparator(change: Change, indicator: IndicatorId, body: ComparatorIn) -> ReceiptOut:
    """Record a value of others to set beside."""
    done = indicators.observe_comparator(
        change.desk, indicator_id=indicator, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, indicator_stream(indicator))


@router.post("/{indicator}/claims", operation_id="recordIndicatorClaim")
def record_claim(change: Change, indicator: IndicatorId, body: IndicatorClaimIn) -> ReceiptOut:
    """Keep what a document says of the indicator."""
    done = indicators.record_claim(
        change.desk, indicator_id=indicator, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, indicator_stream(indicator))


@router.post("/{indicator}/breaks", operation_id="breakIndicatorSeries")
def break_series(change: Change, indicator: IndicatorId, body: MarkIn) -> ReceiptOut:
    """Say that values from a period on are not comparable with those before."""
    done = indicators.break_series(
        change.desk, indicator_id=indicator, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, indicator_stream(indicator))


@router.post("/{indicator}/rebases", operation_id="rebaseIndicator")
def rebase(change: Change, indicator: IndicatorId, body: MarkIn) -> ReceiptOut:
    """Decide that the limits of the control chart begin anew at a period."""
    done = indicators.rebase(
        change.desk, indicator_id=indicator, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, indicator_stream(indicator))


@router.post("/{indicator}/retirement", operation_id="retireIndicator")
def retire(change: Change, indicator: IndicatorId, body: RetirementIn) -> ReceiptOut:
    """Ask for no new values after a day."""
    done = indicators.retire(
        change.desk, indicator_id=indicator, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, indicator_stream(indicator))
