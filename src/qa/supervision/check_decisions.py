"""Decisions on a supervision check: from the day it is asked for to the feedback it gives.

Whoever checks or moderates is outside the pair and outside the line of both. A moderator gives
grades of their own; whether the two agree is worked out from them.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from datetime import date

from qa.audit_tools.definition import ToolDefinition
from qa.audits import submission
from qa.core.carry import carry
from qa.core.clock import add_months
from qa.core.errors import Fault, Forbidden, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.core.reasons import owe_reason, reason_faults
from qa.core.words import Role
from qa.supervision import check_events, commands
from qa.supervision.check_events import CheckContent
from qa.supervision.policy import CHECKERS
from qa.supervision.state import SupervisionCheck, SupervisionPairState
from qa.supervision.states import COUNTED, CheckState


def known(check: SupervisionCheck) -> None:
    """Raises `NotFound` for a check that was never asked for."""
    if not check.id:
        raise NotFound("There is no such check.")


def submitted(check: SupervisionCheck) -> None:
    """Raises `NotNow` for a check without a judgement."""
    _in(check, *sorted(COUNTED))


def schedule(
    pair: SupervisionPairState,
    command: commands.ScheduleSupervisionCheck,
    *,
    check: str,
    tool_version: int,
    line: Collection[str],
    today: date,
) -> list[Event]:
    """Ask somebody to check a pair.

    `line` are the people above either of the pair, and the checker where one of the pair is above
    them.

    Raises:
        Refused: the checker is of the pair or its line; the supervision has ended; a due date in
            the past or more than a year away.
    """
    two = {pair.supervisor, pair.practitioner}
    faults = _outside(command.checker, two, line, "checker", "checks")
    if pair.ended_on is not None:
        faults.append(Fault("pair", "supervision-ended", "This supervision has ended."))
    faults += _due(command.due_on, today)
    refuse_any(faults)
    return [
        carry(
            check_events.SupervisionCheckScheduled,
            pair,
            check=check,
            pair=pair.id,
            checker=command.checker,
            tool=command.tool,
            tool_version=tool_version,
            due_on=command.due_on,
            audits=tuple(dict.fromkeys(command.audits)),
        )
    ]


def start(check: SupervisionCheck) -> list[Event]:
    """Begin to read."""
    _in(check, CheckState.SCHEDULED)
    return [check_events.SupervisionCheckStarted()]


def submit(
    check: SupervisionCheck,
    command: commands.SubmitSupervisionCheck,
    tool: ToolDefinition,
    *,
    today: date,
) -> list[Event]:
    """Give the judgement; it begins the check where that was not said.

    Raises:
        Refused: every fault, by field: dates, an area without grade or evidence, questions left
            out, an overall grade that breaks the rules of the tool.
    """
    _in(check, CheckState.SCHEDULED, CheckState.IN_PROGRESS)
    _judged(command.content, tool, today)
    begun: list[Event] = (
        [check_events.SupervisionCheckStarted()] if check.state is CheckState.SCHEDULED else []
    )
    return [*begun, check_events.SupervisionCheckSubmitted(content=command.content)]


def correct(
    check: SupervisionCheck,
    command: commands.CorrectSupervisionCheck,
    tool: ToolDefinition,
    *,
    today: date,
) -> list[Event]:
    """Put the judgement right; what stood before stays on record, and a moderator looks again.

    Raises:
        NotNow: nothing is submitted, or the pair has been told.   Refused: every fault; no reason;
            nothing changes.
    """
    _in(check, CheckState.SUBMITTED, CheckState.MODERATED)
    owe_reason(command.reason, "Say what was wrong.")
    if command.content == check.content:
        raise Refused("Nothing is changed.", field="rationale", code="nothing-changed")
    _judged(command.content, tool, today)
    return [check_events.SupervisionCheckCorrected(content=command.content)]


def assign_moderator(
    check: SupervisionCheck,
    command: commands.AssignSupervisionModerator,
    *,
    line: Collection[str],
    today: date,
) -> list[Event]:
    """Ask another person for grades of their own.

    Raises:
        NotNow: nothing is submitted, or it is moderated.
        Refused: the moderator is the checker, or of the pair or its line; the date.
    """
    _in(check, CheckState.SUBMITTED)
    moderator = command.moderator
    faults = _outside(moderator, check.pair, line, "moderator", "moderates")
    if moderator == check.schedule.checker:
        sentence = "Nobody moderates a check they made."
        faults.append(Fault("moderator", "own-check", sentence))
    elif moderator == check.moderator:
        faults.append(Fault("moderator", "moderator-same", "They are named already."))
    faults += _due(command.due_on, today)
    refuse_any(faults)
    return [check_events.SupervisionModerationAssigned(moderator=moderator, due_on=command.due_on)]


def moderate(
    check: SupervisionCheck,
    command: commands.ModerateSupervisionCheck,
    *,
    by: str,
    line: Collection[str],
    tool: ToolDefinition,
) -> list[Event]:
    """Give the moderator's own grades.

    Raises:
        NotNow: no moderation waits.   Forbidden: somebody else was asked, or the line moved since.
        Refused: an area without a grade, an unknown grade, a difference that is not explained.
    """
    _in(check, CheckState.SUBMITTED)
    if not check.waiting:
        raise NotNow("Nobody is named to moderate this check.", code="moderation-none")
    if by != check.moderator:
        raise Forbidden("Somebody else is named to moderate this check.", rule="moderator")
    faults = _outside(by, check.pair, line, "moderator", "moderates")
    faults += _moderated(check, command, tool)
    refuse_any(faults)
    return [carry(check_events.SupervisionCheckModerated, command)]


def give_feedback(
    check: SupervisionCheck, command: commands.GiveSupervisionFeedback, *, today: date
) -> list[Event]:
    """Record that the pair was told what was found.

    Raises:
        NotNow: a moderation waits, or nothing is submitted.   Refused: no words; before the check,
            or in the future.
    """
    _in(check, CheckState.SUBMITTED, CheckState.MODERATED)
    if check.waiting:
        raise NotNow("The moderation comes first.", code="moderation-waits")
    assert check.content is not None
    faults = []
    if not check.content.checked_on <= command.given_on <= today:
        sentence = "Enter a day from that of the check to today."
        faults.append(Fault("given_on", "date-outside", sentence))
    refuse_any([*faults, *command.faults()])
    given_on, note = command.given_on, command.note.strip()
    return [check_events.SupervisionFeedbackGiven(given_on=given_on, note=note)]


def close(check: SupervisionCheck) -> list[Event]:
    """Say that nothing more is to be done about the check."""
    _in(check, CheckState.FEEDBACK_GIVEN)
    return [check_events.SupervisionCheckClosed()]


def cancel(check: SupervisionCheck, command: commands.CancelSupervisionCheck) -> list[Event]:
    """Say that the check is not made. Raises `NotNow` once it is submitted."""
    _in(check, CheckState.SCHEDULED, CheckState.IN_PROGRESS)
    owe_reason(command.reason, "Say why the check is not made.")
    return [check_events.SupervisionCheckCancelled()]


def _judged(content: CheckContent, tool: ToolDefinition, today: date) -> None:
    faults: list[Fault] = []
    if content.checked_on > today:
        faults.append(Fault("checked_on", "date-future", "The check is not in the future."))
    if content.period_to < content.period_from:
        faults.append(Fault("period_to", "dates-reversed", "The period ends before it begins."))
    elif content.period_to > content.checked_on:
        sentence = "The period ends on or before the day of the check."
        faults.append(Fault("period_to", "period-after-check", sentence))
    elif add_months(content.period_from, 24) < content.period_to:
        faults.append(Fault("period_from", "period-long", "Look at two years or less."))
    faults += [*submission.judgement_faults(content, tool), *submission.lengths(content)]
    refuse_any(faults)


def _moderated(
    check: SupervisionCheck, command: commands.ModerateSupervisionCheck, tool: ToolDefinition
) -> list[Fault]:
    assert check.content is not None
    faults: list[Fault] = []
    theirs = {one.domain: one.grade for one in check.content.judgements}
    given = {one.domain: one for one in command.judgements}
    for domain in tool.domains:
        at = f"judgements.{domain.id}"
        own = given.pop(domain.id, None)
        grade = None if own is None else own.grade
        scale = tool.scale_of(domain.scale)
        if grade is None and theirs.get(domain.id) is None:
            continue
        if grade is None and domain.may_be_not_applicable:
            pass
        elif grade is None or scale is None or scale.rank(grade) is None:
            sentence = f"Choose a grade for {domain.title}."
            faults.append(Fault(f"{at}.grade", "grade-missing", sentence))
            continue
        if grade != theirs.get(domain.id) and (own is None or not own.comment.strip()):
            sentence = f"Say why your grade for {domain.title} differs."
            faults.append(Fault(f"{at}.comment", "comment-missing", sentence))
    for left in given:
        sentence = f"{tool.title} has no area {left}."
        faults.append(Fault(f"judgements.{left}", "domain-unknown", sentence))
    if tool.overall_scale.rank(command.overall) is None:
        faults.append(Fault("overall", "grade-missing", "Choose an overall grade."))
    elif command.overall != check.content.overall:
        sentence = "Say why your overall grade differs."
        faults += reason_faults(command.comment, sentence, field="comment")
    return faults


def _outside(
    person: str, pair: Collection[str], line: Collection[str], field: str, does: str
) -> list[Fault]:
    if person in pair:
        return [Fault(field, "own-pair", f"Nobody {does} supervision that they give or have.")]
    if person in line:
        sentence = f"Nobody {does} supervision in their own line."
        return [Fault(field, "own-line", sentence)]
    return []


def _due(due_on: date, today: date) -> list[Fault]:
    if due_on < today:
        return [Fault("due_on", "date-past", "Enter today or a later day.")]
    if due_on > add_months(today, 12):
        return [Fault("due_on", "date-far", "Enter a day within the next year.")]
    return []


def _in(check: SupervisionCheck, *states: CheckState) -> None:
    if check.state not in states:
        sentence = f"This is not possible now. The check’s status is: {check.state.label}."
        raise NotNow(sentence, code=f"check-{check.state.value}")


def outside_pair(check: SupervisionCheck, *, by: str) -> None:
    """Raises `Forbidden` for one of the pair whose supervision is checked."""
    if by in check.pair:
        raise Forbidden("Nobody has a hand in a check of their own supervision.", rule="own-pair")


def may_check(name: str, roles: Set[Role], *, field: str) -> None:
    """Raises `Refused` for somebody who holds no role that checks."""
    if not roles & set(CHECKERS):
        raise Refused(f"{name} holds no role that checks.", field=field, code="role-missing")
