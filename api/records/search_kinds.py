"""What can be found: every capability names its kinds of record under ``SEARCHED``, in its
``records``, with what a reader may see of them. Nothing lists the kinds; they are found by folder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from sqlalchemy.engine import Connection

from api.web.moments import AsAt
from projections.core.full_text import RowCondition
from projections.search.queries import EVERY_ROW
from qa.authorisation.policy import can
from qa.core.capabilities import declared
from qa.core.words import Actor

Visible = Callable[[Connection, Actor, AsAt], RowCondition | None]
"""For a reader at a moment, the condition for the rows of search that the list of these records
would show them; None: none at all."""


@dataclass(frozen=True, slots=True)
class FoundHeading:
    """What a record is called where it is found, where it opens, and what tells it from others.
    `tool` is the audit tool whose questions its texts answer."""

    title: str
    href: str
    beneath: str = ""
    tool: Any = None


@dataclass(frozen=True, slots=True)
class SearchedKind:
    """A kind of record by the kind of its streams, with what several of it are called. `place` is
    where it stands among the others. Where its records list children, `listing` gives those that
    list one of the references whose keys are given, as far as the reader may see it: each record
    with the reference as it stands there."""

    kind: str
    label: str
    place: int
    visible: Visible
    headings: Callable[[Connection, Collection[str], AsAt], Mapping[str, FoundHeading]]
    listing: Callable[[Connection, Actor, AsAt, Collection[str]], Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class SameNames:
    """Names that are one thing's, declared under ``SAME_NAMES``: for each of them all, as far as a
    reader may learn one from another."""

    known: Callable[[Connection, Actor, AsAt], Mapping[str, Collection[str]]]


def same_names(connection: Connection, actor: Actor, at: AsAt) -> dict[str, Collection[str]]:
    found: dict[str, Collection[str]] = {}
    for one in declared("api", "records", "SAME_NAMES", SameNames):
        found |= one.known(connection, actor, at)
    return found


@cache
def searched_kinds() -> dict[str, SearchedKind]:
    found = declared("api", "records", "SEARCHED", SearchedKind)
    return {one.kind: one for one in sorted(found, key=lambda one: one.place)}


class Titles(Protocol):
    """The titles of records by their ids, as known at a position."""

    def __call__(
        self, connection: Connection, wanted: Collection[str], /, *, position: int | None = None
    ) -> Mapping[str, str]: ...


def titled(
    titles: Titles, path: str, beneath: str
) -> Callable[[Connection, Collection[str], AsAt], Mapping[str, FoundHeading]]:
    """The headings of records that are called by their title and open beneath `path`."""

    def headings(
        connection: Connection, wanted: Collection[str], at: AsAt
    ) -> Mapping[str, FoundHeading]:
        found = titles(connection, wanted, position=at.position)
        return {one: FoundHeading(title, f"{path}/{one}", beneath) for one, title in found.items()}

    return headings


def with_verb(verb: str) -> Visible:
    """All of them, for whoever the verb is allowed."""

    def visible(_connection: Connection, actor: Actor, _at: AsAt) -> RowCondition | None:
        return EVERY_ROW if can(actor, verb).allowed else None

    return visible
