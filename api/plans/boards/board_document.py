"""The board view of an improvement plan as a document for a meeting."""

from __future__ import annotations

from collections.abc import Sequence

from api.documents.document import (
    Block,
    Bullets,
    Coloured,
    Document,
    DocumentTable,
    Heading,
    Paragraph,
    Reworded,
    day_text,
    first_text,
)
from api.plans.boards.board_view import Board, BoardSpan
from api.plans.telling import due_words, stages_words
from api.web.moments import TakenOut
from projections.plans import computed_status, ratings
from projections.plans import record as plan_record

NOTHING = "None."


def about(board: Board | BoardSpan) -> list[tuple[str, str]]:
    """Which board, meeting and days it is of."""
    meeting = board.meeting
    return [
        ("Plan", board.record.plan.title),
        ("Board", board.record.plan.board),
        ("Meeting", "None" if meeting is None else _meeting_words(meeting)),
        ("On", day_text(board.day)),
        ("Since", "No earlier meeting" if board.since is None else day_text(board.since)),
    ]


def _meeting_words(meeting: plan_record.MeetingRecord) -> str:
    day = day_text(meeting.on)
    return Reworded(f"{meeting.title}, {day}", f"{meeting.title}, {first_text(day)}")


def board_document(board: Board, filters: Sequence[tuple[str, str]], taken: TakenOut) -> Document:
    """The whole view: sentences first, then gaps, standing, changes, dates and indicators."""
    return Document(
        title=board.title,
        asked=filters,
        position=board.at.shown,
        blocks=[
            Bullets(board.headline),
            *_gaps(board),
            *_standing(board),
            *_changes(board),
            *_dates(board),
            *_indicators(board),
        ],
        **taken,
    )


def _section(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Block]:
    heading = Heading(f"{title} ({len(rows)})")
    return [heading, DocumentTable(title, columns, rows)] if rows else [heading, Paragraph(NOTHING)]


def _name(action: plan_record.ActionRecord) -> str:
    return f"{action.reference} {action.title}"


def _level(rating: ratings.Rating | None) -> str:
    return "Not rated" if rating is None else Coloured(rating.level.label, rating.level.colour)


def _gaps(board: Board) -> list[Block]:
    rows = [
        [
            _name(one.action),
            _level(one.declared),
            computed_status.COMPUTED[one.computed],
            " ".join(one.why),
        ]
        for one in board.gaps
    ]
    return [
        *_section("Declared against computed", ("Action", "Declared", "Computed", "Why"), rows),
        Paragraph("The status is computed by these rules, version "
                  f"{board.record.plan.rules_on(board.day).version}:"),
        Bullets(computed_status.in_words(board.record.plan.rules_on(board.day))),
    ]  # fmt: skip


def _standing(board: Board) -> list[Block]:
    standing = board.standing
    tally = standing.whole.of_the_day
    labels = [level.label for level, _ in tally.levels]
    rows = [
        [
            f"{part.reference} {part.title}",
            "no data" if counted.no_data else str(len(counted.actions)),
            *("no data" if counted.no_data else str(len(actions))
              for _, actions in counted.of_the_day.levels),
            str(len(counted.unrated)),
            counted.of_the_day.mean.display,
        ]
        for part, counted in standing.themes
    ]  # fmt: skip
    return [
        Heading("How the plan stands"),
        DocumentTable("Actions by rating", ("Part", "Actions", *labels, "Not rated", "Mean"), rows),
        Paragraph(
            f"Mean of the parts’ means: {standing.mean_of_themes.display}. Mean over all rated "
            f"actions: {standing.mean_of_actions.display}. Halves are rounded away from zero."
        ),
    ]


def _changes(board: Board) -> list[Block]:
    changed = board.changed
    if changed is None:
        return [Heading("What changed"), Paragraph("There was no earlier meeting to compare with.")]
    moved = [
        [_name(one.action), _level(one.before), _level(one.now), ratings.DIRECTIONS[one.direction]]
        for one in changed.moved
    ]
    worst = [
        [_name(one.action), _level(one.before), _level(one.now)] for one in changed.newly_worst
    ]
    stuck = [
        [_name(one.action), _level(one.rating), str(one.meetings), day_text(one.first)]
        for one in changed.stuck
    ]
    redated = [
        [
            _name(one.action),
            stages_words(one.rescheduling.old),
            stages_words(one.rescheduling.new),
            "not known" if one.days is None else str(one.days),
            one.rescheduling.because or "",
        ]
        for one in changed.redated
    ]
    evidence = [
        [_name(action), "Impact" if one.of == "impact" else "Delivery", one.what]
        for action, one in changed.evidence
    ]
    return [
        *_section("What moved", ("Action", "Then", "Now", "Direction"), moved),
        *_section("Newly at the worst level", ("Action", "Then", "Now"), worst),
        *_section("Stuck", ("Action", "Rating", "Meetings", "Since"), stuck),
        *_section("Dates that moved", ("Action", "From", "To", "Days", "Why"), redated),
        *_section("Evidence added", ("Action", "Of", "What"), evidence),
    ]


def _dates(board: Board) -> list[Block]:
    rows = [
        [
            _name(one.action),
            due_words(one.due),
            str(one.late_by_current or 0),
            due_words(one.first),
            "not known" if one.late_by_first is None else str(one.late_by_first),
            str(one.redated),
        ]
        for one in board.late.all
        if one.overdue or one.overdue_by_first
    ]
    columns = ("Action", "Due", "Days late", "First agreed", "Days late by it", "Times moved")
    unknown = [_name(one.action) for one in board.late.unknown]
    return [
        *_section("Overdue", columns, rows),
        *([Paragraph("Date unknown: " + "; ".join(unknown))] if unknown else []),
    ]


def _indicators(board: Board) -> list[Block]:
    rows = [
        [
            one.series.indicator.definition.name,
            "No value" if one.point is None or one.point.figure is None
            else f"{one.point.figure.display} ({one.point.period.label})",
            " ".join(filter(None, (one.why, one.point.restated if one.point else ""))),
            ", ".join(one.linked) or "None",
        ]
        for one in board.off_target
    ]  # fmt: skip
    restated = [[one.title, str(one.figures), day_text(one.on)] for one in board.restated]
    return [
        *_section("Indicators off target", ("Indicator", "Value", "Why", "Actions"), rows),
        *_section("Published figures restated", ("Report", "Figures", "On"), restated),
    ]
