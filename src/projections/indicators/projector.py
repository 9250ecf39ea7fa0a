"""How facts of an indicator become rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from projections.core.base import Amend, Close, Put, RowChange
from projections.indicators.tables import indicator_beside, indicator_row, indicator_value
from qa.core.clock import microseconds
from qa.core.fact import Recorded
from qa.core.frozen import Frozen
from qa.indicators import events


class Indicators:
    """Projects the facts of indicators."""

    name = "indicators"
    version = 1
    tables = (indicator_row, indicator_value, indicator_beside)
    by_stream = True
    handles = (
        events.IndicatorDefined,
        events.IndicatorRedefined,
        events.IndicatorTargetSet,
        events.IndicatorPolarityDecided,
        events.IndicatorObserved,
        events.IndicatorRestated,
        events.IndicatorValueWithdrawn,
        events.IndicatorComparatorObserved,
        events.IndicatorClaimRecorded,
        events.IndicatorSeriesBroken,
        events.IndicatorRebased,
        events.IndicatorRetired,
        events.IndicatorWithdrawn,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[RowChange]:
        fact, indicator = recorded.fact, recorded.stream.partition(":")[2]
        if isinstance(fact, events.IndicatorWithdrawn):
            return [Close(table, (indicator,)) for table in self.tables]
        row: dict[str, Any] = {"stream_version": recorded.version}
        match fact:
            case events.IndicatorDefined(definition=new):
                row |= {"indicator": indicator, "name": new.name}
                return [Put(indicator_row, row), _beside(recorded, "definition", "1", new)]
            case events.IndicatorRedefined(new=new):
                row["name"] = new.name
                changes = [_beside(recorded, "definition", str(new.version), new)]
                if fact.breaks:
                    day = new.since.isoformat()
                    changes.append(_beside(recorded, "break", day, {"since": day}))
            case events.IndicatorTargetSet(new=target):
                changes = [_beside(recorded, "target", target.since.isoformat(), target)]
            case events.IndicatorPolarityDecided():
                changes = [_beside(recorded, "polarity", _place(recorded), fact)]
            case events.IndicatorObserved():
                changes = [_value(recorded)]
            case events.IndicatorRestated():
                kept = _beside(recorded, "restatement", _place(recorded), fact)
                changes = [_restated(recorded), kept]
            case events.IndicatorValueWithdrawn():
                changes = [Close(indicator_value, (indicator, fact.period, fact.source))]
            case events.IndicatorComparatorObserved():
                changes = [
                    _beside(recorded, "comparator", f"{fact.comparator}\n{fact.period}", fact)
                ]
            case events.IndicatorClaimRecorded():
                changes = [_beside(recorded, "claim", fact.claim, fact)]
            case events.IndicatorSeriesBroken():
                changes = [_beside(recorded, "break", fact.period, fact)]
            case events.IndicatorRebased():
                changes = [_beside(recorded, "rebase", fact.period, fact)]
            case events.IndicatorRetired():
                row["retired_after"] = fact.after.isoformat()
                row["retired_because"] = recorded.meta.reason
                changes = []
            case _:
                return ()
        return [*changes, Amend(indicator_row, (indicator,), row, missing_ok=True)]


def _place(recorded: Recorded[Any]) -> str:
    """A name for the fact that sorts as the stream does."""
    return f"{recorded.version:09d}"


def _told(recorded: Recorded[Any]) -> dict[str, Any]:
    return {"by": recorded.meta.by, "recorded_us": microseconds(recorded.recorded_at)}


def _beside(
    recorded: Recorded[Any], kind: str, which: str, content: Frozen | Mapping[str, Any]
) -> RowChange:
    said = content.model_dump_json() if isinstance(content, Frozen) else json.dumps(content)
    row = {
        "indicator": recorded.stream.partition(":")[2],
        "kind": kind,
        "which": which,
        "content": said,
        "reason": recorded.meta.reason,
    }
    return Put(indicator_beside, row | _told(recorded))


def _content(fact: events.IndicatorObserved | events.IndicatorRestated) -> dict[str, Any]:
    return {
        "state": fact.state,
        "value": None if fact.value is None else str(fact.value),
        "numerator": fact.numerator,
        "denominator": fact.denominator,
        "definition_version": fact.definition_version,
        "said": fact.said,
        "note": fact.note,
        "excluded": fact.excluded,
    }


def _value(recorded: Recorded[events.IndicatorObserved]) -> RowChange:
    fact = recorded.fact
    key = {
        "indicator": recorded.stream.partition(":")[2],
        "period": fact.period,
        "source": fact.source,
        "restated": 0,
    }
    return Put(indicator_value, key | _content(fact) | _told(recorded))


def _restated(recorded: Recorded[events.IndicatorRestated]) -> RowChange:
    fact, told = recorded.fact, _content(recorded.fact) | _told(recorded)
    indicator = recorded.stream.partition(":")[2]
    return Amend(
        indicator_value,
        (indicator, fact.period, fact.source),
        lambda row: told | {"restated": row["restated"] + 1},
    )
