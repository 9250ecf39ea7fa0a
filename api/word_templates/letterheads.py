"""Whose documents they are, and by which Word template they are written."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.documents.listing import Letterhead
from api.services import Services
from projections.word_templates import queries


def letterhead_at(
    services: Services, connection: Connection, position: int | None = None
) -> Letterhead:
    """The letterhead of a document as at a position; None is now. The council's name is that of
    the settings, the template the one that was in force there."""
    found = queries.in_force(connection, position=position)
    head = services.letterhead
    return Letterhead(head.council, head.demonstration, found.number, found.styles)
