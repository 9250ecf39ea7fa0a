"""Carries out the commands on learning themes."""

from __future__ import annotations

from qa.actions.reactions import load_action
from qa.audits.loading import open_audit
from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core import naming
from qa.core.errors import NotFound, Refused
from qa.core.event import Event
from qa.indicators import state as indicator_state
from qa.indicators.events import indicator_stream
from qa.indicators.state import Indicator
from qa.learning import commands, decisions
from qa.learning.decisions import Named
from qa.learning.events import theme_stream
from qa.learning.state import LearningTheme, evolve
from qa.people.loading import present
from qa.plans import action_state
from qa.plans.action_events import plan_action_stream
from qa.plans.action_state import PlanAction


def _named(work: Work, *texts: str) -> Named:
    """Who could be named in these texts."""
    lookups, connection = work.desk.lookups, work.unit.connection
    references = naming.like_references(texts)
    return Named(
        lookups.names_of_everybody(connection),
        lookups.children_in_use(connection, references) if references else (),
    )


def _load(work: Work, theme: str) -> LearningTheme:
    """Raises `Forbidden`, `NotFound` or `MovedOn`, in this order."""
    work.require("keep-learning")
    state = work.unit.load(theme_stream(theme), evolve, LearningTheme())
    decisions.known(state)
    work.expect_seen()
    return state


def _save(
    work: Work,
    theme: str,
    events: list[Event],
    *,
    about: str | None = None,
    reason: str | None = None,
) -> None:
    # What the policy was asked last may be a record behind the theme: the role is the keeper's.
    work.require("keep-learning")
    work.append(theme_stream(theme), *events, about=about, reason=reason)


@handles(commands.OpenLearningTheme)
def open_theme(command: commands.OpenLearningTheme, work: Work) -> commands.ThemeMade:
    work.authorise("keep-learning")
    theme = work.new_id()
    named = _named(work, command.title, command.question)
    _save(work, theme, decisions.open_theme(command, theme=theme, named=named))
    return commands.ThemeMade(theme=theme)


@handles(commands.TagLearningTheme)
def tag(command: commands.TagLearningTheme, work: Work) -> None:
    state = _load(work, command.theme)
    _there(work, command)
    _save(work, command.theme, decisions.tag(state, command))


def _there(work: Work, command: commands.TagLearningTheme) -> None:
    """Raises `Refused` for a thing that is not there, or may not be known of."""
    record = command.record
    try:
        if command.kind in ("finding", "strength"):
            audit = open_audit(work, record, "read-judgement")
            decisions.part_of_audit(command.kind, audit, command.part)
        elif command.kind == "action":
            load_action(work, record, "read-action")
        elif command.kind == "plan-action":
            action = work.unit.load(plan_action_stream(record), action_state.evolve, PlanAction())
            action_state.known(action)
        else:
            stream = indicator_stream(record)
            indicator_state.known(work.unit.load(stream, indicator_state.evolve, Indicator()))
    except NotFound as missing:
        raise Refused(missing.sentence, field="record", code="record-unknown") from None


@handles(commands.UntagLearningTheme)
def untag(command: commands.UntagLearningTheme, work: Work) -> None:
    state = _load(work, command.theme)
    decided = decisions.untag(state, command, named=_named(work, command.reason))
    _save(work, command.theme, decided, reason=command.reason)


@handles(commands.ShareLearning)
def share(command: commands.ShareLearning, work: Work) -> None:
    state = _load(work, command.theme)
    named = _named(work, command.where, command.with_whom, command.message)
    _save(work, command.theme, decisions.share(state, command, named=named))


@handles(commands.NotePracticeChange)
def change_practice(command: commands.NotePracticeChange, work: Work) -> None:
    state = _load(work, command.theme)
    named = _named(work, command.what, command.evidence)
    _save(work, command.theme, decisions.change_practice(state, command, named=named))


@handles(commands.NoteReAudit)
def re_audit(command: commands.NoteReAudit, work: Work) -> None:
    state = _load(work, command.theme)
    for audit in command.audits:
        try:
            submitted = open_audit(work, audit, "read-judgement").submitted
        except NotFound:
            submitted = False
        decisions.looked_again(submitted)
    decided = decisions.re_audit(state, command, named=_named(work, command.found))
    _save(work, command.theme, decided)


@handles(commands.CloseLearningTheme)
def close(command: commands.CloseLearningTheme, work: Work) -> None:
    state = _load(work, command.theme)
    decided = decisions.close(state, command, named=_named(work, command.why))
    _save(work, command.theme, decided)


@handles(commands.ShareGoodPractice)
def share_good_practice(command: commands.ShareGoodPractice, work: Work) -> commands.ExampleMade:
    state = _load(work, command.theme)
    decisions.grade_is_final(open_audit(work, command.audit, "read-judgement"))
    present(work, command.worker, field="worker")
    exemplar = work.new_id()
    decided = decisions.share_good_practice(
        state, command, exemplar=exemplar, named=_named(work, command.text)
    )
    _save(work, command.theme, decided, about=f"person:{command.worker}")
    return commands.ExampleMade(exemplar=exemplar)
