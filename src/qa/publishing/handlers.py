"""Carries out the commands on published reports."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.publishing import decisions
from qa.publishing.commands import (
    CommentOnPublishedReport,
    PublicationMade,
    PublishReport,
    RestatePublishedReport,
    WithdrawPublishedReport,
)
from qa.publishing.events import published_stream
from qa.publishing.state import PublishedReport, evolve


def _load(work: Work, published: str) -> PublishedReport:
    """Raises `Forbidden`, `NotFound` or `MovedOn`, in this order."""
    work.require("publish-report")
    state = work.unit.load(published_stream(published), evolve, PublishedReport())
    decisions.known(state)
    work.expect_seen()
    return state


@handles(PublishReport)
def publish(command: PublishReport, work: Work) -> PublicationMade:
    work.authorise("publish-report")
    published, head = work.new_id(), work.desk.store.head(work.unit.connection)
    decided = decisions.publish(command, published=published, head=head)
    work.append(published_stream(published), *decided)
    return PublicationMade(published=published)


@handles(CommentOnPublishedReport)
def comment(command: CommentOnPublishedReport, work: Work) -> None:
    state = _load(work, command.of)
    work.append(published_stream(command.of), *decisions.comment(state, command))


@handles(RestatePublishedReport)
def restate(command: RestatePublishedReport, work: Work) -> None:
    state = _load(work, command.of)
    head = work.desk.store.head(work.unit.connection)
    work.append(published_stream(command.of), *decisions.restate(state, command, head=head))


@handles(WithdrawPublishedReport)
def withdraw(command: WithdrawPublishedReport, work: Work) -> None:
    state = _load(work, command.of)
    decided = decisions.withdraw(state, command)
    work.append(published_stream(command.of), *decided, reason=command.reason)
