"""Events of a restriction (stream ``restriction:<id>``): the records of one child, such as a
colleague's or a councillor's, are read by people who are named and by nobody else.

The stream goes by an id of its own, so that no address and no notice holds the child's reference.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.event import Event
from qa.core.fields import FieldWords
from qa.core.frozen import SealedText

Why = Annotated[SealedText, FieldWords(label="Why")]


def restriction_stream(restriction: str) -> str:
    return f"restriction:{restriction}"


class ChildRestricted(Event):
    """From now on only the `readers` read what is on record about the child."""

    restriction: str
    child: str
    readers: Annotated[tuple[str, ...], FieldWords(label="Who may read")]
    why: Why


class RestrictionReadersNamed(Event):
    """Others than before are named to read."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    why: Why


class RestrictionOverridden(Event):
    """Somebody who is not named reads, until the day `until` is over: the glass is broken."""

    reader: Annotated[str, FieldWords(label="Who broke the glass")]
    until: date
    why: Why


class RestrictionLifted(Event):
    """The records are read again by whoever their role lets read them."""

    why: Why
