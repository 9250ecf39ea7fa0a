"""The read rows of the council's Word templates."""

from __future__ import annotations

import base64
from typing import NamedTuple

from projections.core.typed_rows import ReadTable


class WordTemplateRow(NamedTuple):
    """A template of the council, one row a `number`; `content` is the Word file in Base64, empty
    where Caseloop's own styles were set again."""

    number: int
    stream_version: int
    word_file: str
    styles_sha256: str
    content: str

    @property
    def styles(self) -> bytes:
        return base64.b64decode(self.content)


WORD_TEMPLATES = ReadTable(WordTemplateRow, "word_template_row", key=("number",))
word_template_row = WORD_TEMPLATES.table

NO_TEMPLATE_ROW = WordTemplateRow(0, 0, "", "", "")
"""What stands until a template is set."""
