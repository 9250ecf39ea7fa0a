"""The Word template in histories of several records."""

from __future__ import annotations

from api.records.compared_kinds import ComparedColumn, ComparedKind, ComparedTable
from api.records.kinds import READ_TOOL, by_verb
from projections.word_templates.tables import WORD_TEMPLATES

STREAMS = (by_verb("word-template", READ_TOOL),)
COMPARED = ComparedKind(
    "word-template",
    "Word template of the council",
    "Word template, number",
    235,
    (
        ComparedTable(
            WORD_TEMPLATES.table,
            {"word_file": ComparedColumn("File", lambda file, _: file or "Caseloop’s own styles")},
            left_out=("styles_sha256", "content"),
        ),
    ),
    whole=True,
)
