"""The event behind the council's Word template (stream ``word-template``)."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from qa.core.event import Event
from qa.core.fields import FieldWords, short_text

WORD_TEMPLATE_STREAM = "word-template"


def _decoded(value: Any) -> Any:
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


StyleFile = Annotated[
    bytes,
    BeforeValidator(_decoded),
    PlainSerializer(_encoded, when_used="json"),
    FieldWords(label="The styles"),
]
"""A Word file without words, kept as it is: in JSON as Base64."""

TemplateName = Annotated[
    str, short_text("Word file", "A file ending in .docx or .dotx.", longest=200)
]


class WordTemplateSet(Event):
    """From now on Word documents are written in these `styles`; without any, in Caseloop's own.

    `number` counts the templates of the council from 1. What was published names the number that
    its Word file is written by, so every template stays.
    """

    number: Annotated[int, FieldWords(label="Version")]
    word_file: TemplateName = ""
    styles: StyleFile = b""
    styles_sha256: Annotated[str, FieldWords(label="SHA-256 of the styles")] = ""


NO_TEMPLATE = WordTemplateSet(number=0)
"""Until a template is set, documents have Caseloop's styles."""
