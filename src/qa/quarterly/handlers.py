"""Carries out the commands on quarterly reports."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.event import Event
from qa.core.words import Resource
from qa.people.loading import present
from qa.publishing.commands import PublicationMade
from qa.publishing.events import published_stream
from qa.quarterly import commands, decisions
from qa.quarterly.events import quarterly_stream
from qa.quarterly.state import Quarterly, evolve


def _state(work: Work, report: str) -> Quarterly:
    return work.unit.load(quarterly_stream(report), evolve, Quarterly())


def _load(work: Work, report: str) -> Quarterly:
    """For who composes it. Raises `Forbidden`, `NotFound` or `MovedOn`, in this order."""
    work.require("keep-quarterly-report")
    state = _state(work, report)
    decisions.known(state)
    work.expect_seen()
    return state


def _asked_of(work: Work, report: str, verb: str, person: str | None = None) -> Quarterly:
    """For anybody who it was given to: `person`, or its reviewer."""
    state = _state(work, report)
    named = person if state.review is None else state.review.reviewer
    work.require(verb, Resource(person=named))
    decisions.known(state)
    work.expect_seen()
    return state


def _save(work: Work, report: str, events: list[Event]) -> None:
    work.append(quarterly_stream(report), *events)


@handles(commands.StartQuarterlyReport)
def start(command: commands.StartQuarterlyReport, work: Work) -> commands.QuarterlyMade:
    work.authorise("keep-quarterly-report")
    report = work.new_id()
    _save(work, report, decisions.start(command, report=report))
    return commands.QuarterlyMade(report=report)


@handles(commands.AddQuarterlySection)
def add_section(command: commands.AddQuarterlySection, work: Work) -> commands.SectionMade:
    state = _load(work, command.of)
    section = work.new_id()
    decided = decisions.add_section(state, command, section=section)
    _writer_is_here(work, command.writer)
    _save(work, command.of, decided)
    return commands.SectionMade(section=section)


def _writer_is_here(work: Work, writer: str | None) -> None:
    if writer:
        present(work, writer, field="writer")


@handles(commands.ChangeQuarterlySection)
def change_section(command: commands.ChangeQuarterlySection, work: Work) -> None:
    decided = decisions.change_section(_load(work, command.of), command)
    _writer_is_here(work, command.writer)
    _save(work, command.of, decided)


@handles(commands.RemoveQuarterlySection)
def remove_section(command: commands.RemoveQuarterlySection, work: Work) -> None:
    _save(work, command.of, decisions.remove_section(_load(work, command.of), command))


@handles(commands.OrderQuarterlySections)
def order_sections(command: commands.OrderQuarterlySections, work: Work) -> None:
    _save(work, command.of, decisions.order_sections(_load(work, command.of), command))


@handles(commands.WriteQuarterlyCommentary)
def comment(command: commands.WriteQuarterlyCommentary, work: Work) -> None:
    writer = dict(_state(work, command.of).sections).get(command.section)
    state = _asked_of(work, command.of, "comment-quarterly-report", writer)
    _save(work, command.of, decisions.comment(state, command))


@handles(commands.ChooseQuarterlyHeadlines)
def choose_headlines(command: commands.ChooseQuarterlyHeadlines, work: Work) -> None:
    _save(work, command.of, decisions.choose_headlines(_load(work, command.of), command))


@handles(commands.SendQuarterlyForReview)
def send(command: commands.SendQuarterlyForReview, work: Work) -> None:
    state = _load(work, command.of)
    head = work.desk.store.head(work.unit.connection)
    decided = decisions.send(state, command, by=work.by.person, head=head)
    present(work, command.reviewer, field="reviewer")
    _save(work, command.of, decided)


@handles(commands.ReturnQuarterlyReport)
def send_back(command: commands.ReturnQuarterlyReport, work: Work) -> None:
    state = _asked_of(work, command.of, "return-quarterly-report")
    decided = decisions.send_back(state, command)
    work.append(quarterly_stream(command.of), *decided, reason=command.reason)


@handles(commands.AgreeQuarterlyReport)
def agree(command: commands.AgreeQuarterlyReport, work: Work) -> None:
    state = _asked_of(work, command.of, "review-quarterly-report")
    _save(work, command.of, decisions.agree(state))


@handles(commands.PublishQuarterlyReport)
def publish(command: commands.PublishQuarterlyReport, work: Work) -> PublicationMade:
    state = _load(work, command.of)
    work.require("publish-report")
    published = work.new_id()
    given_out, decided = decisions.publish(state, command, published=published)
    work.append(published_stream(published), given_out)
    _save(work, command.of, decided)
    return PublicationMade(published=published)
