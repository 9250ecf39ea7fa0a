"""The service navigation: what each reader may go to, from the same policy table as the pages.

A capability names its item under ``NAVIGATION``, in the module of pages that it leads to. The items
stand in six sections at most; a section leads to the first of its items that the reader may use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from inspect import unwrap
from typing import Any

from fastapi import Request

from qa.authorisation.policy import can
from qa.core.capabilities import declared, modules
from qa.core.words import Actor, Resource, Role


class NavigationSection(StrEnum):
    """The parts of the service, in their order."""

    HOME = "Home"
    AUDITS = "Audits"
    ACTIONS = "Actions"
    PLANS = "Plans"
    REPORTS = "Reports"
    SET_UP = "Set-up"


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """Where one can go. `place` is where it stands among the others, from 0 to 999.

    It is shown to those who may do `verb`, or to all who are signed in. `count` answers how much
    waits there, which is shown where it is not nothing. `also` are other addresses that belong to
    it, as they are or as something finds them; those of the same capability need not be named. It
    is not shown to whoever holds none but the roles it is `empty_for`.
    """

    text: str
    href: str
    place: int
    section: NavigationSection
    verb: str | None = None
    count: Callable[[Request, Actor], int] | None = None
    also: tuple[str, ...] | Callable[[], tuple[str, ...]] = ()
    empty_for: frozenset[Role] = frozenset()

    def open_to(self, actor: Actor) -> bool:
        own = Resource(person=actor.person, somewhere=True)
        roles = {grant.role for grant in actor.grants}
        if roles and roles <= self.empty_for:
            return False
        return self.verb is None or can(actor, self.verb, own).allowed

    def leads_to(self, path: str) -> int:
        """How much of an address is this item's: the longer the closer, 0 for none of it."""
        also = self.also() if callable(self.also) else self.also
        found = [at for at in (self.href, *also) if path == at or path.startswith(f"{at}/")]
        return max(map(len, found), default=0)


@dataclass(frozen=True, slots=True)
class Navigation:
    """What a page shows of the ways to go: the sections, the pages of the current one, and whether
    there is a box to search with."""

    sections: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    section: str = ""
    name: str = ""
    search: bool = False


@cache
def items() -> tuple[NavigationItem, ...]:
    """The items of every capability, in their places."""
    found = declared("api", "pages", "NAVIGATION", NavigationItem, suffixed=True)
    return tuple(sorted(found, key=lambda item: item.place))


@cache
def _of_capability() -> dict[str, NavigationItem]:
    """The item of each capability that has one, by the name of its folder: that of its ``pages``
    before that of others."""
    found: dict[str, NavigationItem] = {}
    for module in modules("api", "pages", suffixed=True):
        room, name = module.__name__.split(".")[1:3]
        item = getattr(module, "NAVIGATION", None)
        if isinstance(item, NavigationItem) and (name == "pages" or room not in found):
            found[room] = item
    return found


def current(request: Request) -> NavigationItem | None:
    """The item that a page belongs to: by its address, or else by the capability that answers."""
    path = request.url.path
    close, closest = max(
        ((item.leads_to(path), item) for item in items()), key=lambda pair: pair[0]
    )
    if close:
        return closest
    endpoint = request.scope.get("endpoint")
    if endpoint is None:
        return None
    return _of_capability().get(unwrap(endpoint).__module__.split(".")[1])


def _text(item: NavigationItem, request: Request, actor: Actor) -> str:
    waiting = 0 if item.count is None else item.count(request, actor)
    return f"{item.text} ({waiting})" if waiting else item.text


def navigation(request: Request) -> Navigation:
    """The ways to go for whoever is signed in; none for a visitor."""
    signed = getattr(request.state, "signed_in", None)
    if signed is None:
        return Navigation()
    actor: Actor = signed.actor
    own = Resource(person=actor.person, somewhere=True)
    open_items = [item for item in items() if item.open_to(actor)]
    here = current(request)
    section = here.section if here in open_items else None
    first: dict[NavigationSection, NavigationItem] = {}
    for item in open_items:
        first.setdefault(item.section, item)
    within = [item for item in open_items if item.section is section]
    return Navigation(
        sections=[
            {"text": one.value, "href": first[one].href, "active": one is section}
            for one in NavigationSection
            if one in first
        ],
        pages=[
            {"text": _text(item, request, actor), "href": item.href, "active": item is here}
            for item in within
        ]
        if len(within) > 1
        else [],
        section=section.value if section else "",
        name=actor.name,
        search=can(actor, "search", own).allowed,
    )
