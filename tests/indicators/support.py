"""Short ways to keep indicators in tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from projections.indicators import queries
from projections.indicators.queries import Held
from projections.indicators.series import Series, series
from qa.core.errors import CaseloopError, Refused
from qa.indicators import decisions
from qa.indicators.checks import DefinitionDraft, TargetDraft
from qa.indicators.commands import indicators
from qa.indicators.state import Indicator, evolve
from qa.indicators.values import ValueDraft
from tests.support.council import Council
from tests.support.given import recorded


@dataclass(frozen=True)
class Keeper:
    """The QA lead of a council at work on its indicators."""

    council: Council

    @property
    def by(self) -> dict[str, Any]:
        return {"by": self.council.actor("lead")}

    def define(self, id: str = "moderated", **values: Any) -> str:
        draft = DefinitionDraft(
            **{
                "name": id.replace("-", " ").capitalize(),
                "unit": "percent",
                "since": date(2020, 4, 1),
                **values,
            }
        )
        indicators.define(self.council.services.desk, id=id, draft=draft, **self.by)
        return id

    def observe(self, id: str, period: str, value: str = "", **values: Any) -> None:
        draft = ValueDraft(period=period, value=value, **values)
        indicators.observe(self.council.services.desk, indicator_id=id, draft=draft, **self.by)

    def restate(self, id: str, period: str, value: str, reason: str, **values: Any) -> None:
        indicators.restate(
            self.council.services.desk,
            indicator_id=id,
            draft=ValueDraft(period=period, value=value, **values),
            reason=reason,
            **self.by,
        )

    def target(self, id: str, comparator: str, of: str = "", **values: Any) -> None:
        given: dict[str, Any] = {"comparator": comparator, "of": of, "since": date(2020, 4, 1)}
        draft = TargetDraft(**given | values)
        indicators.set_target(self.council.services.desk, indicator_id=id, draft=draft, **self.by)

    def do(self, command: str, id: str, **values: Any) -> None:
        """Any other command on an indicator."""
        function = getattr(indicators, command)
        function(self.council.services.desk, indicator_id=id, **values, **self.by)

    def held(self, id: str, position: int | None = None) -> Held:
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


def after(*steps: Any, draft: DefinitionDraft = DRAFT) -> Indicator:
    """The indicator after it was defined and each step was decided on it."""
    state = Indicator()
    decided = decisions.define(state, id="moderated", draft=draft)
    version = 0
    for step in (None, *steps):
        for event in decided if step is None else step(state):
            version += 1
            state = evolve(state, recorded(event, version, "indicator:moderated"))
    return state


def observed(draft: ValueDraft = Q3) -> Any:
    return lambda state: decisions.observe(state, draft=draft, today=TODAY)


def faults(decide: Any) -> list[tuple[str, str]]:
    """The fields and codes of what a decision refuses."""
    with pytest.raises(CaseloopError) as refusal:
        decide()
    assert isinstance(refusal.value, Refused), refusal.value
    return [(fault.field, fault.code) for fault in refusal.value.faults]
