"""Events of a supervision check (stream ``supervision-check:<id>``): somebody outside the pair and
its line judges the supervision that one person gives another."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.audits.judgements import DomainJudgement, ModeratedJudgement
from qa.core.event import Event
from qa.core.fields import FieldWords, choice, day, long_text
from qa.core.frozen import Frozen, SealedText
from qa.supervision.events import Practitioner, Supervisor

Checker = Annotated[str, choice("Checker", "Somebody outside the pair and its line.")]
GivenOn = Annotated[date, day("Day of the feedback")]
PairTold = Annotated[
    SealedText,
    long_text(
        "Feedback to the pair", missing="Write the feedback you gave the pair.", longest=4000
    ),
]


def source_of(check: str) -> str:
    """What an action says it comes from, where a check raised it: nothing of whom it is about."""
    return f"Check {check[:12]}"


def check_stream(check: str) -> str:
    return f"supervision-check:{check}"


class CheckContent(Frozen):
    """All that a checker submits: what was checked when, each area with its grade, and the whole.

    `period_from` and `period_to` are the supervision that was looked at.
    """

    checked_on: date
    period_from: date
    period_to: date
    judgements: tuple[DomainJudgement, ...]
    overall: str
    rationale: SealedText


class SupervisionCheckScheduled(Event):
    """Somebody is asked to check the supervision of a pair with a published version of a tool.

    `audits` are the audits of the practitioner's cases that gave the prompt, if any did.
    """

    check: str
    pair: str
    supervisor: Supervisor
    practitioner: Practitioner
    checker: Checker
    tool: str
    tool_version: int
    team: str
    service: str
    due_on: date
    audits: tuple[str, ...] = ()


class SupervisionCheckTeamChanged(Event):
    """The team was closed before the check was submitted: another one took over."""

    old_team: str
    new_team: str
    old_service: str
    new_service: str


class SupervisionCheckStarted(Event):
    """The checker has begun to read the record of supervision."""


class SupervisionCheckSubmitted(Event):
    """The checker's judgement."""

    content: CheckContent


class SupervisionCheckCorrected(Event):
    """The checker puts their judgement right, for the reason in the envelope. A moderation of what
    stood before no longer stands."""

    content: CheckContent


class SupervisionModerationAssigned(Event):
    """Another person is asked for grades of their own."""

    moderator: str
    due_on: date


class SupervisionCheckModerated(Event):
    """The moderator's own grades. Whether they agree is worked out, never said."""

    judgements: tuple[ModeratedJudgement, ...]
    overall: str
    comment: Annotated[
        SealedText, FieldWords(label="Why the moderator’s overall grade differs")
    ] = ""


class SupervisionFeedbackGiven(Event):
    """The pair was told what the check found."""

    given_on: GivenOn
    note: PairTold


class SupervisionCheckClosed(Event):
    """Nothing more is to be done about the check itself; its actions go on by themselves."""


class SupervisionCheckCancelled(Event):
    """The check is not made, for the reason in the envelope."""
