"""Events of a named view (stream ``list-view:<id>``): a list as somebody wants to see it again.

It holds codes and columns, never words that were typed to search by: they may name somebody.
"""

from __future__ import annotations

from typing import Annotated

from qa.core.event import Event
from qa.core.fields import choice, short_text

ViewName = Annotated[
    str,
    short_text(
        "Name",
        "For example, Late actions of my teams. Never the name of a person or a child.",
        missing="Enter a name.",
        longest=60,
    ),
]
ViewPath = Annotated[str, short_text("List", "Its address, as /actions.", longest=200)]
ViewQuery = Annotated[
    str,
    short_text(
        "Filter, columns and order",
        "As the address of the list has them after the question mark.",
        longest=1000,
    ),
]
ViewRole = Annotated[
    str,
    choice("Share it with", "Each of them sees what they may see of the list, and nothing more."),
]


def view_stream(view: str) -> str:
    return f"list-view:{view}"


class ListViewKept(Event):
    """A list was given a name, or the list of this name was arranged anew. With a `role` everybody
    who holds it finds the view."""

    view: str
    path: ViewPath
    query: ViewQuery
    name: ViewName
    role: ViewRole = ""


class ListViewRemoved(Event):
    """Nobody finds the view any more."""
