"""How events of an indicator become rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from projections.core.base import RowChange
from projections.core.typed_rows import JsonText
from projections.indicators import tables
from qa.core.event import RecordedEvent, events_of
from qa.core.frozen import Frozen
from qa.indicators import events


class Indicators:
    """Projects the events of indicators."""

    name = "indicators"
    version = 1
    tables = (tables.INDICATORS.table, tables.VALUES.table, tables.BESIDE.table)
    by_stream = True
    handles = events_of(events)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, indicator = recorded.event, recorded.stream.partition(":")[2]
        now: dict[str, Any] = {"stream_version": recorded.version}
        changes: list[RowChange]
        match event:
            case events.IndicatorWithdrawn():
                return [
                    table.close(indicator)
                    for table in (tables.INDICATORS, tables.VALUES, tables.BESIDE)
                ]
            case events.IndicatorDefined(definition=new):
                row = tables.IndicatorRegisterRow(indicator, recorded.version, new.name)
                return [tables.INDICATORS.put(row), _beside(recorded, "definition", "1", new)]
            case events.IndicatorRedefined(new=new):
                now["name"] = new.name
                changes = [_beside(recorded, "definition", str(new.version), new)]
                if event.breaks:
                    day = new.since.isoformat()
                    changes.append(_beside(recorded, "break", day, {"since": day}))
            case events.IndicatorTargetSet(new=target):
                changes = [_beside(recorded, "target", target.since.isoformat(), target)]
            case events.IndicatorPolarityDecided():
                changes = [_beside(recorded, "polarity", _place(recorded), event)]
            case events.IndicatorObserved():
                changes = [tables.VALUES.put(_value(recorded, event))]
            case events.IndicatorRestated():
                value_row = _value(recorded, event)
                changes = [
                    tables.VALUES.amend(
                        (indicator, event.period, event.source),
                        lambda row: value_row._replace(restated=row.restated + 1),
                    ),
                    _beside(recorded, "restatement", _place(recorded), event),
                ]
            case events.IndicatorValueWithdrawn():
                changes = [tables.VALUES.close(indicator, event.period, event.source)]
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
                now["retired_after"] = event.after.isoformat()
                now["retired_because"] = recorded.meta.reason
                changes = []
            case _:
                return ()
        amended = tables.INDICATORS.amend(
            (indicator,), lambda row: row._replace(**now), missing_ok=True
        )
        return [*changes, amended]


def _place(recorded: RecordedEvent[Any]) -> str:
    """A name for the event that sorts as the stream does."""
    return f"{recorded.version:09d}"


def _beside(
    recorded: RecordedEvent[Any], kind: str, which: str, content: Frozen | Mapping[str, Any]
) -> RowChange:
    content_json = content.model_dump_json() if isinstance(content, Frozen) else json.dumps(content)
    return tables.BESIDE.begin(
        recorded,
        kind=kind,
        which=which,
        content=JsonText(content_json),
        reason=recorded.meta.reason,
    )


def _value(
    recorded: RecordedEvent[Any], event: events.IndicatorObserved | events.IndicatorRestated
) -> tables.IndicatorValueRow:
    return tables.VALUES.row_of(recorded, restated=0)


PROJECTORS = (Indicators,)
