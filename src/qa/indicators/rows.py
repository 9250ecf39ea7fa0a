"""Rows of a file of indicators or of their values."""

from __future__ import annotations

from dataclasses import dataclass

from qa.indicators.definition import DefinitionDraft, TargetDraft
from qa.indicators.values import ValueDraft


@dataclass(frozen=True, slots=True)
class ImportedIndicator:
    """One indicator as its file states it, with its target where the file has one."""

    row: int
    id: str
    draft: DefinitionDraft
    target: TargetDraft | None = None


@dataclass(frozen=True, slots=True)
class ImportedValue:
    """One value as its file states it."""

    row: int
    indicator: str
    draft: ValueDraft
