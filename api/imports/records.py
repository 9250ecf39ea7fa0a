"""Imported files, and how kinds of file are read, as records that have a history."""

from __future__ import annotations

from api.records.compared_kinds import ComparedKind, ComparedTable, person
from api.records.kinds import KindOfRecord, by_verb, of_council
from projections.imports.tables import BATCHES, MAPPINGS

_VERB = "import"
_KINDS = ("import", "import-mapping")
RECORDS = tuple(
    KindOfRecord(kind, of_council(kind, _VERB), events=("imports.events",)) for kind in _KINDS
)
STREAMS = tuple(by_verb(kind, _VERB) for kind in _KINDS)

COMPARED = (
    ComparedKind(
        "import",
        "Imported files",
        "Imported file",
        130,
        (
            ComparedTable(
                BATCHES.table,
                {
                    "file_name": "File",
                    "rows": "Rows",
                    "imported": "Rows brought in",
                    "already_there": "Rows that were there already",
                    "rejected": "Rows that were refused",
                    "corrected": "Rows that were put right",
                    "reversed_because": "Why it was undone",
                    "by": person("By"),
                },
                left_out=("kind", "file_sha256", "mapping", "recorded_us"),
            ),
        ),
        named=("file_name",),
        href="/imports/{}",
    ),
    ComparedKind(
        "import-mapping",
        "How kinds of file are read",
        "How a kind of file is read:",
        135,
        (
            ComparedTable(
                MAPPINGS.table,
                {
                    "name": "Name",
                    "version": "Version",
                    "headings": "Headings",
                    "answers": "Answers",
                    "by": person("By"),
                },
                left_out=("kind", "recorded_us"),
            ),
        ),
        named=("name",),
    ),
)
