"""What each event changes in the read rows of copies for outside the council."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.core.policy_table import put_policy
from projections.core.typed_rows import json_text
from projections.disclosure.tables import COPIES, OutsideCopyRow, disclosure_rule
from qa.core.carry import carry
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.disclosure.events import DisclosureRuleSet, OutsideCopyGiven, OutsideCopyWithdrawn


class Disclosure:
    """Projects the rule of small numbers and the copies that were given out."""

    name = "disclosure"
    version = 3
    tables = (disclosure_rule, COPIES.table)
    handles = (DisclosureRuleSet, OutsideCopyGiven, OutsideCopyWithdrawn)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        if isinstance(event, DisclosureRuleSet):
            return [put_policy(disclosure_rule, recorded)]
        if isinstance(event, OutsideCopyWithdrawn):
            changed: dict[str, Any] = {
                "stream_version": recorded.version,
                "withdrawn_us": microseconds(recorded.recorded_at),
                "withdrawn_because": recorded.meta.reason,
            }
            return [COPIES.amend((event.given,), lambda row: row._replace(**changed))]
        row = carry(
            OutsideCopyRow,
            event,
            stream_version=recorded.version,
            made_at=event.position,
            tables=json_text([one.model_dump() for one in event.tables]),
            texts=json_text([one.model_dump() for one in event.texts]),
            by=recorded.meta.by,
            given_us=microseconds(recorded.recorded_at),
        )
        return [COPIES.put(row)]


PROJECTORS = (Disclosure,)
