"""What can be asked of named views."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel

from qa.core.command import Command
from qa.core.fields import target
from qa.core.frozen import Frozen
from qa.views.events import ViewName, ViewPath, ViewQuery, ViewRole


class ViewIsKept(Frozen):
    """The id of the view."""

    view: str


class KeepListView(Command):
    """Keep a list with its filter, columns and order under a name. One's own view of the same list
    by the same name is replaced."""

    WRITES: ClassVar[str] = "list-view:{view}"
    RESULT: ClassVar[type[BaseModel]] = ViewIsKept
    path: ViewPath
    query: ViewQuery = ""
    name: ViewName
    role: ViewRole = ""


class RemoveListView(Command):
    """Remove a named view, for everybody it was shared with too."""

    STREAM: ClassVar[str] = "list-view:{view}"
    view: Annotated[str, target("The id of the view.")]
