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
    """A file, or the next part of a large one, was brought in: what it was, how its headings were
    read and what came of these rows."""

    SCHEMA: ClassVar[int] = 2
    batch: str
    kind: Literal[
        "audits",
        "moderations",
        "audit-outcomes",
        "actions",
        "concerns",
        "open-cases",
        "sampling-frame",
        "sessions",
        "rag-scale",
        "plan",
        "assessments",
        "measures",
        "measure-reports",
        "plan-claims",
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
    corrected: int
    rejected: int
    mapping: tuple[MappedHeading, ...]


class ImportBatchReversed(Event):
    """The batch was undone by later events; what it brought in stays readable."""

    batch: str
    records: int


def mapping_stream(mapping: str) -> str:
    return f"import-mapping:{mapping}"


class KeptAnswer(Frozen):
    """One thing that is said of a kind of file: `about` what, of which heading and value."""

    about: str
    heading: str = ""
    written: str = ""
    answer: str


class ImportMappingKept(Event):
    """What was said of a file is kept under a name, to be proposed for the next one. `headings` are
    those of the file; each time it is kept with other answers is a version."""

    mapping: str
    kind: str
    name: str
    version: int
    headings: tuple[str, ...]
    answers: tuple[KeptAnswer, ...]
