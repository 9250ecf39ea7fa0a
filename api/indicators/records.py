"""Indicators as records that have a history."""

from __future__ import annotations

from api.records.kinds import KindOfRecord, by_verb, of_council

_VERB = "read-indicators"
RECORDS = (KindOfRecord("indicator", of_council("indicator", _VERB)),)
STREAMS = (by_verb("indicator", _VERB),)
