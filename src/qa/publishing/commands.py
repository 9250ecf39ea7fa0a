"""Commands on published reports."""

from __future__ import annotations

from datetime import date

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.words import Actor
from qa.publishing import decisions
from qa.publishing.decisions import PublishedReport
from qa.publishing.events import ReportAsked, published_stream
from qa.store.unit import Receipt


def _load(work: Work, published: str, seen: int | None) -> PublishedReport:
    work.require("publish-report")
    stream = published_stream(published)
    state = work.unit.load(stream, decisions.evolve, PublishedReport())
    decisions.known(state)
    if seen is not None:
        work.unit.expect(stream, seen)
    return state


@command
def publish(
    desk: Desk,
    *,
    title: str,
    asked: ReportAsked,
    position: int,
    as_at: date,
    sha256: str,
    commentary: str = "",
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Give out a report as known at a position; `sha256` is of its JSON. The response holds
    ``published``.

    Raises:
        Refused: every fault, by field.
    """
    with desk.work(by, once=once) as work:
        work.require("publish-report")
        published = work.new_id()
        decided = decisions.publish(
            published=published,
            title=title,
            asked=asked,
            position=position,
            as_at=as_at,
            sha256=sha256,
            commentary=commentary,
            head=desk.store.head(work.unit.connection),
        )
        work.append(published_stream(published), *decided)
        work.unit.respond(published=published)
    return work.receipt


@command
def comment(
    desk: Desk,
    *,
    published: str,
    commentary: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Add a commentary beside a published report."""
    with desk.work(by, once=once) as work:
        state = _load(work, published, seen)
        decided = decisions.comment(state, commentary=commentary)
        work.append(published_stream(published), *decided)
    return work.receipt


@command
def restate(
    desk: Desk,
    *,
    published: str,
    upto: int,
    figures: int,
    note: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Tell readers, by a note, which figures are others as known at `upto`."""
    with desk.work(by, once=once) as work:
        state = _load(work, published, seen)
        head = desk.store.head(work.unit.connection)
        decided = decisions.restate(state, upto=upto, figures=figures, note=note, head=head)
        work.append(published_stream(published), *decided)
    return work.receipt


@command
def withdraw(
    desk: Desk,
    *,
    published: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Take a published report out of use."""
    with desk.work(by, once=once, reason=reason) as work:
        state = _load(work, published, seen)
        work.append(published_stream(published), *decisions.withdraw(state, reason=reason))
    return work.receipt
