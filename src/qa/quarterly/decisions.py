"""Decisions on a quarterly report: composed as a draft, reviewed by somebody else, published."""

from __future__ import annotations

from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.publishing.events import ReportAsked, ReportPublished, WantedOnly
from qa.publishing.reviews import refuse_period, refuse_review, some_have
from qa.quarterly import commands, events
from qa.quarterly.state import Quarterly

MOST_SECTIONS = 40


def known(report: Quarterly) -> None:
    """Raises `NotFound` for a quarterly report that was never begun."""
    if not report.id:
        raise NotFound("There is no such quarterly report.")


def start(command: commands.StartQuarterlyReport, *, report: str) -> list[Event]:
    """Begin a report. Raises `Refused` with every fault of its fields."""
    refuse_period(command.faults(), command.start, command.end)
    return [carry(events.QuarterlyReportStarted, command, report=report)]


def add_section(
    report: Quarterly, command: commands.AddQuarterlySection, *, section: str
) -> list[Event]:
    """Put a report into it.

    Raises:
        NotNow: it is no draft, or it is full.   Refused: faults; a quarterly report in itself.
    """
    _draft(report)
    if len(report.sections) >= MOST_SECTIONS:
        sentence = f"A quarterly report has {MOST_SECTIONS} sections at most."
        raise NotNow(sentence, code="sections-full")
    faults = command.faults()
    if command.asked.report == "quarterly":
        sentence = "A section shows one report, and no quarterly report."
        faults.append(Fault("asked", "section-of-quarterly", sentence))
    refuse_any(faults)
    writer = command.writer or None
    return [carry(events.QuarterlySectionAdded, command, section=section, writer=writer)]


def change_section(report: Quarterly, command: commands.ChangeQuarterlySection) -> list[Event]:
    """Say a section otherwise. Raises as `add_section`; `NotFound` for one that there is not."""
    _draft(report)
    _section(report, command.section)
    command.refuse_faults()
    return [carry(events.QuarterlySectionChanged, command, writer=command.writer or None)]


def remove_section(report: Quarterly, command: commands.RemoveQuarterlySection) -> list[Event]:
    _draft(report)
    _section(report, command.section)
    return [carry(events.QuarterlySectionRemoved, command)]


def order_sections(report: Quarterly, command: commands.OrderQuarterlySections) -> list[Event]:
    """Raises `Refused` where the order does not name every section once."""
    _draft(report)
    command.check_each()
    if sorted(command.sections) != sorted(report.order):
        sentence = "Name every section of the report once."
        raise Refused(sentence, field="sections", code="sections-unknown")
    if command.sections == report.order:
        return []
    return [carry(events.QuarterlySectionsOrdered, command)]


def comment(report: Quarterly, command: commands.WriteQuarterlyCommentary) -> list[Event]:
    _draft(report)
    _section(report, command.section)
    command.check_each()
    return [carry(events.QuarterlyCommentaryWritten, command)]


def choose_headlines(report: Quarterly, command: commands.ChooseQuarterlyHeadlines) -> list[Event]:
    """Choose what the report says first.

    Raises:
        Refused: not three figures, or one that its section does not show.
    """
    _draft(report)
    command.check_each()
    if (
        len(set(command.headlines)) != commands.HEADLINES
        or len(command.headlines) != commands.HEADLINES
    ):
        raise Refused("Choose three sentences.", field="headlines", code="headlines-three")
    _borne_out(command.sentences)
    return [carry(events.QuarterlyHeadlinesChosen, command)]


def send(
    report: Quarterly, command: commands.SendQuarterlyForReview, *, by: str, head: int
) -> list[Event]:
    """Ask somebody else to review it as known at a position.

    Raises:
        NotNow: it is no draft, or not complete: no section, a section without commentary, no
        headlines, a headline that its figure no longer bears out.
        Refused: faults; the reviewer is whoever sends it; a position beyond the log.
    """
    _draft(report)
    if not report.sections:
        raise NotNow("Add a section first.", code="sections-missing")
    bare = len(set(report.order) - report.commented)
    some_have(bare, "section", "no commentary yet.", "sections-uncommented")
    if not report.headlines or len(report.headlines) != commands.HEADLINES:
        raise NotNow("Choose the three headline sentences first.", code="headlines-owed")
    _borne_out(command.sentences)
    refuse_review(command.faults(), command.reviewer, command.position, by=by, head=head)
    return [carry(events.QuarterlySentForReview, command)]


def send_back(report: Quarterly, command: commands.ReturnQuarterlyReport) -> list[Event]:
    """Send it back to be changed. Raises `NotNow` unless it is in review or agreed."""
    if report.stage not in ("review", "agreed"):
        raise NotNow("It is not in review.", code="quarterly-not-in-review")
    command.check_each()
    return [events.QuarterlyReturned()]


def agree(report: Quarterly) -> list[Event]:
    if report.stage != "review":
        raise NotNow("It is not in review.", code="quarterly-not-in-review")
    return [events.QuarterlyAgreed()]


def publish(
    report: Quarterly, command: commands.PublishQuarterlyReport, *, published: str
) -> tuple[ReportPublished, list[Event]]:
    """Give it out as it was agreed: as a published report, and what is said of that here.

    Raises:
        NotNow: its reviewer has not agreed it, or it is not made again as it was agreed.
    """
    agreed = report.review
    if report.stage != "agreed" or agreed is None:
        raise NotNow("Its reviewer has not agreed it.", code="quarterly-not-agreed")
    if command.sha256 != agreed.sha256:
        sentence = (
            "Made again, the report is not what was agreed. Send it back and review it again."
        )
        raise NotNow(sentence, code="quarterly-made-otherwise")
    request = ReportAsked(
        report="quarterly",
        start=report.start,
        end=report.end,
        by="",
        filters=(WantedOnly(name="report", values=(report.id,)),),
        formulas=agreed.formulas,
    )
    given_out = carry(
        ReportPublished, agreed, published=published, title=report.title, asked=request
    )
    return given_out, [events.QuarterlyPublished(published=published)]


def _draft(report: Quarterly) -> None:
    if report.stage != "draft":
        sentence = "Only a draft is changed. Send the report back first."
        raise NotNow(sentence, code="quarterly-not-draft")


def _section(report: Quarterly, section: str) -> None:
    if section not in report.order:
        raise NotFound("There is no such section.")


def _borne_out(sentences: tuple[str, ...]) -> None:
    if not all(sentences):
        raise Refused(
            "A headline has no figure that bears it out. Choose another.",
            field="headlines",
            code="headline-not-borne-out",
        )
