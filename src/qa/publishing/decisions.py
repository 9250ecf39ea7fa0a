"""Decisions on published reports: giving one out, commenting, restating and withdrawing it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from qa.core.errors import Fault, NotFound, NotNow, Refused
from qa.core.event import Event, RecordedEvent
from qa.core.reasons import owe_reason
from qa.publishing import events
from qa.publishing.events import ReportAsked

LONGEST = 8000


@dataclass(frozen=True, slots=True)
class PublishedReport:
    """A published report as its events leave it. `told_at` is the position up to which readers have
    been told how its figures changed."""

    id: str = ""
    told_at: int = 0
    withdrawn: bool = False


def evolve(state: PublishedReport, recorded: RecordedEvent[Any]) -> PublishedReport:
    match recorded.event:
        case events.ReportPublished() as event:
            return PublishedReport(id=event.published, told_at=event.position)
        case events.ReportRestated() as event:
            return replace(state, told_at=event.upto)
        case events.ReportWithdrawn():
            return replace(state, withdrawn=True)
        case _:
            return state


def known(report: PublishedReport) -> None:
    """Raises `NotFound` for a report that was never published."""
    if not report.id:
        raise NotFound("There is no such published report.")


def publish(
    *,
    published: str,
    title: str,
    asked: ReportAsked,
    position: int,
    as_at: date,
    sha256: str,
    commentary: str,
    head: int,
) -> list[Event]:
    """Give out a report as known at `position`.

    Raises:
        Refused: no title, texts too long, or a position that the log has not reached.
    """
    faults: list[Fault] = []
    if not title.strip():
        faults.append(Fault("title", "title-missing", "Say what the report is published as."))
    elif len(title) > 160:
        faults.append(Fault("title", "title-long", "The title must be 160 characters or fewer."))
    if len(commentary) > LONGEST:
        faults.append(_too_long("commentary"))
    if not 0 < position <= head:
        sentence = f"The log ends at position {head}."
        faults.append(Fault("position", "position-beyond-head", sentence))
    if faults:
        raise Refused(faults)
    return [
        events.ReportPublished(
            published=published,
            title=title.strip(),
            asked=asked,
            position=position,
            as_at=as_at,
            sha256=sha256,
            commentary=commentary.strip(),
        )
    ]


def comment(report: PublishedReport, *, commentary: str) -> list[Event]:
    """Add a commentary. Raises `Refused` where there is none, `NotNow` once it is withdrawn."""
    _stands(report)
    _said(commentary, "commentary", "Write the commentary.")
    return [events.ReportCommented(commentary=commentary.strip())]


def restate(
    report: PublishedReport, *, upto: int, figures: int, note: str, head: int
) -> list[Event]:
    """Tell readers that figures are others as known at `upto`.

    Raises:
        NotNow: it is withdrawn, or nothing has changed since readers were last told.
        Refused: no note, or a position that the log has not reached.
    """
    _stands(report)
    if not report.told_at < upto <= head:
        raise Refused(
            "Restate the report as known at a later position.",
            field="upto",
            code="restated-already",
        )
    if figures < 1:
        raise NotNow("None of its figures has changed.", code="nothing-to-restate")
    owe_reason(note, "Say what changed, and why.", field="note", longest=LONGEST)
    return [events.ReportRestated(upto=upto, figures=figures, note=note.strip())]


def withdraw(report: PublishedReport, *, reason: str) -> list[Event]:
    """Take a published report out of use; it stays readable, and says so."""
    _stands(report)
    owe_reason(reason, "Say why the report is withdrawn.")
    return [events.ReportWithdrawn()]


def _stands(report: PublishedReport) -> None:
    if report.withdrawn:
        raise NotNow("This report is withdrawn.", code="report-withdrawn")


def _said(text: str, field: str, missing: str) -> None:
    if not text.strip():
        raise Refused(missing, field=field, code=f"{field}-missing")
    if len(text) > LONGEST:
        raise Refused([_too_long(field)])


def _too_long(field: str) -> Fault:
    return Fault(field, f"{field}-long", f"It must be {LONGEST:,} characters or fewer.")
