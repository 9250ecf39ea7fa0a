"""Decisions on published reports: giving one out, commenting, restating and withdrawing it."""

from __future__ import annotations

from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.publishing import events
from qa.publishing.commands import (
    UNREVIEWED,
    CommentOnPublishedReport,
    PublishReport,
    RestatePublishedReport,
    WithdrawPublishedReport,
)
from qa.publishing.reviews import beyond_head
from qa.publishing.state import PublishedReport


def known(report: PublishedReport) -> None:
    """Raises `NotFound` for a report that was never published."""
    if not report.id:
        raise NotFound("There is no such published report.")


def publish(command: PublishReport, *, published: str, head: int) -> list[Event]:
    """Give out a report as known at its position.

    Raises:
        Refused: no title, texts too long, or a position that the log has not reached; a quarterly
            report, which is published where it was reviewed.
    """
    faults = command.faults()
    if command.asked.report == "quarterly":
        faults.append(Fault("asked", "quarterly-unreviewed", UNREVIEWED))
    refuse_any([*faults, *beyond_head(command.position, head)])
    return [carry(events.ReportPublished, command, published=published)]


def comment(report: PublishedReport, command: CommentOnPublishedReport) -> list[Event]:
    """Add a commentary. Raises `Refused` where there is none, `NotNow` once it is withdrawn."""
    _stands(report)
    command.check_each()
    return [events.ReportCommented(commentary=command.commentary.strip())]


def restate(report: PublishedReport, command: RestatePublishedReport, *, head: int) -> list[Event]:
    """Tell readers that figures are others as known at `upto`.

    Raises:
        NotNow: it is withdrawn, or nothing has changed since readers were last told.
        Refused: no note, or a position that the log has not reached.
    """
    _stands(report)
    upto, figures = command.upto, command.figures
    if not report.told_at < upto <= head:
        raise Refused(
            "Restate the report as recorded at a later date.",
            field="upto",
            code="restated-already",
        )
    if figures < 1:
        raise NotNow("None of its figures has changed.", code="nothing-to-restate")
    command.check_each()
    return [events.ReportRestated(upto=upto, figures=figures, note=command.note.strip())]


def withdraw(report: PublishedReport, command: WithdrawPublishedReport) -> list[Event]:
    """Take a published report out of use; it stays readable, and says so."""
    _stands(report)
    command.check_each()
    return [events.ReportWithdrawn()]


def _stands(report: PublishedReport) -> None:
    if report.withdrawn:
        raise NotNow("This report is withdrawn.", code="report-withdrawn")
