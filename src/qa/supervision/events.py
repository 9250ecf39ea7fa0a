"""Events of the supervision that one person gives another (stream ``supervision:<id>``), of the
policy behind its clocks (``supervision-policy``), of the prompts that weak audits give
(``supervision-prompt:<practitioner>``), and of the cases that are open (``open-cases``)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from qa.core.event import Event
from qa.core.fields import FieldWords, choice, day, whole
from qa.core.frozen import Frozen, SealedText
from qa.supervision.states import NotHeldWhy, Standard

OPEN_CASES_STREAM = "open-cases"

Supervisor = Annotated[str, choice("Supervisor")]
Practitioner = Annotated[str, choice("Practitioner")]
HeldOn = Annotated[date, day("Day of the session")]
NotHeldBecause = Annotated[NotHeldWhy, choice("Why it did not take place")]


def _number(label: str, least: int, most: int) -> FieldWords:
    return whole(label, least, most, code="number-range")


RegularDays = Annotated[int, _number("Days between sessions: regular", 7, 182)]
NewlyQualifiedDays = Annotated[int, _number("Days between sessions: newly qualified", 7, 182)]
CaseMonths = Annotated[int, _number("Months for which a supervision of a case lasts", 1, 24)]
PromptDays = Annotated[int, _number("Days for which a weak audit prompts a check", 1, 730)]
CountedOn = Annotated[date, FieldWords(label="Cases open at the end of")]
Source = Annotated[str, FieldWords(label="Where the list comes from")]


def supervision_stream(pair: str) -> str:
    return f"supervision:{pair}"


def prompt_stream(practitioner: str) -> str:
    return f"supervision-prompt:{practitioner}"


class SupervisionBegan(Event):
    """One person supervises another from the effective date on."""

    pair: str
    supervisor: Supervisor
    practitioner: Practitioner
    team: str
    service: str
    standard: Standard


class SupervisionStandardSet(Event):
    """From the effective date on, sessions are owed by another standard."""

    old: Standard
    new: Standard


class SupervisionTeamChanged(Event):
    """The team of the pair was closed, and another one took over. Sessions that were owed before
    the effective date count where they were owed."""

    old_team: str
    new_team: str
    old_service: str
    new_service: str


class SupervisionHeld(Event):
    """A session was held. `actions` are those it talked over, and `cases` the references of the
    children whose cases were supervised in it."""

    session: str
    held_on: HeldOn
    actions: tuple[str, ...] = ()
    cases: Annotated[tuple[str, ...], FieldWords(label="Cases supervised (references)")] = ()
    note: Annotated[SealedText, FieldWords(label="What was noted")] = ""


class SupervisionNotHeld(Event):
    """A session planned for a day did not take place. Where the practitioner was away, none was
    owed."""

    session: str
    planned_on: Annotated[date, FieldWords(label="Day planned")]
    why: NotHeldBecause
    note: Annotated[SealedText, FieldWords(label="What was noted")] = ""


class SupervisionSessionWithdrawn(Event):
    """What was recorded of a session was a mistake, for the reason in the envelope."""

    session: str


class SupervisionEnded(Event):
    """The one no longer supervises the other after the effective date."""


class SupervisionPolicySet(Event):
    """How often sessions are owed, in days by standard; for how many months a supervision of a
    case lasts; and for how many days a weak audit prompts a check of its worker's supervision."""

    policy_version: int
    regular_days: RegularDays
    newly_qualified_days: NewlyQualifiedDays
    case_supervision_months: CaseMonths
    prompt_within_days: PromptDays


class SupervisionPromptSetAside(Event):
    """No check follows from these audits of a worker's cases, for the reason in the envelope."""

    practitioner: Practitioner
    audits: tuple[str, ...]


class CaseRow(Frozen):
    """One row of a list: the local reference, the code of the team, and the last supervision."""

    case: str
    team: str
    supervised_on: date | None = None


class OpenCase(Frozen):
    """One open case, and the last day on which its supervision is known to have been recorded."""

    case: str
    team: str
    service: str
    supervised_on: date | None = None


class OpenCasesListed(Event):
    """The cases that were open at the end of a day, as `source` lists them. A second list of a day
    takes the place of the first."""

    counted_on: CountedOn
    source: Source
    cases: tuple[OpenCase, ...]
