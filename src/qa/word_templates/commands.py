"""What can be asked of the council's Word template."""

from __future__ import annotations

from typing import ClassVar

from qa.core.command import Command
from qa.word_templates.events import StyleFile, TemplateName


class SetWordTemplate(Command):
    """Write Word documents in the styles of a file of the council, or in Caseloop's own again.

    What was published keeps the styles of its day.
    """

    STREAM: ClassVar[str] = "word-template"
    word_file: TemplateName = ""
    styles: StyleFile = b""
