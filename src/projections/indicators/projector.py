"""How events of an indicator become rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from projections.core.base import Amend, Close, Put, RowChange
from projections.indicators.tables import indicator_beside, indicator_row, indicator_value
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.core.frozen import Frozen
from qa.indicators import events


class Indicators:
    """Projects the events of indicators."""

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

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, indicator = recorded.event, recorded.stream.partition(":")[2]
        if isinstance(event, events.IndicatorWithdrawn):
            return [Close(table, (indicator,)) for table in self.tables]
        row: dict[str, Any] = {"stream_version": recorded.version}
        match event:
            case events.IndicatorDefined(definition=new):
                row |= {"indicator": indicator, "name": new.name}
                return [Put(indicator_row, row), _beside(recorded, "definition", "1", new)]
            case events.IndicatorRedefined(new=new):
                row["name"] = new.name
                changes = [_beside(recorded, "definition", str(new.version), new)]
                if event.breaks:
                    day = new.since.isoformat()
                    changes.append(_beside(recorded, "break", day, {"since": day}))
            case events.IndicatorTargetSet(new=target):
                changes = [_beside(recorded, "target", target.since.isoformat(), target)]
            case events.IndicatorPolarityDecided():
                changes = [_beside(recorded, "polarity", _place(recorded), event)]
            case events.IndicatorObserved():
                changes = [_value(recorded)]
            case events.IndicatorRestated():
                kept = _beside(recorded, "restatement", _place(recorded), event)
                changes = [_restated(recorded), kept]
            case events.IndicatorValueWithdrawn():
                changes = [Close(indicator_value, (indicator, event.period, event.source))]
            case events.IndicatorComparatorObserved():
                changes = [
                    _beside(recorded, "comparator", f"{event.comparator}\n{event.period}", event)
                ]
            case events.IndicatorClaimRecorded():
                changes = [_beside(recorded, "claim", event.claim, event)]
            case events.IndicatorSeriesBroken():
                changes = [_beside(recorded, "break", event.period, event)]
            case events.IndicatorRebased():
                changes = [_beside(recorded, "rebase", event.period, event)]
            case events.IndicatorRetired():
                row["retired_after"] = event.after.isoformat()
                row["retired_because"] = recorded.meta.reason
                changes = []
            case _:
                return ()
        return [*changes, Amend(indicator_row, (indicator,), row, missing_ok=True)]


def _place(recorded: RecordedEvent[Any]) -> str:
    """A name for the event that sorts as the stream does."""
    return f"{recorded.version:09d}"


def _told(recorded: RecordedEvent[Any]) -> dict[str, Any]:
    return {"by": recorded.meta.by, "recorded_us": microseconds(recorded.recorded_at)}


def _beside(
    recorded: RecordedEvent[Any], kind: str, which: str, content: Frozen | Mapping[str, Any]
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


def _content(event: events.IndicatorObserved | events.IndicatorRestated) -> dict[str, Any]:
    return {
        "state": event.state,
        "value": None if event.value is None else str(event.value),
        "numerator": event.numerator,
        "denominator": event.denominator,
        "definition_version": event.definition_version,
        "said": event.said,
        "note": event.note,
        "excluded": event.excluded,
    }


def _value(recorded: RecordedEvent[events.IndicatorObserved]) -> RowChange:
    event = recorded.event
    key = {
        "indicator": recorded.stream.partition(":")[2],
        "period": event.period,
        "source": event.source,
        "restated": 0,
    }
    return Put(indicator_value, key | _content(event) | _told(recorded))


def _restated(recorded: RecordedEvent[events.IndicatorRestated]) -> RowChange:
    event, told = recorded.event, _content(recorded.event) | _told(recorded)
    indicator = recorded.stream.partition(":")[2]
    return Amend(
        indicator_value,
        (indicator, event.period, event.source),
        lambda row: told | {"restated": row["restated"] + 1},
    )


PROJECTORS = (Indicators,)
