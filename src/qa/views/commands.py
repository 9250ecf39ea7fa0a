"""What can be asked of named views."""

from __future__ import annotations

from typing import Annotated

from qa.core.command import Command
from qa.core.fields import target
from qa.core.frozen import Frozen
from qa.views.events import ViewName, ViewPath, ViewQuery, ViewRole


class ViewIsKept(Frozen):
    """The id of the view."""

    view: str


class KeepListView(Command, writes="list-view:{view}", result=ViewIsKept):
    """Keep a list with its filter, columns and order under a name. One's own view of the same list
    by the same name is replaced."""

    path: ViewPath
    query: ViewQuery = ""
    name: ViewName
    role: ViewRole = ""


class RemoveListView(Command, stream="list-view:{view}"):
    """Remove a named view, for everybody it was shared with too."""

    view: Annotated[str, target("The id of the view.")]
