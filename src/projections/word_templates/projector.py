"""What each event changes in the read rows of the council's Word templates."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.word_templates.tables import WORD_TEMPLATES, WordTemplateRow
from qa.core.event import RecordedEvent
from qa.word_templates.events import WordTemplateSet


class WordTemplates:
    """Projects the Word templates: all of them stay."""

    name = "word_templates"
    version = 1
    tables = (WORD_TEMPLATES.table,)
    handles = (WordTemplateSet,)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        content = base64.b64encode(event.styles).decode("ascii")
        row = WordTemplateRow(
            event.number, recorded.version, event.word_file, event.styles_sha256, content
        )
        return [WORD_TEMPLATES.put(row)]


PROJECTORS = (WordTemplates,)
