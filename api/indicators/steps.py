"""The forms of an indicator: what they ask and start with, and the command they carry out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from api.indicators.derived import measure_words
from api.web.steps import FormStep, Options, command_step
from projections.indicators.queries import IndicatorRecord
from qa.authorisation.handling import CommandHandler
from qa.indicators import handlers
from qa.indicators.checks import UNIT_LABELS
from qa.indicators.definition import MEASURES, DefinitionDraft, TargetDraft
from qa.indicators.values import ValueDraft


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """What the forms are given: the indicator (None for a new one), and the period and source that
    a link may name."""

    indicator: IndicatorRecord | None
    period: str = ""
    source: str = ""

    @property
    def record(self) -> IndicatorRecord:
        assert self.indicator is not None
        return self.indicator


Choices = Mapping[str, Callable[[IndicatorView], Options]]


def _offered(*items: tuple[str, str]) -> Callable[[IndicatorView], Options]:
    return lambda _: items


WAYS = _offered(
    ("unknown", "Not decided"), ("higher", "Higher is better"), ("lower", "Lower is better")
)
DEFINED: Choices = {
    "unit": _offered(*UNIT_LABELS.items()),
    "period": _offered(("quarter", "Quarter"), ("month", "Month")),
    "adds_up": _offered(("yes", "The values of a year’s periods may be added up")),
    "polarity": WAYS,
    "measure": _offered(
        ("", "No: values are entered"),
        *((measure, measure_words(measure)) for measure in MEASURES),
    ),
}
STATES = _offered(
    ("value", "A value"),
    ("not-applicable", "Not applicable"),
    ("no-value", "No value was given"),
)
COMPARATORS = _offered(
    ("gte", "Be at least"),
    ("lte", "Be at most"),
    ("between", "Be between"),
    ("increase", "Increase"),
    ("decrease", "Decrease"),
    ("change-by-percent-a-year", "Change by per cent a year"),
    ("aligned", "Be aligned with a comparator"),
    ("monitor", "Only be monitored"),
)
DEFINITION, TARGET = tuple(DefinitionDraft.model_fields), tuple(TargetDraft.model_fields)
VALUE = tuple(name for name in ValueDraft.model_fields if name != "said")


def _defined(view: IndicatorView) -> object:
    """The definition in force; a new one holds from a day of its own."""
    now = view.record.definition.model_dump(exclude={"since"})
    ticked = "yes" if now["adds_up"] else ""
    return SimpleNamespace(**{**now, "adds_up": ticked, "polarity": view.record.ways[-1].polarity})


def _aimed(view: IndicatorView) -> object:
    if not view.record.targets:
        return None
    now = view.record.targets[-1][0].model_dump(exclude={"since"})
    return SimpleNamespace(**{**now, "tolerance": now["tolerance"] or ""})


def _restated(view: IndicatorView) -> object:
    """With the value that the link names."""
    for value in view.record.values:
        if (value.period, value.source) == (view.period, view.source):
            return value
    return SimpleNamespace(period=view.period, source=view.source, state="value")


def _step(
    title: str,
    says: str,
    done: str,
    handler: CommandHandler[Any],
    *,
    target: Callable[[IndicatorView], Mapping[str, str]] = lambda view: {
        "indicator": view.record.id
    },
    **more: Any,
) -> FormStep[IndicatorView]:
    return command_step(
        handler,
        title=title,
        button=title,
        done=done,
        verb="run-indicators",
        target=target,
        intro=(says,),
        **more,
    )


NEW = _step(
    "Define an indicator",
    "What it counts, out of what, over which periods. A later change is a new version.",
    "The indicator is defined.",
    handlers.define,
    target=lambda _: {},
    asks=("name", "id", *DEFINITION[1:]),
    choices=DEFINED,
    initial=lambda _: SimpleNamespace(period="quarter", polarity="unknown"),
)
STEPS: Mapping[str, FormStep[IndicatorView]] = {
    "observe": _step(
        "Record a value",
        "Only periods that are over. A period without a value shows as missing.",
        "The value is recorded.",
        handlers.observe,
        asks=VALUE,
        choices={"state": STATES},
        initial=lambda view: SimpleNamespace(period=view.period, state="value"),
    ),
    "restate": _step(
        "Restate a value",
        "The first value stays on record beside the new one.",
        "The value is restated.",
        handlers.restate,
        asks=(*VALUE, "reason"),
        choices={"state": STATES},
        initial=_restated,
    ),
    "target": _step(
        "Set the target",
        "The target before it stands for the time before.",
        "The target is set.",
        handlers.set_target,
        asks=TARGET,
        choices={"comparator": COMPARATORS},
        initial=_aimed,
    ),
    "polarity": _step(
        "Decide which way is better",
        "Without a decision nothing is called better or worse.",
        "The decision is recorded.",
        handlers.decide_polarity,
        choices={"polarity": WAYS},
    ),
    "comparator": _step(
        "Record a comparator",
        "A value of others: England, statistical neighbours. The period may be a whole year.",
        "The comparator is recorded.",
        handlers.observe_comparator,
    ),
    "claim": _step(
        "Record a published figure",
        "What a document says of the indicator, beside what its values say.",
        "The published figure is recorded.",
        handlers.record_claim,
    ),
    "break": _step(
        "Break the series",
        "Values from this period on are not comparable with those before. Nothing is compared or "
        "joined across a break.",
        "The break is recorded.",
        handlers.break_series,
    ),
    "rebase": _step(
        "Recalculate limits",
        "The control chart recalculates its limits from this period on. Decide this for a "
        "change that you know of, never to make a chart look better.",
        "The decision is recorded.",
        handlers.rebase,
    ),
    "redefine": _step(
        "Change the definition",
        "The version before it stands for the time before.",
        "The definition is changed.",
        handlers.redefine,
        asks=(*DEFINITION, "breaks", "reason"),
        choices={**DEFINED, "breaks": _offered(("yes", "The series breaks here"))},
        initial=_defined,
    ),
    "retire": _step(
        "Retire the indicator",
        "No new values are due after the day.",
        "The indicator is retired.",
        handlers.retire,
        warns=True,
    ),
}
ENTERING = ("observe", "restate")
"""What is done by hand only where values are entered by hand."""
