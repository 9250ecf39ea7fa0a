"""Published reports: the frozen report, what later events made of its figures, and the note of it.

A published report is made of every audit, whoever reads it. A reader from whom one of its audits
is sealed for now therefore cannot open it until they have recorded their own judgement.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from api.agreement import report as agreement_report
from api.agreement.listing import report_json
from api.history import two_moments
from api.history.two_moments import FigureMoved, sides
from api.services import Services
from api.web.moments import AsAt, as_at
from projections.agreement.model import AgreementReport
from projections.agreement.question import AgreementQuestion
from projections.core.health import require_current
from projections.figures.formulas import NEWEST
from projections.publishing.tables import PublishedRow
from qa.core.errors import Forbidden, Refused
from qa.core.periods import PeriodKind
from qa.core.words import Actor
from qa.publishing.events import ReportAsked, WantedOnly

MODELS = ("moderation_agreement", "audit_tools", "case_audits")
"""The read models that a report is made from."""


def asked_of(name: agreement_report.Name, question: AgreementQuestion, whose: str) -> ReportAsked:
    """What a report was asked, to be kept in an event."""
    return ReportAsked.model_validate(
        {
            "report": name,
            "start": question.start,
            "end": question.end,
            "by": question.by.value,
            "dimensions": question.dimensions,
            "cohort": question.cohort,
            "blind": question.blind,
            "filters": tuple(
                WantedOnly(name=key, values=tuple(values))
                for key, values in sorted(question.filters.items())
            ),
            "whose": whose,
            "hide_small": True,
            "formulas": NEWEST,
        }
    )


def question_of(asked: ReportAsked) -> AgreementQuestion:
    """The question that was kept."""
    return AgreementQuestion(
        start=asked.start,
        end=asked.end,
        by=PeriodKind(asked.by),
        dimensions=asked.dimensions,
        cohort=asked.cohort,
        blind=asked.blind,
        filters={one.name: one.values for one in asked.filters},
    )


def made(
    connection: Connection, asked: ReportAsked, at: AsAt, actor: Actor | None
) -> AgreementReport:
    """The report as it was asked, at a moment. Without an actor, of every audit."""
    return agreement_report.make(
        connection,
        asked.report,
        question_of(asked),
        at,
        actor=actor,
        whose=asked.whose,
        formulas=asked.formulas,
        with_small=not asked.hide_small,
    )


def whole(connection: Connection, asked: ReportAsked, at: AsAt, actor: Actor) -> AgreementReport:
    """The report of every audit.

    Raises:
        Forbidden: one of them is sealed from this reader for now.
    """
    found = made(connection, asked, at, None)
    if report_json(found) != report_json(made(connection, asked, at, actor)):
        raise Forbidden(
            "This report counts an audit that you are moderating blind. It opens to you when you "
            "have recorded your own judgement.",
            rule="read-judgement",
        )
    return found


def fingerprint(report: AgreementReport) -> str:
    """SHA-256 (hex) of the report's JSON, the bytes that its download holds."""
    return hashlib.sha256(report_json(report)).hexdigest()


def ready(
    services: Services, connection: Connection, asked: ReportAsked, at: AsAt, actor: Actor
) -> AgreementReport:
    """The report that is about to be published.

    Raises:
        FiguresBehind: a read model does not hold all that is known at `at`.
        Refused: it shows what was true on a day, which later events may yet say otherwise.
        Forbidden: one of its audits is sealed from whoever publishes it.
    """
    if at.true_on is not None:
        raise Refused(
            "Publish a report as known on a day: what was true on a day may be told otherwise.",
            field="true_on",
            code="publish-true-on",
        )
    now = services.clock.now()
    require_current(services.registry, connection, now, position=at.shown, models=MODELS)
    return whole(connection, asked, as_at(services.store, connection, position=at.shown), actor)


def frozen_at(services: Services, connection: Connection, row: PublishedRow) -> AsAt:
    """The moment that a published report is frozen at."""
    return as_at(services.store, connection, position=row.position)


@dataclass(frozen=True, slots=True)
class ReportRestatement:
    """What later events made of a published report: figures as published against figures `upto`.

    `untold` are the figures that differ from what readers were last told.
    """

    upto: int
    figures: Sequence[FigureMoved]
    untold: Sequence[FigureMoved]


def restated(
    services: Services, connection: Connection, actor: Actor, row: PublishedRow, upto: AsAt
) -> ReportRestatement:
    """The figures of a published report that are others as known at `upto`, each with its cause."""
    since = frozen_at(services, connection, row)
    all_moved = _moved(services, connection, actor, row.question, since, upto)
    if row.told_at == row.position or not all_moved:
        return ReportRestatement(upto.shown, all_moved, all_moved)
    told = as_at(services.store, connection, position=row.told_at)
    return ReportRestatement(
        upto.shown, all_moved, _moved(services, connection, actor, row.question, told, upto)
    )


def _moved(
    services: Services,
    connection: Connection,
    actor: Actor,
    asked: ReportAsked,
    before: AsAt,
    after: AsAt,
) -> Sequence[FigureMoved]:
    question = question_of(asked)
    with sides(services, connection, actor, before, after) as two:
        if not two_moments.touched(two):
            return ()
        moved = two_moments.figures(two, question, (asked.report,), asked.whose)
        return two_moments.with_audits(two, moved, question, asked.whose)


def note_of(title: str, found: ReportRestatement) -> str:
    """A draft of the note to readers: each figure that is another, and the audits behind it."""
    if not found.untold:
        return ""
    count = len(found.untold)
    figures = "1 figure of it is" if count == 1 else f"{count} figures of it are"
    lines = [f"“{title}”: {figures} no longer as published."]
    for one in found.untold:
        was, is_ = one.figure.old or "not there", one.figure.new or "not there"
        because = (
            f", because of audit{'s' if len(one.audits) > 1 else ''} {', '.join(one.audits)}"
            if one.audits
            else ""
        )
        lines.append(f"- {one.figure.label} ({one.row}): was {was}, is now {is_}{because}.")
    lines.append(f"As known at position {found.upto} of the log.")
    return "\n".join(lines)
