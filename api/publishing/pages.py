"""The register of published reports: giving one out, what changed since, and telling readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Path, Query, Request
from starlette.responses import RedirectResponse, Response

from api.documents.figures import FiguresReport, FiguresRow
from api.lists.declaration import RecordList
from api.lists.files import TYPES, list_files
from api.lists.page import list_page
from api.publishing import reading as publishing_reading
from api.publishing.listing import register_list
from api.publishing.reading import ReportRestatement
from api.reports.declaration import PageQuestion, Report, Sight, report_called
from api.reports.figure_rows import row_words
from api.reports.opened import why_moved
from api.web.changes import Trouble, key_of, new_key, seen, tried
from api.web.context import DayReader, Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors, text
from api.web.late_routes import PageRouter
from api.web.moments import AsAt, as_at, day_typed
from projections.figures.figure import Figure
from projections.people import queries as people_queries
from projections.publishing import queries as publishing_queries
from projections.publishing.tables import PublishedRow
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.dates_in_words import day
from qa.core.errors import FiguresBehind, Forbidden, NotFound, Refused
from qa.core.fields import field_words
from qa.publishing import handlers
from qa.publishing.commands import (
    CommentOnPublishedReport,
    PublishReport,
    RestatePublishedReport,
    WithdrawPublishedReport,
)
from qa.publishing.events import ReportAsked, ReportName
from qa.store.unit import Receipt

router = PageRouter(prefix="/published")

PublishedId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
FileKind = Literal["csv", "xlsx", "json", "docx", "pdf"]
DONE = {
    "published": "The report is published.",
    "commented": "The commentary is added.",
    "restated": "The restatement is on record.",
    "withdrawn": "The report is withdrawn.",
}


@router.get("")
def read_register(reading: Reader) -> Response:
    """Published reports, each with how many of its figures are others by now."""
    publishes = can(reading.actor, "publish-report").allowed
    return list_page(
        reading,
        _register(reading),
        intro="Each report is frozen as it was published. Where later records change "
        "a published figure, it is listed here as changed until you tell readers."
        + (" To publish, open a report and choose “Publish this report”." if publishes else ""),
        links=[("Reports", "/reports")] if publishes else [],
    )


def _register(reading: Reader) -> RecordList[PublishedRow]:
    require(reading.actor, "read-council-figures")
    return register_list(reading)


list_files(router, "", _register)


def _restatement(
    reading: Reading, row: PublishedRow, memory: dict[object, Any]
) -> ReportRestatement:
    return publishing_reading.restated(
        reading.services, reading.connection, reading.actor, row, reading.at, memory=memory
    )


@dataclass(frozen=True, slots=True)
class _ToPublish:
    """A report that the address asks for, of the day that the form was made on."""

    report: Report[Any, Any]
    page_question: PageQuestion[Any]
    at: AsAt

    @property
    def kept(self) -> ReportAsked:
        kept: ReportAsked = self.report.kept(self.page_question.query, self.at)
        return kept


def _asking(reading: Reading, name: ReportName) -> _ToPublish:
    """Raises `Refused` where the report cannot be asked."""
    require(reading.actor, "publish-report")
    report = report_called(name)
    require(reading.actor, report.verb)
    at, given = reading.at, reading.request.query_params.get("on", "")
    if given and not at.known_day <= at.day == day_typed(given, field="on"):
        raise Refused("The form does not say what it was made from. Reload the page.")
    return _ToPublish(report, report.on_page(reading), at)


@router.get("/new")
def new_publication(
    reading: DayReader, name: Annotated[ReportName, Query()] = "agreement"
) -> Response:
    return _new(reading, _asking(reading, name), {}, Errors())


def _new(
    reading: Reading,
    wanted: _ToPublish,
    typed: Mapping[str, str],
    errors: Errors,
    status: int = 200,
) -> Response:
    report, page_question = wanted.report, wanted.page_question
    made, trouble = None, ""
    try:
        made = publishing_reading.ready(
            reading.services, reading.connection, wanted.kept, wanted.at, reading.actor
        )
    except (FiguresBehind, Forbidden) as refused:
        trouble, status = refused.sentence, max(status, refused.status)
    own = (wanted.at.pinned | report.day_of(wanted.at)).items()
    pairs = [("name", report.name), *page_question.question, *own]
    return reading.page(
        "publishing/new.html",
        status=status,
        title=f"Publish: {report.title}",
        errors=errors,
        back=page_question.back,
        key=new_key(),
        typed=typed,
        trouble=trouble,
        fields=field_words(PublishReport),
        report=report.title,
        said=page_question.filters,
        table=None if made is None else _main(reading, report, made, wanted.kept, wanted.at),
        action=f"/published/new?{urlencode(pairs)}",
        add=f"/quarterly-reports/add?{urlencode([('name', report.name), *page_question.question])}",
    )


def _main(
    reading: Reading,
    report: Report[Any, Any],
    made: FiguresReport,
    kept: ReportAsked,
    at: AsAt,
) -> dict[str, Any]:
    """The main figures of a report, a line for each of its rows; each with where it is opened."""
    sight = Sight.of(reading)
    receipts = report.receipts(report.query_of(kept), report.moment_of(at))

    def opened(row: FiguresRow) -> list[tuple[Figure | None, str]]:
        there = receipts(row.group)
        return [
            (row.figures.get(name), there(name) if name in row.figures else "")
            for name in report.main
        ]

    return {
        "columns": [report.figure_words(sight, one) for one in report.main],
        "rows": [
            {"named": row_words(row), "figures": opened(row)} for row in (*made.rows, *made.totals)
        ],
    }


@router.post("/new")
def publish(
    reading: DayReader, form: Posted, name: Annotated[ReportName, Query()] = "agreement"
) -> Response:
    wanted = _asking(reading, name)
    typed = {field: text(form, field) for field in ("title", "commentary")}
    at, connection, kept = wanted.at, reading.connection, wanted.kept

    def do() -> Receipt:
        made = publishing_reading.ready(reading.services, connection, kept, at, reading.actor)
        command = PublishReport(
            asked=kept,
            position=at.shown,
            as_at=at.day,
            sha256=publishing_reading.fingerprint(wanted.report, made),
            **publishing_reading.made_under(reading.services, connection),
            **typed,
        )
        return handlers.publish(reading.desk, command, by=reading.actor, key=key_of(form))

    done = tried(do, ("title", "commentary"))
    if isinstance(done, Trouble):
        return _new(reading, wanted, typed, done.errors, done.status)
    place = f"/published/{done.response['published']}?done=published"
    return RedirectResponse(place, status_code=303)


def _found(reading: Reading, of: str) -> PublishedRow:
    require(reading.actor, "read-council-figures")
    row = publishing_queries.report(reading.connection, of, position=reading.at.position)
    if row is None:
        raise NotFound("There is no such published report.")
    return row


def _frozen(
    reading: Reading, row: PublishedRow, memory: dict[object, Any] | None = None
) -> FiguresReport:
    require(reading.actor, publishing_reading.of_kind(row).verb)
    at = publishing_reading.frozen_at(reading.services, reading.connection, row)
    made: FiguresReport = publishing_reading.whole(
        Sight(reading.connection, at, reading.actor, memory=memory), row.question
    )
    return made


@router.get("/{of}")
def show_published(of: PublishedId, request: Request, reading: Reader) -> Response:
    row = _found(reading, of)
    notice = reading.notice(DONE)
    return _page(reading, row, {}, Errors(), notice=notice)


def _page(
    reading: Reading,
    row: PublishedRow,
    typed: Mapping[str, str],
    errors: Errors,
    status: int = 200,
    notice: str = "",
) -> Response:
    connection, at = reading.connection, reading.at
    memory: dict[object, Any] = {}
    made = _frozen(reading, row, memory)
    found = _restatement(reading, row, memory)
    spoken = publishing_queries.remarks(connection, row.published, position=at.position)
    by = {row.by, *(one.by for one, *_ in spoken)}
    names = people_queries.names(connection, by, position=at.position)
    reading.note(f"published-report:{row.published}")
    report = publishing_reading.of_kind(row)
    query = report.query_of(row.question)
    frozen = publishing_reading.frozen_at(reading.services, connection, row)
    sides = frozen, report.frozen_at(at, frozen.day)
    return reading.page(
        "publishing/report.html",
        status=status,
        title=row.title,
        wide=True,
        errors=errors,
        said=notice,
        row=row,
        by=names.get(row.by, row.by),
        fields={
            **field_words(CommentOnPublishedReport),
            **field_words(RestatePublishedReport),
            **field_words(WithdrawPublishedReport),
        },
        report=report.title,
        cohort_rule=made.cohort_rule,
        asked_rows=_asked_rows(reading, row),
        template=report.template,
        table=None if report.template else _main(reading, report, made, row.question, frozen),
        **report.page_parts(made, publishing_reading.taken_of(reading.connection, row, at)),
        same=publishing_reading.fingerprint(report, made) == row.sha256,
        spoken=[
            {**one._asdict(), "at": one.at, "name": names.get(one.by, one.by)} for one, *_ in spoken
        ],
        found=found,
        why=lambda one, side: why_moved(report, replace(one, query=query), side, sides[side]),
        note=typed.get("note", publishing_reading.note_of(row.title, found)),
        typed=typed,
        key=new_key,
        may_publish=can(reading.actor, "publish-report").allowed and not at.is_past,
        may_export=can(reading.actor, "export").allowed,
        whole="" if report.template else report.link(query, report.moment_of(frozen)),
    )


def _asked_rows(reading: Reading, row: PublishedRow) -> list[tuple[str, str]]:
    """Which days it is of: a period, or what is asked of a report that shows a single day."""
    question, report = row.question, publishing_reading.of_kind(row)
    if question.start != question.end:
        return [("Period", f"{day(question.start)} to {day(question.end)}")]
    frozen = publishing_reading.frozen_at(reading.services, reading.connection, row)
    sight = Sight(reading.connection, frozen, reading.actor)
    return report.question_words(sight, report.query_of(question))


@router.get("/{of}/report.{kind}")
def download(of: PublishedId, kind: FileKind, reading: Reader) -> Response:
    """The report as it was published: the same bytes whenever it is asked for."""
    row = _found(reading, of)
    require(reading.actor, "export")
    at = publishing_reading.frozen_at(reading.services, reading.connection, row)
    made = _frozen(reading, row)
    sight = Sight(reading.connection, at, reading.actor)
    body = publishing_reading.file_of(sight, row, made, kind, reading.at.position)
    reading.note(f"published-report:{row.published}", kind, what=What.EXPORT)
    headers = {
        "Caseloop-Position": str(row.position),
        "Content-Disposition": f'attachment; filename="{row.as_at}-{row.question.report}'
        f'-as-published.{kind}"',
    }
    return Response(body, media_type=TYPES[kind], headers=headers)


def _done(
    reading: Reading,
    of: str,
    form: Mapping[str, Any],
    handler: CommandHandler[Any],
    field: str,
    word: str,
    more: Callable[[PublishedRow], Mapping[str, Any]] = lambda _: {},
) -> Response:
    """Carry out a command whose form asks one field."""
    typed = {field: text(form, field)}
    row = _found(reading, of)

    def do() -> Receipt:
        command = handler.command(of=of, **typed, **more(row))
        return handler(reading.desk, command, by=reading.actor, seen=seen(form), key=key_of(form))

    done = tried(do, ("commentary", "note", "reason"))
    if isinstance(done, Trouble):
        return _page(reading, row, typed, done.errors, done.status)
    return RedirectResponse(f"/published/{of}?done={word}", status_code=303)


@router.post("/{of}/commentary")
def comment(of: PublishedId, reading: Reader, form: Posted) -> Response:
    return _done(reading, of, form, handlers.comment, "commentary", "commented")


@router.post("/{of}/restatements")
def restate(of: PublishedId, reading: Reader, form: Posted) -> Response:
    """Tell readers what changed, as known at the position that the form was made at."""
    upto = text(form, "upto")

    def changed(row: PublishedRow) -> Mapping[str, Any]:
        if not upto.isdecimal() or len(upto) > 15:
            raise Refused("The form does not say what it was made from. Reload the page.")
        services, connection = reading.services, reading.connection
        at = as_at(services.store, connection, position=int(upto))
        found = publishing_reading.restated(services, connection, reading.actor, row, at)
        return {"upto": at.shown, "figures": len(found.untold)}

    return _done(reading, of, form, handlers.restate, "note", "restated", changed)


@router.post("/{of}/withdrawal")
def withdraw(of: PublishedId, reading: Reader, form: Posted) -> Response:
    return _done(reading, of, form, handlers.withdraw, "reason", "withdrawn")
