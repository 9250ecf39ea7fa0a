"""Short ways to keep indicators in tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from projections.indicators import queries
from projections.indicators.queries import Held
from projections.indicators.series import Series, series
from qa.indicators.checks import DefinitionDraft, TargetDraft
from qa.indicators.commands import indicators
from qa.indicators.values import ValueDraft
from tests.support.council import Council


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
