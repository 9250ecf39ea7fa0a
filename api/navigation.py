"""The service navigation: what each reader may go to, from the same policy table as the pages.

A capability names its item under ``NAVIGATION``, in the module of pages that it leads to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import Request

from qa.authorisation.policy import can
from qa.core.capabilities import declared
from qa.core.words import Actor, Resource


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """Where one can go. `place` is where it stands among the others, from 0 to 999.

    It is shown to those who may do `verb`, or to all who are signed in. `count` answers how much
    waits there, which is shown where it is not nothing.
    """

    text: str
    href: str
    place: int
    verb: str | None = None
    count: Callable[[Request, Actor], int] | None = None


@cache
def items() -> tuple[NavigationItem, ...]:
    """The items of every capability, in their places."""
    found = declared("api", "pages", "NAVIGATION", NavigationItem, suffixed=True)
    return tuple(sorted(found, key=lambda item: item.place))


def _text(item: NavigationItem, request: Request, actor: Actor) -> str:
    waiting = 0 if item.count is None else item.count(request, actor)
    return f"{item.text} ({waiting})" if waiting else item.text


def navigation(request: Request) -> list[dict[str, Any]]:
    """The items for whoever is signed in; none for a visitor."""
    signed = getattr(request.state, "signed_in", None)
    if signed is None or not isinstance(signed.actor, Actor):
        return []
    actor, path, own = (
        signed.actor,
        request.url.path,
        Resource(person=signed.actor.person, somewhere=True),
    )
    return [
        {
            "text": _text(item, request, actor),
            "href": item.href,
            "current": path == item.href or (item.href != "/" and path.startswith(item.href)),
        }
        for item in items()
        if item.verb is None or can(actor, item.verb, own).allowed
    ]
