"""Imported files as records that have a history."""

from __future__ import annotations

from api.records.kinds import KindOfRecord, by_verb, of_council

_VERB = "import"
RECORDS = (KindOfRecord("import", of_council("import", _VERB), events=("imports.events",)),)
STREAMS = (by_verb("import", _VERB),)
