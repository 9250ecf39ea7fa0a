"""What can be asked of the council's Word template."""

from __future__ import annotations

from qa.core.command import Command
from qa.word_templates.events import StyleFile, TemplateName


class SetWordTemplate(Command, stream="word-template"):
    """Write Word documents in the styles of a file of the council, or in Caseloop's own again.

    What was published keeps the styles of its day.
    """

    word_file: TemplateName = ""
    styles: StyleFile = b""
