"""Quarterly reports in the browser: the list, one report, and its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Query
from starlette.responses import Response

from api.documents.listing import ColumnKind
from api.lists.declaration import ListColumn, RecordList
from api.lists.files import list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.publishing.reviewing import (
    NO_PAGE,
    ReviewedView,
    at_step,
    first_words,
    offered_steps,
    readers_of_figures,
    recorded_up_to,
    reviewed_list,
    reviewers,
    step_called,
)
from api.quarterly import making
from api.quarterly import reading as quarterly_reading
from api.quarterly.cli import QuarterlyQuery
from api.quarterly.reading import ComposedSection, QuarterlyFigures
from api.quarterly.reports import REPORTS
from api.quarterly.steps import (
    ADD,
    COMMENT,
    KEEP,
    OF_REPORT,
    OF_SECTION,
    OFFERED,
    START,
    Written,
)
from api.reports.declaration import Sight, report_called
from api.reports.taking import taken_out
from api.web.changes import new_key
from api.web.context import DayReader, PresentReader, Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, form_routes
from projections.people import queries as people_queries
from projections.quarterly.queries import QuarterlyRecord
from projections.quarterly.tables import QuarterlyRow
from qa.authorisation.policy import can, require
from qa.core.errors import NotFound
from qa.core.periods import PeriodKind, period_of
from qa.core.words import Resource
from qa.publishing.events import ReportName

router = PageRouter(prefix="/quarterly-reports")
NAVIGATION = NavigationItem(
    "Quarterly reports", "/quarterly-reports", 125, NavigationSection.REPORTS, KEEP
)
PATH = "/quarterly-reports"
QuarterlyId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
STAGES = {"draft": "Draft", "review": "In review", "agreed": "Agreed", "published": "Published"}
Shown = tuple[FormStep[ReviewedView], ReviewedView, At]


def _list(reading: Reader) -> RecordList[QuarterlyRow]:
    return reviewed_list(
        reading,
        PATH,
        "Quarterly reports",
        ("report", "reports"),
        quarterly_reading.listed(Sight.of(reading)),
        lambda row: row.report,
        ListColumn("sections", "Sections", lambda row: len(row.order), ColumnKind.NUMBER),
        STAGES,
        empty=(
            "No quarterly report yet",
            "Reports and charts of a quarter are put together here, with what they mean.",
        ),
    )


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


def _starting(reading: Reader) -> Shown:
    """The form of a new report: of the quarter that ended last."""
    last = period_of(reading.today, PeriodKind.QUARTER).preceding
    return START, ReviewedView(initial=first_words(reading, last)), At.step(PATH, "new")


form_routes(router, "/new", _starting, PATH + "/{report}")


@router.get("/add")
def choose_report(
    reading: PresentReader, name: Annotated[ReportName, Query()] = "agreement"
) -> Response:
    """The drafts that a report can be added to, as it was asked on its page."""
    require(reading.actor, KEEP)
    page_question = report_called(name).on_page(reading)
    pairs = urlencode([("name", name), *page_question.question])
    drafts = [
        (row.title, f"{PATH}/{row.report}/section?{pairs}")
        for row in quarterly_reading.listed(Sight.of(reading))
        if row.stage == "draft"
    ]
    return reading.page(
        "quarterly/add.html",
        title="Add to a quarterly report",
        back=page_question.back,
        report=report_called(name).title,
        said=page_question.filters,
        drafts=drafts,
    )


def _draft(reading: Reading, of: str) -> QuarterlyRecord:
    return quarterly_reading.opened(Sight.of(reading), of)


def _made(reading: Reading, of: str) -> QuarterlyFigures:
    return REPORTS.make(Sight.of(reading), QuarterlyQuery(report=of), reading.behind)


@router.get("/{of}")
def show_report(of: QuarterlyId, reading: DayReader) -> Response:
    """A quarterly report as it stands: a draft with the figures of the moment, or as it was sent
    for review."""
    draft, made = _draft(reading, of), _made(reading, of)
    reading.note(f"quarterly-report:{of}")
    row, now = draft.row, not reading.at.is_past
    keeps = now and can(reading.actor, KEEP, Resource()).allowed
    forms = {**OF_REPORT, **OF_SECTION, "section": ADD, "new": START}
    names = people_queries.names(reading.connection, draft.people, position=reading.at.position)
    return reading.page(
        "quarterly/report.html",
        title=row.title,
        wide=True,
        record_name=f"quarterly-report:{of}",
        row=row,
        stage=STAGES[row.stage],
        reviewer=names.get(row.reviewer or "", ""),
        said=reading.notice(forms),
        facts=[*made.facts, recorded_up_to(made.as_at, made.position)],
        steps=offered_steps(reading, row, OF_REPORT, OFFERED) if draft.sections else [],
        keeps=keeps and row.stage == "draft",
        history=can(reading.actor, quarterly_reading.READ, Resource()).allowed,
        writes={
            one.section
            for one in draft.sections
            if now and row.stage == "draft"
            and can(reading.actor, COMMENT, Resource(person=one.writer)).allowed
        },
        writers=names,
        choices=_choices(reading, row) if keeps and row.stage == "draft" else [],
        key=new_key,
        **REPORTS.page_parts(made, taken_out(reading)),
    )  # fmt: skip


def _choices(reading: Reading, row: QuarterlyRow) -> list[tuple[str, str]]:
    """The reports that can be added as they are asked at first."""
    offered = making.reports_of_period(reading, *row.days)
    return [(text, f"{PATH}/{row.report}/section?{query}") for text, query in offered]


def _adding(
    reading: Reader, of: QuarterlyId, name: Annotated[ReportName, Query()] = "agreement"
) -> Shown:
    require(reading.actor, KEEP)
    row = _draft(reading, of).row
    report = report_called(name)
    page_question = report.on_page(reading)
    kept = making.proposed(Sight.of(reading), report, page_question.query)
    step = replace(ADD, title=f"Add a section: {report.title}", intro=tuple(
        f"{what}: {value}" for what, value in page_question.filters
    ))  # fmt: skip
    query = urlencode([("name", name), *page_question.question])
    at = At(f"{PATH}/{of}/section?{query}", f"{PATH}/{of}", row.stream_version, row.title)
    return step, ReviewedView({"of": of, "asked": kept}, readers_of_figures(reading)), at


form_routes(router, "/{of}/section", _adding)


def _whole(reading: Reader, of: QuarterlyId, step: str) -> Shown:
    form = step_called(OF_REPORT, step)
    row, sight, services = _draft(reading, of).row, Sight.of(reading), reading.services
    at = at_step(reading, row, form, step, f"{PATH}/{of}")
    worked: Mapping[str, Any] = {
        "headlines": lambda chosen: {"sentences": making.sentences_of(sight, of, chosen)},
        "review": lambda reviewer: making.sent(services, sight, of),
        "publish": lambda: {"sha256": making.made_again(services, sight, of)},
    }
    view = ReviewedView(
        {"of": of},
        reviewers(reading),
        choices=_made(reading, of).choices if step == "headlines" else (),
        chosen="\n".join(one.model_dump_json() for one in row.chosen),
        worked=worked.get(step, dict),
    )
    return form, view, at


form_routes(router, "/{of}/{step}", _whole)


def _of_section(reading: Reader, of: QuarterlyId, section: str, step: str) -> Shown:
    draft = _draft(reading, of)
    found = [one for one in _made(reading, of).sections if one.row.section == section]
    if step not in OF_SECTION or not found:
        raise NotFound(NO_PAGE)
    resource = Resource(person=found[0].row.writer)
    require(reading.actor, OF_SECTION[step].verb, resource)
    mine = "".join(one.text for one in found[0].commentaries if one.by == reading.actor.person)
    initial = {"commentary": Written(mine), "change": found[0].row}
    view = ReviewedView(
        {"of": of} if step == "up" else {"of": of, "section": section},
        readers_of_figures(reading),
        initial=initial.get(step),
        worked=lambda: {"sections": _moved_up(draft.row, found[0])},
    )
    place, seen = f"{PATH}/{of}", draft.row.stream_version
    at = At(f"{place}/sections/{section}/{step}", place, seen, found[0].title, resource)
    return OF_SECTION[step], view, at


def _moved_up(row: QuarterlyRow, section: ComposedSection) -> tuple[str, ...]:
    order = list(row.order)
    at = order.index(section.row.section)
    if at:
        order[at - 1], order[at] = order[at], order[at - 1]
    return tuple(order)


form_routes(router, "/{of}/sections/{section}/{step}", _of_section)
