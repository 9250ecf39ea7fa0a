"""What can be asked of the work that waits for somebody."""

from __future__ import annotations

from typing import Annotated

from qa.core.command import Command
from qa.core.fields import choice, reason_text, several, short_text, target
from qa.core.frozen import Frozen

MOST = 200


class WorkPart(Frozen):
    """One thing that waits, named by its stream as worklists do, and who is to answer for it."""

    thing: Annotated[str, short_text("What waits", longest=100)]
    to: Annotated[str, choice("To", missing="Choose who is to answer for it.")]


class WorkHandedOver(Frozen):
    """How many things were handed over."""

    parts: int


class HandOverWork(Command, result=WorkHandedOver):
    """Hand over what waits for somebody to one or more others, for one reason: all of it or
    nothing. Each part asks the right that handing it over alone asks."""

    person: Annotated[str, target("The id of the person.", pattern=r"^[a-z0-9-]{1,64}$")]
    parts: Annotated[
        tuple[WorkPart, ...],
        several("What is handed over", missing="Choose what is handed over, and to whom."),
    ]
    reason: Annotated[str, reason_text(missing="Say why the work is handed over.")]
