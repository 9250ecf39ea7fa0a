"""Quarterly reports in the browser: the list, one report, and its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Query
from starlette.responses import Response

from api.lists.declaration import RecordList
from api.lists.files import list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.quarterly import making
from api.quarterly import reading as quarterly_reading
from api.quarterly.cli import QuarterlyQuery
from api.quarterly.listing import STAGES, quarterly_list
from api.quarterly.reading import QuarterlyFigures
from api.quarterly.reports import REPORTS
from api.quarterly.steps import (
    ADD,
    COMMENT,
    KEEP,
    MOVE_UP,
    OF_REPORT,
    OF_SECTION,
    OFFERED,
    START,
    QuarterlyView,
)
from api.reports.declaration import Sight, report_called
from api.reports.taking import taken_out
from api.settings import NO_NAME
from api.web import access_notes
from api.web.changes import new_key
from api.web.context import PresentReader, Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, form_routes
from projections.people import queries as people_queries
from projections.quarterly.queries import QuarterlyHeld
from projections.quarterly.tables import QuarterlyRow
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import NotFound
from qa.core.periods import PeriodKind, period_of
from qa.core.policy_lines import FIGURE_READERS
from qa.core.words import Resource
from qa.publishing.events import ReportName

router = PageRouter(prefix="/quarterly-reports")
NAVIGATION = NavigationItem(
    "Quarterly reports", "/quarterly-reports", 125, NavigationSection.REPORTS, KEEP
)
PATH = "/quarterly-reports"
QuarterlyId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


def _sight(reading: Reading) -> Sight:
    return Sight(reading.connection, reading.at, reading.actor)


def _list(reading: Reader) -> RecordList[QuarterlyRow]:
    rows = quarterly_reading.listed(_sight(reading))
    people = {person for row in rows for person in (row.author, row.reviewer)}
    names = people_queries.names(reading.connection, people, position=reading.at.position)
    return quarterly_list(rows, names)


@router.get("")
def show_list(reading: Reader) -> Response:
    """The quarterly reports, and the way to start one."""
    keeps = can(reading.actor, KEEP, Resource()).allowed and not reading.at.is_past
    return list_page(
        reading,
        _list(reading),
        intro="A quarterly report puts reports and charts together, each with the question it "
        "answers and what it means. Somebody else reviews it before it is published.",
        links=[("Start a quarterly report", f"{PATH}/new")] if keeps else [],
    )


list_files(router, "", _list)


@dataclass(frozen=True, slots=True)
class _First:
    """What stands in the form of a new report: the quarter that ended last."""

    council: str
    start: date
    end: date
    title: str = ""


def _starting(reading: Reader) -> tuple[FormStep[QuarterlyView], QuarterlyView, At]:
    council = reading.services.settings.council_name
    last = period_of(reading.today, PeriodKind.QUARTER).preceding
    first = _First("" if council == NO_NAME else council, last.start, last.end)
    return START, QuarterlyView(None, initial=first), At(f"{PATH}/new", PATH)


form_routes(router, "/new", _starting, PATH + "/{report}")


@router.get("/add")
def choose_report(
    reading: PresentReader, name: Annotated[ReportName, Query()] = "agreement"
) -> Response:
    """The drafts that a report can be added to, as it was asked on its page."""
    require(reading.actor, KEEP)
    asked = report_called(name).on_page(reading)
    pairs = urlencode([("name", name), *asked.question])
    drafts = [
        (row.title, f"{PATH}/{row.report}/section?{pairs}")
        for row in quarterly_reading.listed(_sight(reading))
        if row.stage == "draft"
    ]
    return reading.page(
        "quarterly/add.html",
        title="Add to a quarterly report",
        back=asked.back,
        report=report_called(name).title,
        said=asked.said,
        drafts=drafts,
    )


def _held(reading: Reading, of: str) -> QuarterlyHeld:
    return quarterly_reading.opened(_sight(reading), of)


def _made(reading: Reading, of: str) -> QuarterlyFigures:
    return REPORTS.make(_sight(reading), QuarterlyQuery(report=of), reading.behind)


def _people(reading: Reading) -> list[tuple[str, str]]:
    """Whoever reads figures, and so can write beside them or review them."""
    held = {
        one.person: one.name
        for role in FIGURE_READERS
        for one in people_queries.holding(reading.connection, role, reading.today)
    }
    return sorted(held.items(), key=lambda one: one[1].casefold())


@router.get("/{of}")
def show_report(of: QuarterlyId, reading: Reader) -> Response:
    """A quarterly report as it stands: a draft with the figures of the moment, or as it was sent
    for review."""
    held, made = _held(reading, of), _made(reading, of)
    access_notes.note(
        reading.services, reading.actor, What.VIEW, f"quarterly-report:{of}", at=reading.at
    )
    row, now = held.row, not reading.at.is_past
    keeps = now and can(reading.actor, KEEP, Resource()).allowed
    done = reading.request.query_params.get("done", "")
    forms = {**OF_REPORT, **OF_SECTION, "section": ADD, "new": START, "up": MOVE_UP}
    resource = _reviewed_by(row)
    names = people_queries.names(reading.connection, held.people, position=reading.at.position)
    return reading.page(
        "quarterly/report.html",
        title=row.title,
        wide=True,
        record_name=f"quarterly-report:{of}",
        row=row,
        stage=STAGES[row.stage],
        reviewer=names.get(row.reviewer or "", ""),
        said=forms[done].done if done in forms else "",
        facts=[*made.facts, ("Recorded up to", f"entry {made.position:,} of the log")],
        steps=[
            (name, OF_REPORT[name].title)
            for name in OFFERED[row.stage]
            if now and can(reading.actor, OF_REPORT[name].verb, resource).allowed
        ],
        keeps=keeps and row.stage == "draft",
        history=can(reading.actor, quarterly_reading.READ, Resource()).allowed,
        writes={
            one.section
            for one in held.sections
            if now and row.stage == "draft"
            and can(reading.actor, COMMENT, Resource(person=one.writer)).allowed
        },
        writers=names,
        choices=_choices(reading, row) if keeps and row.stage == "draft" else [],
        lacking=len(row.chosen) - len([*filter(None, made.headlines)]),
        key=new_key,
        **REPORTS.page_parts(made, taken_out(reading)),
    )  # fmt: skip


def _reviewed_by(row: QuarterlyRow) -> Resource:
    return Resource(person=row.reviewer)


def _choices(reading: Reading, row: QuarterlyRow) -> list[tuple[str, str]]:
    """The reports that can be added as they are asked at first."""
    offered = making.reports_of_period(reading, *row.days)
    return [(text, f"{PATH}/{row.report}/section?{query}") for text, query in offered]


def _adding(
    reading: Reader, of: QuarterlyId, name: Annotated[ReportName, Query()] = "agreement"
) -> tuple[FormStep[QuarterlyView], QuarterlyView, At]:
    require(reading.actor, KEEP)
    row = _held(reading, of).row
    report = report_called(name)
    asked = report.on_page(reading)
    kept = making.proposed(_sight(reading), report, asked.query)
    step = replace(ADD, title=f"Add a section: {report.title}", intro=tuple(
        f"{what}: {value}" for what, value in asked.said
    ))  # fmt: skip
    query = urlencode([("name", name), *asked.question])
    at = At(f"{PATH}/{of}/section?{query}", f"{PATH}/{of}", row.stream_version, row.title)
    return step, QuarterlyView(row, _people(reading), asked=kept), at


form_routes(router, "/{of}/section", _adding)


def _whole(
    reading: Reader, of: QuarterlyId, step: str
) -> tuple[FormStep[QuarterlyView], QuarterlyView, At]:
    if step not in OF_REPORT:
        raise NotFound("There is no such page.")
    row, sight = _held(reading, of).row, _sight(reading)
    require(reading.actor, OF_REPORT[step].verb, _reviewed_by(row))
    view = QuarterlyView(
        row,
        [one for one in _people(reading) if one[0] != reading.actor.person],
        made=_made(reading, of) if step == "headlines" else None,
        sentences=lambda chosen: making.sentences_of(sight, of, chosen),
        sent=lambda: making.sent(reading.services, sight, of),
        again=lambda: making.made_again(reading.services, sight, of),
    )
    place = f"{PATH}/{of}"
    at = At(f"{place}/{step}", place, row.stream_version, row.title, _reviewed_by(row))
    return OF_REPORT[step], view, at


form_routes(router, "/{of}/{step}", _whole)


def _of_section(
    reading: Reader, of: QuarterlyId, section: str, step: str
) -> tuple[FormStep[QuarterlyView], QuarterlyView, At]:
    forms: Mapping[str, Any] = {**OF_SECTION, "up": MOVE_UP}
    held = _held(reading, of)
    found = [one for one in _made(reading, of).sections if one.row.section == section]
    if step not in forms or not found:
        raise NotFound("There is no such page.")
    resource = Resource(person=found[0].row.writer)
    require(reading.actor, forms[step].verb, resource)
    mine = "".join(one.text for one in found[0].commentaries if one.by == reading.actor.person)
    view = QuarterlyView(held.row, _people(reading), section=found[0], mine=mine)
    place, seen = f"{PATH}/{of}", held.row.stream_version
    at = At(f"{place}/sections/{section}/{step}", place, seen, found[0].title, resource)
    return forms[step], view, at


form_routes(router, "/{of}/sections/{section}/{step}", _of_section)
