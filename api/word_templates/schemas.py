"""What the API answers of the Word template."""

from __future__ import annotations

from pydantic import BaseModel

LARGEST_FILE = 5_000_000
"""Bytes of a Word file that is sent."""


class WordTemplateOut(BaseModel):
    """The template in force; number 0, or an empty file name, means Caseloop's own styles."""

    number: int
    word_file: str
    styles_sha256: str
