"""Carries out the commands on named views."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.authorisation.policy import can
from qa.views import decisions
from qa.views.commands import KeepListView, RemoveListView, ViewIsKept
from qa.views.events import view_stream
from qa.views.state import KeptListView, evolve


@handles(KeepListView)
def keep(command: KeepListView, work: Work) -> ViewIsKept:
    work.require("share-view" if command.role else "keep-view")
    own = work.desk.lookups.list_view_named(
        work.unit.connection, work.by.person, command.path, command.name.strip()
    )
    view = own or work.new_id()
    stream = view_stream(view)
    work.unit.load(stream, evolve, KeptListView())
    work.append(stream, *decisions.keep(command, view))
    return ViewIsKept(view=view)


@handles(RemoveListView)
def remove(command: RemoveListView, work: Work) -> None:
    work.require("keep-view")
    stream = view_stream(command.view)
    state = work.unit.load(stream, evolve, KeptListView())
    shares = can(work.by, "share-view").allowed
    decided = decisions.remove(state, by=work.by.person, shares=shares)
    work.expect_seen()
    work.append(stream, *decided)
