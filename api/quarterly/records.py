"""Quarterly reports as records that have a history."""

from __future__ import annotations

from api.records.kinds import KindOfRecord, by_verb, of_council

_KIND, _VERB = "quarterly-report", "read-quarterly-report"
RECORDS = (KindOfRecord(_KIND, of_council(_KIND, _VERB), events=("quarterly.events",)),)
STREAMS = (by_verb(_KIND, _VERB),)
