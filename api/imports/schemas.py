"""What the API answers about imports."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.imports.answers import ImportAnswers
from api.json.row_out import RowOut
from projections.imports.tables import BatchRow


class BatchOut(RowOut, row=BatchRow, without=("opened",)):
    """A file that was brought in; `mapping` says which field each heading was read as."""

    mapping: dict[str, str]


class ImportsOut(BaseModel):
    """Every batch, newest first."""

    as_at: date
    position: int
    batches: list[BatchOut]


class ImportKindOut(BaseModel):
    """A kind of file; `needs` says what must be on record before its rows can come in."""

    model_config = ConfigDict(from_attributes=True)
    kind: str
    title: str
    rows: str
    needs: str


class ImportKindsOut(BaseModel):
    """The kinds of file that the caller may send."""

    as_at: date
    position: int
    kinds: list[ImportKindOut]


class ImportMappingOut(BaseModel):
    """What is kept of how files of a kind are read, in its latest version."""

    kind: str
    name: str
    version: int
    headings: list[str]
    answers: ImportAnswers


class ImportMappingsOut(BaseModel):
    """All that is kept, by kind."""

    as_at: date
    position: int
    mappings: list[ImportMappingOut]


class KindProposalOut(BaseModel):
    """A kind that a file may be of: its headings that are needed and there, those that are known
    too, and what is needed and not there."""

    model_config = ConfigDict(from_attributes=True)
    kind: str
    title: str
    required: list[str]
    others: list[str]
    missing: list[str]


class KindProposalsOut(BaseModel):
    """The kinds that a file may be of; `proposed` is the one that most speaks for, if one does."""

    proposed: str | None
    kinds: list[KindProposalOut]


class RowFaultOut(BaseModel):
    """What is wrong with a cell, or what was noted of it. Rows are numbered as in the
    spreadsheet, beyond 1,000,000 for each sheet before theirs."""

    model_config = ConfigDict(from_attributes=True)
    row: int | None
    column: str | None
    value: str | None
    sentence: str


class ColumnReadOut(BaseModel):
    """How one column of a file is read: the field, or why it is left out. `guess` says that its
    heading is only like the name of the field."""

    model_config = ConfigDict(from_attributes=True)
    heading: str
    field: str
    guess: bool
    because: str


class BatchMadeOut(BaseModel):
    """What was recorded. A file that brought nothing new makes no batch; `plan` is the id of the
    plan that a file of one is of. Of a long file, `because` says what came between, and
    `not_reached` how many rows were not recorded for it: sent again, it goes on with these."""

    batch: str | None
    imported: int
    already_there: int
    corrected: int
    rejected: int
    plan: str | None = Field(default=None, exclude_if=lambda plan: plan is None)
    not_reached: int = Field(default=0, exclude_if=lambda rows: not rows)
    because: str = Field(default="", exclude_if=lambda words: not words)


class ChangedCellOut(BaseModel):
    """A field of a record, as it is on record and as the file states it."""

    model_config = ConfigDict(from_attributes=True)
    field: str
    old: str
    new: str


class RowChangedOut(BaseModel):
    """A row that is on record with other values; `recorded` where it would be a correction."""

    model_config = ConfigDict(from_attributes=True)
    row: int
    recorded: bool
    cells: list[ChangedCellOut]


class ImportOptionOut(BaseModel):
    """An answer that a question offers."""

    model_config = ConfigDict(from_attributes=True)
    value: str
    text: str


class ImportQuestionOut(BaseModel):
    """What has to be answered before a file is recorded: `about` is the field of the answers,
    `heading` its key there, `written` the value where the question is what one means."""

    model_config = ConfigDict(from_attributes=True)
    about: str
    heading: str
    sentence: str
    options: list[ImportOptionOut]
    written: str
    rows: list[int]


class FileBroughtOut(BaseModel):
    """How a file was read, and what came of it. `facts` counts the events; a dry run lists them,
    says how many rows are there already, changed, new, refused, left out by an answer, or without
    anything to record (`states`), and has no `result`."""

    file_sha256: str
    rows: int
    mapping: dict[str, str]
    unmapped: list[str]
    columns: list[ColumnReadOut]
    faults: list[RowFaultOut]
    notes: list[RowFaultOut]
    facts: int | list[dict[str, Any]]
    states: dict[str, int] | None = Field(default=None, exclude_if=lambda one: one is None)
    changed: list[RowChangedOut]
    questions: list[ImportQuestionOut]
    result: BatchMadeOut | None
