"""Carries out the command on the council's Word template."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.event import last_said
from qa.word_templates import decisions
from qa.word_templates.commands import SetWordTemplate
from qa.word_templates.events import NO_TEMPLATE, WORD_TEMPLATE_STREAM


@handles(SetWordTemplate)
def set_word_template(command: SetWordTemplate, work: Work) -> None:
    work.authorise("set-policy")
    current = work.unit.load(WORD_TEMPLATE_STREAM, last_said, NO_TEMPLATE)
    work.append(WORD_TEMPLATE_STREAM, *decisions.set_word_template(current, command))
