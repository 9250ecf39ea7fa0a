"""Which Word template can be set."""

from __future__ import annotations

import hashlib

from qa.core.errors import Refused
from qa.core.event import Event
from qa.word_templates.commands import SetWordTemplate
from qa.word_templates.events import WordTemplateSet

LARGEST = 1_000_000
"""Bytes of a template without its words, as it is kept."""


def set_word_template(current: WordTemplateSet, command: SetWordTemplate) -> list[Event]:
    """The next template. The one in force, sent again, changes nothing.

    Raises:
        Refused: it is too large to be kept, or its name is too long.
    """
    command.refuse_faults()
    if len(command.styles) > LARGEST:
        raise Refused(
            "Styles, fonts and pictures of this file take more than 1 MB. Use smaller pictures.",
            field="file",
            code="template-large",
        )
    styles_sha256 = hashlib.sha256(command.styles).hexdigest() if command.styles else ""
    if styles_sha256 == current.styles_sha256:
        return []
    return [
        WordTemplateSet(
            number=current.number + 1,
            word_file=command.word_file if command.styles else "",
            styles=command.styles,
            styles_sha256=styles_sha256,
        )
    ]
