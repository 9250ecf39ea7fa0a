"""What the API answers about indicators."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from api.json.figure_out import FigureOut, ReportMomentOut
from projections.figures.control_charts import Kind
from projections.indicators.against_target import Code
from projections.indicators.series import Claim, State
from qa.indicators.definition import IndicatorDefinition, Number, Polarity, Target


class IndicatorPeriodOut(BaseModel):
    """A period by its label, with its first and last day."""

    period: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")


class IndicatorGroupOut(IndicatorPeriodOut):
    """The indicator and the period that a row is of."""

    indicator: str


class IndicatorSourceOut(BaseModel):
    """What one source says of a period. `was` is the value that a restatement replaced."""

    source: str
    state: str
    value: Number | None
    numerator: int | None
    denominator: int | None
    note: str
    excluded: str
    said: str
    restated: int
    was: str | None
    definition_version: int


class IndicatorChangeOut(BaseModel):
    """How far a value lies from that of the period before."""

    kind: str
    value: str | None
    display: str
    caveats: list[str]


class IndicatorTargetOut(BaseModel):
    """How a value stands against the target in force."""

    status: Code
    said: str
    target: Target | None


class _Standing(BaseModel):
    figures: dict[str, FigureOut]
    state: State
    contradicted: bool
    sources: list[IndicatorSourceOut]
    cohort_rule: str
    polarity: Polarity
    over: bool
    direction: Claim
    direction_said: str
    change: IndicatorChangeOut | None
    target: IndicatorTargetOut
    series_breaks: bool
    series_breaks_because: str
    limits_begin_anew: bool


class IndicatorLatestOut(_Standing, IndicatorPeriodOut):
    """The latest period with what stands in it: figures by ``value`` and ``comparator:<name>``."""


class _Grouped(BaseModel):
    group: IndicatorGroupOut


class IndicatorRowOut(_Standing, _Grouped):
    """One period of one indicator: figures by ``value`` and ``comparator:<name>``."""


class IndicatorYearOut(BaseModel):
    """The financial year so far, or why its periods cannot be added up."""

    figure: FigureOut | None
    said: str


class IndicatorOut(BaseModel):
    """What an indicator is and where it stands. `waiting_for`: periods that are over and have no
    value."""

    id: str
    version: int
    definition: IndicatorDefinition
    unit: str
    retired_after: date | None
    latest: IndicatorLatestOut | None
    waiting_for: list[str]
    warning: str
    year_to_date: IndicatorYearOut


class IndicatorsOut(BaseModel):
    """Indicators with their series, one row a period."""

    report: str
    title: str
    as_at: ReportMomentOut
    indicators: list[IndicatorOut]
    caveats: list[str]
    rows: list[IndicatorRowOut]


class IndicatorPolarityOut(BaseModel):
    """Which way is better from a day on, and why."""

    since: date
    polarity: Polarity
    reason: str


class IndicatorRestatementOut(BaseModel):
    """A value that was replaced."""

    period: str
    source: str
    old_value: Number | None
    old_numerator: int | None
    old_denominator: int | None
    state: str
    value: Number | None
    numerator: int | None
    denominator: int | None
    definition_version: int
    said: str
    note: str
    excluded: str
    reason: str
    by: str
    at: str


class IndicatorClaimOut(BaseModel):
    """What a document says of the indicator."""

    id: str
    period: str
    text: str
    source: str
    claimed: Number | None


class ChartReadingOut(BaseModel):
    """What the chart says, as a code and in words."""

    code: str
    said: str


class ChartPointOut(BaseModel):
    """The limits at one period, and the signals that its value gives."""

    period: str
    centre: str | None
    lower: str | None
    upper: str | None
    signals: list[str]


class ControlChartOut(BaseModel):
    """The control chart of a series."""

    kind: Kind
    warnings: list[str]
    variation: ChartReadingOut
    assurance: ChartReadingOut
    points: list[ChartPointOut]


class IndicatorInFullOut(IndicatorOut):
    """An indicator with all its versions, targets, decisions, claims and its control chart."""

    definitions: list[IndicatorDefinition]
    targets: list[Target]
    polarities: list[IndicatorPolarityOut]
    restatements: list[IndicatorRestatementOut]
    claims: list[IndicatorClaimOut]
    control_chart: ControlChartOut


class IndicatorReadOut(IndicatorsOut):
    """One indicator: its rows, and everything that is on record of it."""

    indicator: IndicatorInFullOut
