"""What can be asked of the supervision that one person gives another, of its checks, and of how
often it is owed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.actions.states import ActionKind, EvidenceKind
from qa.audits.judgements import ModeratedJudgement
from qa.core.command import Command
from qa.core.fields import FieldWords, choice, day, lines, long_text, several, target
from qa.core.frozen import Frozen
from qa.imports.commands.batches import BatchMade, File
from qa.supervision import events
from qa.supervision.check_events import CheckContent, Checker, GivenOn, PairTold
from qa.supervision.rows import ImportedSession
from qa.supervision.states import Standard

PairId = Annotated[str, target("The id of the pair.")]
CheckId = Annotated[str, target("The id of the check.")]


def _reason(label: str) -> FieldWords:
    """A reason; the decision says what is wrong with it."""
    hint = "Nothing of anybody’s health or home: reasons are not sealed as notes are."
    return FieldWords(label=label, hint=hint, widget="long")


class SetSupervisionPolicy(Command, stream="supervision-policy"):
    """Set the next version of how often supervision is owed."""

    regular_days: events.RegularDays
    newly_qualified_days: events.NewlyQualifiedDays
    case_supervision_months: events.CaseMonths
    prompt_within_days: events.PromptDays


class PairMade(Frozen):
    """The id of the pair."""

    pair: str


class BeginSupervision(Command, writes="supervision:{pair}", result=PairMade):
    """Say that one person supervises another."""

    supervisor: events.Supervisor
    practitioner: events.Practitioner
    team: Annotated[str, choice("Team")]
    standard: Annotated[Standard, choice("Standard")] = "regular"
    since: Annotated[date, day("Since", "The first session is counted from this day.")]


class SwitchSupervisionStandard(Command, stream="supervision:{pair}"):
    """From a day on, sessions are owed by another standard."""

    pair: PairId
    standard: Annotated[Standard, choice("Standard")]
    since: Annotated[date, day("From")]


class SessionMade(Frozen):
    """The id of the session."""

    session: str


class RecordSession(Command, stream="supervision:{pair}", result=SessionMade):
    """Record a session that took place, with the actions talked over and the cases supervised."""

    pair: PairId
    held_on: events.HeldOn
    actions: Annotated[
        tuple[str, ...],
        several(
            "Actions talked over",
            "An action that asked for it can have its effect checked once this is recorded.",
        ),
    ] = ()
    cases: Annotated[
        tuple[str, ...], lines("Cases supervised (optional)", "One reference a line, no names.")
    ] = ()
    note: Annotated[
        str, long_text("What was noted (optional)", "No names of children.", longest=4000)
    ] = ""


class RecordSessionNotHeld(Command, stream="supervision:{pair}", result=SessionMade):
    """Record a planned session that did not take place, and why."""

    pair: PairId
    planned_on: Annotated[date, day("Day that was planned")]
    why: events.NotHeldBecause
    note: Annotated[str, FieldWords(label="In your words (optional)", widget="long")] = ""


class WithdrawSession(Command, stream="supervision:{pair}"):
    """Say that what was recorded of a session was a mistake."""

    pair: PairId
    session: Annotated[str, target("The id of the session.")]
    reason: Annotated[str, _reason("What was wrong")]


class ImportSessions(Command, result=BatchMade):
    """Bring in sessions that were held, or not, from a file."""

    file: Annotated[File, FieldWords(label="File")]
    rows: Annotated[tuple[ImportedSession, ...], FieldWords(label="Rows")]


class EndSupervision(Command, stream="supervision:{pair}"):
    """Say that the one no longer supervises the other."""

    pair: PairId
    on: Annotated[date, day("Last day")]
    reason: Annotated[str, _reason("Why")]


class SetSupervisionPromptAside(Command):
    """Say that no check follows from these audits: they never prompt again."""

    practitioner: events.Practitioner
    audits: Annotated[tuple[str, ...], FieldWords(label="Audits")]
    reason: Annotated[str, _reason("Why no check follows")]


class CasesListed(Frozen):
    """How many cases were taken in."""

    cases: int


class ListOpenCases(Command, result=CasesListed):
    """Take in the cases open at the end of a day, each with its last known case supervision."""

    counted_on: events.CountedOn
    source: events.Source
    cases: tuple[events.CaseRow, ...]


class ImportOpenCases(Command, result=BatchMade):
    """Take in the open cases of a file, as `ListOpenCases` does; the same list twice adds
    nothing. `lines` are the rows of the file that the cases stand in."""

    file: Annotated[File, FieldWords(label="File")]
    counted_on: events.CountedOn
    source: events.Source
    cases: tuple[events.CaseRow, ...]
    lines: Annotated[tuple[int, ...], FieldWords(label="Rows")]


class CheckMade(Frozen):
    """The id of the check."""

    check: str


class ScheduleSupervisionCheck(Command, writes="supervision-check:{check}", result=CheckMade):
    """Ask somebody to check the supervision of a pair."""

    pair: Annotated[str, FieldWords(label="Supervision")]
    tool: Annotated[str, choice("Tool")]
    checker: Checker
    due_on: Annotated[date, day("To be made by")]
    audits: Annotated[tuple[str, ...], FieldWords(label="Audits")] = ()


class _OfCheck(Command, stream="supervision-check:{check}"):
    check: CheckId


class StartSupervisionCheck(_OfCheck):
    """Begin to read the record of supervision."""


class SubmitSupervisionCheck(_OfCheck):
    """Give the judgement."""

    content: CheckContent


class CorrectSupervisionCheck(_OfCheck):
    """Put the judgement right; what stood before stays on record."""

    content: CheckContent
    reason: Annotated[str, _reason("What was wrong")]


class AssignSupervisionModerator(_OfCheck):
    """Ask another person for grades of their own."""

    moderator: Annotated[
        str, choice("Moderator", "Somebody other than the checker, outside the pair and its line.")
    ]
    due_on: Annotated[date, day("To be moderated by")]


class ModerateSupervisionCheck(_OfCheck):
    """Give the moderator's own grades; whether they agree is worked out."""

    judgements: tuple[ModeratedJudgement, ...]
    overall: Annotated[str, choice("Overall")]
    comment: Annotated[
        str,
        long_text(
            "Why, where your overall grade differs",
            longest=20_000,
            sentence="Use 20,000 characters or fewer.",
        ),
    ] = ""


class GiveSupervisionFeedback(_OfCheck):
    """Record that the pair was told what was found."""

    given_on: GivenOn
    note: PairTold


class CloseSupervisionCheck(_OfCheck):
    """Say that nothing more is to be done about the check."""


class CancelSupervisionCheck(_OfCheck):
    """Say that a check is not made, and why."""

    reason: Annotated[str, _reason("Why")]


class CheckActionMade(Frozen):
    """The id of the action."""

    action: str


class RaiseSupervisionAction(Command, result=CheckActionMade):
    """Raise an action from what a check found. The result holds its id."""

    check: CheckId
    text: Annotated[
        str,
        FieldWords(
            label="What must be done",
            hint="People who see actions see this: nothing of the discussion, and no names.",
            widget="long",
        ),
    ]
    kind: Annotated[ActionKind, choice("Kind")]
    owner: Annotated[str, choice("Owner", "The one person who answers for it.")]
    due_on: Annotated[date, day("Due")]
    evidence_asked: Annotated[EvidenceKind | None, choice("Evidence asked for")] = None
