"""What can be asked of indicators: what they are, what they should reach, the values they take."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.command import Command
from qa.core.fields import FieldWords, choice, day, reason_text, target, tick
from qa.core.frozen import Frozen
from qa.imports.commands.batches import BatchMade, File
from qa.indicators.definition import LONGEST, DefinitionDraft, Polarity, TargetDraft, entered
from qa.indicators.rows import ImportedIndicator, ImportedValue
from qa.indicators.values import PeriodTyped, ValueDraft


def _reason(missing: str) -> FieldWords:
    return reason_text("Reason", "Recorded with your name.", missing=missing, longest=LONGEST)


OptionalReason = Annotated[
    str,
    FieldWords(
        label="Reason", hint="Recorded with your name.", widget="long", longest=4000, weighed=True
    ),
]


class OfIndicator(Command, stream="indicator:{indicator}"):
    """What is asked of an indicator that there is."""

    indicator: Annotated[str, target("The id of the indicator.", pattern=r"^[a-z][a-z0-9-]{0,59}$")]


class IndicatorMade(Frozen):
    """The id of the indicator."""

    indicator: str


class DefineIndicator(
    DefinitionDraft, Command, writes="indicator:{indicator}", result=IndicatorMade
):
    """Define an indicator. Without an id its name makes one."""

    id: Annotated[
        str,
        FieldWords(
            label="Short name for addresses and files (optional)",
            hint="Made from the name if empty.",
        ),
    ] = ""


class RedefineIndicator(DefinitionDraft, OfIndicator):
    """Change what the indicator is from the first day of a period on."""

    breaks: Annotated[bool, tick("Break", "Values are not comparable with those before.")]
    reason: OptionalReason = ""


class ObserveIndicator(ValueDraft, OfIndicator):
    """Record the value of a period, true of its last day; a second one of the same source is
    refused."""


class RestateIndicator(ValueDraft, OfIndicator):
    """Replace a value, with a reason; the first stays on record."""

    reason: Annotated[str, _reason("Say why the value is restated.")]


class SetIndicatorTarget(TargetDraft, OfIndicator):
    """Set the target that holds from a day on."""

    reason: OptionalReason = ""


class DecideIndicatorPolarity(OfIndicator):
    """Decide which way is better from a day on."""

    polarity: Annotated[
        Polarity, choice("Which way is better", missing="Choose which way is better.")
    ]
    since: Annotated[
        date, day("Holds from", missing="Enter the first day it applies from.", coded="since")
    ]
    reason: Annotated[str, _reason("Say who decided this, and why.")]


class ObserveIndicatorComparator(OfIndicator):
    """Record a value of others (England, statistical neighbours) to set beside. The period may be
    longer than the indicator's: comparators are often given by year."""

    comparator: Annotated[
        str, entered("Whose value", longest=100, missing="Say whose value it is.")
    ]
    period: PeriodTyped
    value: Annotated[str, FieldWords(label="Value")]
    note: Annotated[str, entered("Note (optional)", longest=500)] = ""
    reason: Annotated[
        str,
        FieldWords(label="Why it replaces the value before (where there is one)", widget="long"),
    ] = ""


class RecordIndicatorClaim(OfIndicator):
    """Keep what a document says of the indicator, beside what its values say."""

    period: PeriodTyped
    text: Annotated[
        str,
        entered(
            "What is claimed", longest=LONGEST, widget="long", missing="Write what is claimed."
        ),
    ]
    source: Annotated[str, entered("Where", longest=LONGEST, missing="Say where it is claimed.")]
    claimed: Annotated[str, FieldWords(label="The number claimed (optional)")] = ""


class MarkIndicator(OfIndicator):
    """What is decided of a series from a period on."""

    period: PeriodTyped
    reason: Annotated[str, _reason("Say why.")]


class BreakIndicatorSeries(MarkIndicator):
    """Say that values from a period on are not comparable with those before."""


class RebaseIndicator(MarkIndicator):
    """Decide that the limits of the control chart begin anew at a period."""


class RetireIndicator(OfIndicator):
    """Ask for no new values after a day."""

    after: Annotated[
        date, day("Last day", missing="Give the last day it is asked for.", coded="after")
    ]
    reason: Annotated[str, _reason("Say why the indicator is retired.")]


class ImportIndicators(Command, result=BatchMade):
    """Define the indicators of a file, with their targets."""

    file: Annotated[File, FieldWords(label="File")]
    rows: Annotated[tuple[ImportedIndicator, ...], FieldWords(label="Rows")]


class ImportIndicatorValues(Command, result=BatchMade):
    """Record the values of a file for indicators that are on record, each true of its period."""

    file: Annotated[File, FieldWords(label="File")]
    rows: Annotated[tuple[ImportedValue, ...], FieldWords(label="Rows")]
