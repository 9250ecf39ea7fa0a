"""Imported files, and how kinds of file are read, as records that have a history."""

from __future__ import annotations

from api.records.kinds import KindOfRecord, by_verb, of_council

_VERB = "import"
_KINDS = ("import", "import-mapping")
RECORDS = tuple(
    KindOfRecord(kind, of_council(kind, _VERB), events=("imports.events",)) for kind in _KINDS
)
STREAMS = tuple(by_verb(kind, _VERB) for kind in _KINDS)
