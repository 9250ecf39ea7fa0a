"""Short ways to keep indicators in tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import pytest
from pydantic import BaseModel

from projections.indicators import queries
from projections.indicators.queries import IndicatorRecord
from projections.indicators.series import Series, series
from qa.authorisation.handling import CommandHandler
from qa.core.command import Command
from qa.core.errors import CaseloopError, Refused
from qa.indicators import decisions
from qa.indicators import handlers as indicators
from qa.indicators.commands import (
    DefineIndicator,
    ObserveIndicator,
    OfIndicator,
    RestateIndicator,
    SetIndicatorTarget,
)
from qa.indicators.definition import DefinitionDraft
from qa.indicators.state import Indicator, evolve
from qa.indicators.values import ValueDraft
from tests.support.council import Council
from tests.support.given import recorded


@dataclass(frozen=True)
class Keeper:
    """The QA lead of a council at work on its indicators."""

    council: Council

    def carry_out(self, handler: CommandHandler[Any], command: Command) -> None:
        handler(self.council.services.desk, command, by=self.council.actor("lead"))

    def define(self, id: str = "moderated", **values: Any) -> str:
        name = id.replace("-", " ").capitalize()
        given = {"name": name, "unit": "percent", "since": date(2020, 4, 1), **values}
        self.carry_out(indicators.define, DefineIndicator(id=id, **given))
        return id

    def observe(self, id: str, period: str, value: str = "", **values: Any) -> None:
        command = ObserveIndicator(indicator=id, period=period, value=value, **values)
        self.carry_out(indicators.observe, command)

    def restate(self, id: str, period: str, value: str, reason: str, **values: Any) -> None:
        command = RestateIndicator(
            indicator=id, period=period, value=value, reason=reason, **values
        )
        self.carry_out(indicators.restate, command)

    def target(self, id: str, comparator: str, of: str = "", **values: Any) -> None:
        given: dict[str, Any] = {"comparator": comparator, "of": of, "since": date(2020, 4, 1)}
        self.carry_out(indicators.set_target, SetIndicatorTarget(indicator=id, **given | values))

    def do(self, command: str, id: str, **values: Any) -> None:
        """Any other command on an indicator."""
        handler = getattr(indicators, command)
        self.carry_out(handler, handler.command(indicator=id, **values))

    def held(self, id: str, position: int | None = None) -> IndicatorRecord:
        with self.council.services.store.reading() as connection:
            found = queries.one(connection, id, position=position)
        assert found is not None
        return found

    def series(self, id: str, **values: Any) -> Series:
        return series(self.held(id), **{"today": self.council.today, **values})


TODAY = date(2021, 1, 19)


DRAFT = DefinitionDraft(
    name="Case files moderated",
    unit="percent",
    numerator="audits moderated",
    denominator="audits submitted",
    polarity="higher",
    since=date(2020, 4, 1),
)


Q3 = ValueDraft(period="2020/21 Q3", value="27%", note="exc Dec")


D = TypeVar("D", bound=BaseModel)
C = TypeVar("C", bound=OfIndicator)


def replace(draft: D, **values: Any) -> D:
    """The draft with other values, whatever they are."""
    return draft.model_copy(update=values)


def asked(command: type[C], **values: Any) -> C:
    """The command on the one indicator, whatever its values are."""
    return command.model_construct(None, **{"indicator": "moderated", **values})


def after(*steps: Any, draft: DefinitionDraft = DRAFT) -> Indicator:
    """The indicator after it was defined and each step was decided on it."""
    state = Indicator()
    decided = decisions.define(state, draft, id="moderated")
    version = 0
    for step in (None, *steps):
        for event in decided if step is None else step(state):
            version += 1
            state = evolve(state, recorded(event, version, "indicator:moderated"))
    return state


def observed(draft: ValueDraft = Q3) -> Any:
    return lambda state: decisions.observe(state, draft, today=TODAY)


def faults(decide: Any) -> list[tuple[str, str]]:
    """The fields and codes of what a decision refuses."""
    with pytest.raises(CaseloopError) as refusal:
        decide()
    assert isinstance(refusal.value, Refused), refusal.value
    return [(fault.field, fault.code) for fault in refusal.value.faults]
