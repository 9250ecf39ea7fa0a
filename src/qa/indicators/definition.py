"""What an indicator counts, over which periods, towards which target: one version of its meaning.

`numerator` and `denominator` are sentences. An indicator that Caseloop fills itself names the
`measure` it is made of; every other is entered. Which way is better may be unknown, and may change
by a dated decision: without it nothing is called better or worse.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, model_validator

from qa.audit_tools.definition import JudgementArea
from qa.core.fields import FieldWords, Widget, choice, day, tick
from qa.core.frozen import Frozen
from qa.core.periods import PeriodKind
from qa.core.words import CODE

Number = Annotated[Decimal, PlainSerializer(str, return_type=str, when_used="json")]
"""An exact number with the precision it was given in: 17.70 stays 17.70."""

Unit = Literal["percent", "count", "rate-per-10000", "days", "score", "money"]
Polarity = Literal["higher", "lower", "unknown"]
Comparator = Literal[
    "gte",
    "lte",
    "between",
    "increase",
    "decrease",
    "change-by-percent-a-year",
    "aligned",
    "monitor",
]
BY_AREA = ("graded-good-or-better", "ri-or-better", "inadequate", "moderation-agreement")
MEASURES = (
    "audits-submitted",
    "moderation-coverage",
    *BY_AREA,
    *(f"{measure}:{area.value}" for area in JudgementArea for measure in BY_AREA),
)
"""What Caseloop counts: by overall grades, or by the grades of the domains of a judgement area."""
LONGEST = 2000


def entered(
    label: str, hint: str = "", *, longest: int, widget: Widget = "text", missing: str = ""
) -> FieldWords:
    """A text of an indicator, with what is said of one that is too long."""
    sentence = f"It must be {longest:,} characters or fewer."
    return FieldWords(
        label=label, hint=hint, widget=widget, longest=longest, missing=missing, sentence=sentence
    )


class DefinitionDraft(Frozen):
    """A definition as it was entered: numbers are text. `measure` names what Caseloop counts
    itself; such values are not entered."""

    name: Annotated[str, entered("Name", longest=300, missing="Say what the indicator is called.")]
    unit: Annotated[str, choice("Unit")]
    numerator: Annotated[
        str, entered("Numerator: what is counted", longest=1000, widget="long")
    ] = ""
    denominator: Annotated[
        str, entered("Denominator: out of what", longest=1000, widget="long")
    ] = ""
    period: Annotated[str, choice("Given by")] = "quarter"
    rolling_months: Annotated[
        str,
        FieldWords(
            label="Months of a rolling window (optional)",
            hint="For example, 12 where each value looks back over a year.",
        ),
    ] = ""
    adds_up: Annotated[
        bool,
        tick(
            "Sums",
            "True of things that happen. Not of a number on a day, such as children in care.",
        ),
    ] = False
    baseline: Annotated[
        str,
        FieldWords(
            label="Values that the limits of the control chart are held at (optional)",
            hint="For example, 12: limits from the first 12 values, which later ones do not move.",
        ),
    ] = ""
    polarity: Annotated[str, choice("Which way is better")] = "unknown"
    measure: Annotated[
        str,
        choice(
            "Counted by Caseloop (optional)",
            "Caseloop then fills the indicator from its own audits and moderations.",
        ),
    ] = ""
    owner: Annotated[str, entered("Owner: a role (optional)", longest=200)] = ""
    source: Annotated[str, entered("Where the values come from (optional)", longest=300)] = ""
    since: Annotated[
        date,
        day(
            "Holds from",
            "The first day of a quarter or month.",
            missing="Enter the first day it applies from.",
            coded="since",
        ),
    ]
    note: Annotated[str, entered("Note (optional)", longest=LONGEST, widget="long")] = ""


class TargetDraft(Frozen):
    """A target as it was entered: numbers are text."""

    comparator: Annotated[str, choice("What the value should do")]
    of: Annotated[
        str, FieldWords(label="Number", hint="For a reduction of 20% a year, write -20.")
    ] = ""
    upto: Annotated[str, FieldWords(label="Upper end, for a range")] = ""
    tolerance: Annotated[str, FieldWords(label="How far short still counts as near (optional)")] = (
        ""
    )
    against: Annotated[
        str, entered("Comparator that it should be aligned with (optional)", longest=100)
    ] = ""
    since: Annotated[
        date, day("Holds from", missing="Enter the first day of the target.", coded="since")
    ]
    note: Annotated[str, entered("Note (optional)", longest=500)] = ""


class Target(Frozen):
    """What the value should reach. `of` is the number that `comparator` asks for, `upto` the upper
    end of "between"; targets of direction alone (increase, decrease, monitor) have none.

    `tolerance` is how far short of `of` still counts as near the target, in the unit itself (in
    percentage points for a change by per cent). `against` names the comparator series that
    "aligned" means; without it there may be only one.
    """

    comparator: Comparator
    of: Number | None = None
    upto: Number | None = None
    tolerance: Number = Decimal(0)
    against: str = Field(default="", max_length=100)
    since: date
    note: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _number_fits(self) -> Target:
        needs = self.comparator in ("gte", "lte", "between", "change-by-percent-a-year")
        if needs != (self.of is not None):
            raise ValueError("this comparator and its number do not go together")
        if (self.comparator == "between") != (self.upto is not None):
            raise ValueError("only a range has two ends")
        if self.upto is not None and self.of is not None and self.upto < self.of:
            raise ValueError("a range goes from low to high")
        if self.tolerance < 0:
            raise ValueError("a tolerance is not negative")
        return self


class IndicatorDefinition(Frozen):
    """One version of what an indicator is. A change of what is counted is a new version.

    `adds_up` says that the periods of a year may be added up to the year so far: they count what
    happened in each, not what there was on a day, nor the same things again. With a `baseline` the
    limits of the control chart are those of its first so many values, and are held from then on.
    """

    id: str = Field(pattern=CODE)
    version: int = Field(ge=1)
    name: str = Field(min_length=1, max_length=300)
    unit: Unit
    numerator: str = Field(default="", max_length=1000)
    denominator: str = Field(default="", max_length=1000)
    period: Literal["month", "quarter"] = "quarter"
    rolling_months: int | None = Field(default=None, ge=2, le=60)
    adds_up: bool = False
    polarity: Polarity = "unknown"
    measure: str | None = None
    owner: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=300)
    since: date
    note: str = Field(default="", max_length=2000)
    baseline: int | None = Field(default=None, ge=12, le=60)

    @model_validator(mode="after")
    def _measure_is_known(self) -> IndicatorDefinition:
        if self.measure is not None and self.measure not in MEASURES:
            raise ValueError("there is no such measure")
        return self

    @property
    def period_kind(self) -> PeriodKind:
        return PeriodKind.MONTH if self.period == "month" else PeriodKind.QUARTER

    @property
    def derived(self) -> bool:
        return self.measure is not None
