"""Indicators: the register, one series with its control chart, and every change to one."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Path, Query, Response

from api.indicators import reading
from api.indicators.cli import IndicatorsQuery
from api.indicators.reports import REPORTS
from api.indicators.schemas import IndicatorReadOut, IndicatorsOut
from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, tag
from api.json.routing import ApiRouter
from api.reports.asking import asked_by, only, read_endpoint, why_endpoint
from projections.figures.control_charts import Kind
from qa.authorisation.policy import require
from qa.indicators import handlers
from qa.indicators.events import indicator_stream

router = ApiRouter(prefix="/indicators", tags=["indicators"])

IndicatorId = Annotated[
    str, Path(pattern=r"^[a-z][a-z0-9-]{0,59}$", description="The id of the indicator.")
]
First = Annotated[date | None, Query(alias="from", description="First day shown.")]
Last = Annotated[date | None, Query(alias="to", description="Last day shown.")]


_query_of = asked_by(IndicatorsQuery, indicator=None)
read_endpoint(
    router, "", only(REPORTS), _query_of, answer=IndicatorsOut, operation_id="listIndicators",
    doc="Every indicator with its series, in the shape that the reports have.",
    why="/report/why",
)  # fmt: skip
why_endpoint(router, "/report/why", only(REPORTS), _query_of, operation_id="whyIndicatorFigure")


@router.record("/{indicator}", operation_id="readIndicator")
def read_indicator(
    call: Call,
    indicator: IndicatorId,
    response: Response,
    start: First = None,
    end: Last = None,
    chart: Annotated[
        Kind | None, Query(description="xmr, p or run; the fitting one if left out.")
    ] = None,
) -> IndicatorReadOut:
    """One indicator: every value with its parts, notes and restatements, and its control chart."""
    require(call.actor, "read-indicators")
    shown = reading.one(
        call.connection, indicator, call.at, actor=call.actor, first=start, last=end
    )
    call.note(indicator_stream(indicator))
    tag(response, call.at, shown.indicator.version)
    return reading.report_of_one(shown, call.at, chart)


command_endpoint(router, "POST", "", handlers.define, located_by="indicator")
for place, handler in (
    ("definitions", handlers.redefine),
    ("values", handlers.observe),
    ("restatements", handlers.restate),
    ("targets", handlers.set_target),
    ("polarity", handlers.decide_polarity),
    ("comparators", handlers.observe_comparator),
    ("claims", handlers.record_claim),
    ("breaks", handlers.break_series),
    ("rebases", handlers.rebase),
    ("retirement", handlers.retire),
):
    command_endpoint(router, "POST", f"/{{indicator}}/{place}", handler, status=200)
