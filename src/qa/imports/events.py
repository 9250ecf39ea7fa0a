"""Events of an import batch (stream ``import:<batch>``)."""

from __future__ import annotations

from typing import ClassVar, Literal

from qa.core.event import Event
from qa.core.frozen import Frozen


def batch_stream(batch: str) -> str:
    return f"import:{batch}"


class MappedHeading(Frozen):
    heading: str
    field: str


class ImportBatchRecorded(Event):
    """A file was brought in: what it was, how its headings were read and what came of its rows."""

    TYPE: ClassVar[str] = "ImportBatchRecorded"
    batch: str
    kind: Literal[
        "audits",
        "moderations",
        "rag-scale",
        "plan",
        "assessments",
        "measures",
        "measure-reports",
        "indicators",
        "observations",
        "teams",
        "people",
    ]
    file_name: str
    file_sha256: str
    rows: int
    imported: int
    already_there: int
    rejected: int
    mapping: tuple[MappedHeading, ...]


class ImportBatchReversed(Event):
    """The batch was undone by later events; what it brought in stays readable."""

    TYPE: ClassVar[str] = "ImportBatchReversed"
    batch: str
    records: int
