"""How the events of imported files are told in history."""

from __future__ import annotations

from typing import Any

from qa.core.event_words import EventWords, RoomWords, Statement
from qa.imports import events

_OWN = {"batch": "the id of the batch: the entry is its own"}


def _heading(path: str, _tool: Any) -> str:
    return f"Column “{path.partition('.')[2]}” read as"


def _answer(path: str, _tool: Any) -> str:
    return f"Answer about {path.partition('.')[2] or 'the file'}"


HISTORY = RoomWords(
    labels={
        "already_there": "Rows that were there already",
        "corrected": "Rows taken as corrections",
        "file_name": "File",
        "file_sha256": "SHA-256 of the file",
        "import_kind": "What was imported",
        "headings": "Headings of the file",
        "imported": "Rows imported",
        "mapping_name": "Name",
        "mapping_version": "Version",
        "records": "Records undone",
        "rejected": "Rows rejected",
        "rows": "Rows in the file",
    },
    beneath={"mapping": _heading, "said": _answer},
    worded=frozenset({"import_kind"}),
    keyed={events.MappedHeading: ("heading", "field"), events.KeptAnswer: ("heading", "answer")},
    events=(
        EventWords(
            events.ImportBatchRecorded,
            lambda event: f"Imported {event.imported} of {event.rows} rows of {event.file_name}",
            paths={"kind": "import_kind"},
            hidden=_OWN,
        ),
        EventWords(
            events.ImportMappingKept,
            lambda event: f"Kept how “{event.name}” is read, version {event.version}",
            paths={
                "kind": "import_kind",
                "name": "mapping_name",
                "version": "mapping_version",
                "answers": "said",
            },
            hidden={"mapping": "the id of what is kept: the entry is its own"},
            statement=Statement("mapping", ("headings", "answers")),
        ),
        EventWords(
            events.ImportBatchReversed,
            lambda event: f"Reversed the import: {event.records} records",
            hidden=_OWN,
        ),
    ),
)
