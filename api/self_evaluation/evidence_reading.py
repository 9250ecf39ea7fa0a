"""What a piece of evidence shows at a moment: a figure of a report, or where a record stands.

A figure is counted of every record, as one that is published is. It is shown to a reader to whom
its report is open and who sees the same figure; a record is shown to a reader it is open to just
now. Of everything else the reader is told that it is there, and no more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from api.actions import reading as action_reading
from api.documents.figures import FiguresReport, FiguresRow
from api.quarterly.reading import row_parts
from api.reports.declaration import FigureOf, Report, Sight, report_called
from api.reports.figure_rows import row_words
from api.reports.moved import FigureMoved, MovedValue, with_records
from api.services import Services
from api.web.moments import AsAt, as_at
from projections.actions import queries as action_queries
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.tables import AuditRow
from projections.core.base import present
from projections.figures.figure import Figure
from projections.figures.provenance import same
from projections.history import queries as history_queries
from projections.plans import queries as plan_queries
from projections.plans import ratings
from projections.self_evaluation.tables import FIGURE, EvaluationEvidenceRow
from qa.actions.states import ActionState
from qa.authorisation.policy import can, reach
from qa.core.dates_in_words import day as in_words
from qa.core.errors import NotFound, Refused
from qa.core.words import Actor, AuditStatus
from qa.publishing.events import ReportAsked
from qa.self_evaluation.events import FigureAsTied

GONE = "No longer there"
PLACES: Mapping[str, tuple[str, str, str]] = {
    "audit": ("/audits/", "case-audit", "audit"),
    "action": ("/actions/", "action", "action"),
    "plan-action": ("/plan-actions/", "plan-action", "plan-action"),
}
"""Of each kind of record: its page, its stream, and the kind under which its history is shown."""
ENDED = {"split": "Split", "merged": "Merged", "routed": "Handed on", "removed": "Taken out"}
MOST_CAUSES = 3
_TAKEN_BACK = frozenset({AuditStatus.WITHDRAWN.value, AuditStatus.VOIDED.value})


@dataclass(frozen=True, slots=True)
class RecordStand:
    """Where a record stands, in words. `grounds` is the part whose change moves a claim."""

    grounds: str
    words: str


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """A piece of evidence for one reader, at a moment. `was` is what it showed when somebody last
    looked at it, `now` what it shows; `outside` is what it is called to readers outside.

    `causes` are the records that moved a figure, or what was done to a record since.
    """

    row: EvaluationEvidenceRow
    called: str
    outside: str
    was: str
    now: str
    moved: bool
    address: str
    figure: Figure | None = None
    rule: str = ""
    question: tuple[tuple[str, str], ...] = ()
    causes: tuple[str, ...] = ()

    @property
    def is_figure(self) -> bool:
        return self.row.kind == FIGURE

    @property
    def history(self) -> str:
        """The record whose history tells what changed; empty for a figure."""
        return "" if self.is_figure else f"{PLACES[self.row.kind][2]}:{self.row.record}"

    @property
    def tied(self) -> str:
        """The day it was last looked at, in words."""
        return in_words(self.row.looked)


def at_entry(services: Services, connection: Connection, position: int, day: date) -> AsAt:
    """The moment of an entry of the log, of a day that it does not hold."""
    return replace(as_at(services.store, present(connection), position=position), day=day)


def figure_as_tied(figure: Figure) -> FigureAsTied:
    """A figure as it is kept with a claim. Its words stand in frozen copies, under their SHA-256:
    they stay as they are where pages have learnt better ones."""
    words, base = figure.display, figure.denominator
    if figure.unit != "count" and base is not None:
        of = base if figure.numerator is None else f"{figure.numerator} of {base}"
        words = f"{words} ({of})"
    return FigureAsTied(
        numerator=figure.numerator,
        denominator=figure.denominator,
        value=None if figure.value is None else f"{figure.value:f}",
        shown=words,
    )


def figure_named(
    made: FiguresReport, group: Mapping[str, str], figure: str
) -> tuple[FiguresRow, Figure] | None:
    """A figure of a report with its row, by what names the row."""
    for row in (*made.totals, *made.rows):
        if figure in row.figures and row_parts(row) == group:
            return row, row.figures[figure]
    return None


def _as_counted(one: FigureAsTied) -> tuple[int | None, int | None, str | None]:
    """What of a figure its formula makes; how a page writes it moves no claim."""
    return one.numerator, one.denominator, one.value


def open_records(sight: Sight, wanted: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Of these records, each with its kind, those that the reader may see just now."""
    actor = sight.actor
    if actor is None:
        return frozenset(wanted)
    now = present(sight.connection)

    def of(kind: str) -> set[str]:
        return {record for each, record in wanted if each == kind}

    audits = audit_queries.open_to(now, reach(actor), of("audit"))
    actions = action_reading.open_to(sight.connection, actor, of("action"))
    found = {*(("audit", one) for one in audits), *(("action", one) for one in actions)}
    if can(actor, "read-plan").allowed:
        planned = plan_queries.known_actions(now, of("plan-action"))
        found |= {("plan-action", one) for one in planned}
    return frozenset(found)


@dataclass(slots=True)
class EvidenceReader:
    """Reads the evidence of one self-evaluation at one moment; each report is made once for all the
    figures of it. `sight` is without an actor where everything is read."""

    services: Services
    sight: Sight
    _made: dict[tuple[Any, ...], FiguresReport | None] = field(default_factory=dict)

    def seen_by(self, actor: Actor | None) -> EvidenceReader:
        """The same moment for another reader. What was made of every record is that of everybody;
        what was made for one reader is left behind."""
        whole = {key: made for key, made in self._made.items() if key[-1]}
        return EvidenceReader(self.services, replace(self.sight, actor=actor), whole)

    def made(self, question: ReportAsked, on: date, *, whole: bool = True) -> FiguresReport | None:
        """The report as it was kept, of the day `on`, of every record (or as its reader sees it);
        None where it cannot be made any more."""
        key = (question, on, whole)
        if key not in self._made:
            report = report_called(question.report)
            at = report.frozen_at(self.sight.at, on)
            own = replace(self.sight, at=at, actor=None if whole else self.sight.actor)
            try:
                self._made[key] = report.frozen(own, question)
            except (Refused, NotFound):
                self._made[key] = None
        return self._made[key]

    def figure(
        self, row: EvaluationEvidenceRow, *, whole: bool = True
    ) -> tuple[FiguresRow, Figure] | None:
        """The figure with its row as it is at the moment; None where there is none any more."""
        made = self.made(row.report_asked, row.on, whole=whole)
        return None if made is None else figure_named(made, row.group, row.figure)

    def open_to_reader(self, rows: Collection[EvaluationEvidenceRow]) -> frozenset[str]:
        """The numbers of the pieces of evidence that this reader may see just now."""
        records = open_records(
            self.sight, {(row.kind, row.record) for row in rows if row.kind != FIGURE}
        )
        return frozenset(
            row.evidence
            for row in rows
            if ((row.kind, row.record) in records if row.kind != FIGURE else self._seen(row))
        )

    def _seen(self, row: EvaluationEvidenceRow) -> bool:
        """Whether the reader sees the figure as everybody does."""
        actor = self.sight.actor
        if actor is None:
            return True
        if not can(actor, report_called(row.report_asked.report).verb).allowed:
            return False
        found, own = self.figure(row), self.figure(row, whole=False)
        if found is None or own is None:
            return found is None and own is None
        return same(found[1], own[1])

    def shown(self, row: EvaluationEvidenceRow, *, causes: bool = False) -> ShownEvidence:
        """A piece of evidence whole, whoever may see it; `causes` are looked up where asked."""
        return self._figure(row, causes) if row.kind == FIGURE else self._record(row, causes)

    def moved(self, row: EvaluationEvidenceRow) -> bool:
        return self.shown(row).moved

    # -- figures

    def _figure(self, row: EvaluationEvidenceRow, causes: bool) -> ShownEvidence:
        question, was = row.report_asked, row.figure_told
        report, found = report_called(question.report), self.figure(row)
        now = None if found is None else figure_as_tied(found[1])
        moved = now is None or _as_counted(now) != _as_counted(was)
        made = self.made(question, row.on)
        named = row.group.get("total", "") if found is None else row_words(found[0])
        figure_words = report.figure_words(self.sight, row.figure)
        called = f"{report.title}, {named}: {figure_words}" if named else figure_words
        return ShownEvidence(
            row=row,
            called=called,
            outside=called,
            was=was.shown,
            now=GONE if now is None else now.shown,
            moved=moved,
            address=f"/self-evaluations/{row.evaluation}/receipts/{row.evidence}",
            figure=None if found is None else found[1],
            rule="" if made is None else made.cohort_rule,
            question=tuple(self._question(report, question)),
            causes=self._records_moved(row, found, was, now) if moved and causes else (),
        )

    def _question(self, report: Report[Any, Any], question: ReportAsked) -> list[tuple[str, str]]:
        try:
            return report.question_words(self.sight, report.query_of(question))
        except (Refused, NotFound):
            return []

    def _records_moved(
        self,
        row: EvaluationEvidenceRow,
        found: tuple[FiguresRow, Figure] | None,
        was: FigureAsTied,
        now: FigureAsTied | None,
    ) -> tuple[str, ...]:
        """The records that count otherwise than they did."""
        question = row.report_asked
        report = report_called(question.report)
        query = report.query_of(question)
        group = row.group if found is None else found[0].group
        then = at_entry(self.services, self.sight.connection, row.position, row.on)
        value = MovedValue(row.figure, row.figure, was.shown, None if now is None else now.shown)

        def places(at: AsAt, connection: Connection) -> Any:
            own = replace(self.sight, at=report.frozen_at(at, row.on), connection=connection)
            return lambda one: report.behind(own, FigureOf(query, row.figure, one.group))

        one, known = FigureMoved(question.report, group, value), self.sight.connection
        try:
            moved = with_records([one], places(then, present(known)), places(self.sight.at, known))
        except Refused:
            return ()  # The report cannot be asked for such a row any more.
        return tuple(f"{report.counts.capitalize()} {each}" for each in moved[0].audits)

    # -- records

    def _record(self, row: EvaluationEvidenceRow, causes: bool) -> ShownEvidence:
        connection = self.sight.connection
        then = at_entry(self.services, connection, row.position, row.on)
        was = self.stand(row, then, present(connection))
        now = self.stand(row, self.sight.at, connection)
        moved = was.grounds != now.grounds
        called, outside = self._called(row)
        page, stream, _ = PLACES[row.kind]
        told_since: tuple[str, ...] = ()
        if moved and causes:
            entries = history_queries.entries(
                connection,
                streams=[f"{stream}:{row.record}"],
                position=self.sight.at.position,
                after=row.position,
            )
            told_since = tuple(one["said"] for one in entries)[-MOST_CAUSES:]
        return ShownEvidence(
            row=row,
            called=called,
            outside=outside,
            was=was.words,
            now=now.words,
            moved=moved,
            address=f"{page}{row.record}",
            causes=told_since,
        )

    def stand(self, row: EvaluationEvidenceRow, at: AsAt, connection: Connection) -> RecordStand:
        """Where the record stands at a moment."""
        position = at.position
        match row.kind:
            case "audit":
                found = audit_queries.outlines(connection, [row.record], position=position)
                view = found.get(row.record)
                if view is None:
                    return RecordStand(GONE, GONE)
                return _audit_stands(connection, view.row, position)
            case "action":
                action = action_queries.one(connection, row.record, position=position)
                words = GONE if action is None else ActionState(action.state).label
            case _:
                words = _plan_action_stands(connection, row.record, at)
        return RecordStand(words, words)

    def _called(self, row: EvaluationEvidenceRow) -> tuple[str, str]:
        """What a record is called, inside and to readers outside."""
        now = present(self.sight.connection)
        match row.kind:
            case "audit":
                reference = audit_queries.references(now, [row.record]).get(row.record, "")
                return f"Audit {reference}", "A case audit"
            case "action":
                return f"Action {row.record[:8]}", "An action that an audit raised"
            case _:
                own = plan_queries.action(
                    self.sight.connection, row.record, position=self.sight.at.position
                )
                named = GONE if own is None else f"{own.reference} {own.title}"
                return f"Plan action {named}", f"Action of the improvement plan, {named}"


def _audit_stands(connection: Connection, row: AuditRow, position: int | None) -> RecordStand:
    """Its final grade, or the auditor's; that it was taken back comes before either. That a
    moderator confirms the grade moves no claim."""
    status = AuditStatus(row.status)
    if row.status in _TAKEN_BACK:
        return RecordStand(status.label, status.label)
    tool = tool_queries.definition(connection, row.tool, row.tool_version, position=position)
    final, given = row.grades_final, row.grades_given
    is_final = bool(final.overall or final.domains)
    grades = final if is_final else given
    if tool is None or not (grades.overall or grades.domains):
        return RecordStand("", "No grade yet")
    words = grades.in_words(tool)
    return RecordStand(words, f"{'Final grade' if is_final else 'Auditor’s grade'}: {words}")


def _plan_action_stands(connection: Connection, action: str, at: AsAt) -> str:
    """Its rating on the day, or that it has ended."""
    own = plan_queries.action(connection, action, position=at.position)
    if own is None:
        return GONE
    if own.ended is not None:
        return ENDED[own.ended]
    record = plan_queries.read(connection, own.plan, position=at.position)
    rating = None if record is None else ratings.rating(record, action, at.on)
    return "Not rated" if rating is None else f"Rated {rating.level.label}"
