"""The council's Word templates: the one in force now or then, and those of earlier documents."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from projections.word_templates.tables import (
    NO_TEMPLATE_ROW,
    WORD_TEMPLATES,
    WordTemplateRow,
    word_template_row,
)


def in_force(connection: Connection, *, position: int | None = None) -> WordTemplateRow:
    """The template that Word documents are written by: of number 0 where none was ever set."""
    latest = WORD_TEMPLATES.select(position=position).order_by(word_template_row.c.number.desc())
    return next(iter(WORD_TEMPLATES.rows(connection, latest.limit(1))), NO_TEMPLATE_ROW)


def numbered(connection: Connection, number: int) -> WordTemplateRow:
    """The template of a number: what was published names the one of its day.

    Raises:
        LookupError: there is no template of this number.
    """
    if not number:
        return NO_TEMPLATE_ROW
    found = WORD_TEMPLATES.one(connection, word_template_row.c.number == number, position=None)
    if found is None:
        raise LookupError(f"there is no Word template {number}")
    return found
