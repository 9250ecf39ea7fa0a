"""Learning themes and the library of good practice: lists, one theme, and its forms."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.actions.pages import find_audit
from api.agreement.forms import domain_titles
from api.learning import reading as learning_reading
from api.learning.cli import ThemeQuery
from api.learning.listing import Tagged, theme_list
from api.learning.reports import REPORTS
from api.learning.steps import OPEN, STEPS, ThemeView, offered, words
from api.lists.declaration import RecordList
from api.lists.files import ListFileKind, send_list
from api.lists.page import list_context
from api.navigation import NavigationItem, NavigationSection
from api.people.reading import to_choose
from api.reports.asking import ReportFileKind, report_file
from api.reports.declaration import Sight, publish_link
from api.reports.tables import cell
from api.reports.taking import send_file, taken_out
from api.web.context import DayReader, Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, form_routes, step_called
from projections.audits import queries as audit_queries
from projections.learning import queries as learning_queries
from projections.learning.projector import STAGES
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require

router = PageRouter(prefix="/learning")
NAVIGATION = NavigationItem(
    "Learning", "/learning", 140, NavigationSection.ACTIONS, "read-learning"
)

ThemeId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
LONGEST_SEARCH = 200


@router.get("")
def library(reading: Reader) -> Response:
    """The themes and the examples of good practice, all or those that hold some words."""
    require(reading.actor, "read-learning")
    wanted = reading.request.query_params.get("q", "").strip()[:LONGEST_SEARCH]
    connection, position = reading.connection, reading.at.position
    reading.note("learning", wanted)
    return reading.page(
        "learning/library.html",
        title="Learning",
        wanted=wanted,
        shown=list_context(reading, _themes(reading, wanted)),
        exemplars=learning_queries.exemplars(connection, position=position, wanted=wanted),
        may_keep=can(reading.actor, "keep-learning").allowed,
    )


def _themes(reading: Reading, wanted: str) -> RecordList[Tagged]:
    found = learning_queries.themes(reading.connection, position=reading.at.position, wanted=wanted)
    return theme_list(found, wanted)


@router.get("/export.{kind}")
def export_themes(reading: Reader, kind: ListFileKind) -> Response:
    """The list of themes as a file."""
    require(reading.actor, "read-learning")
    wanted = reading.request.query_params.get("q", "").strip()[:LONGEST_SEARCH]
    return send_list(reading, _themes(reading, wanted), kind)


def _view(reading: Reading, theme: str) -> ThemeView:
    opened = learning_reading.open_theme(reading, theme)
    return ThemeView(
        opened,
        to_choose(reading),
        lambda reference: find_audit(reading, reference),
        domain_titles(reading.connection, reading.at.position),
    )


def _opening(reading: Reader) -> tuple[FormStep[ThemeView], ThemeView, At]:
    return OPEN, ThemeView(None, (), lambda _: None), At.step("/learning", "new")


form_routes(router, "/new", _opening, "/learning/{theme}")


@router.get("/{theme}")
def show_theme(theme: ThemeId, reading: DayReader) -> Response:
    """One theme: what belongs to it, what was done, and what came of it."""
    require(reading.actor, "read-learning")
    view = _view(reading, theme)
    opened = view.theme
    _note(reading, theme)
    audits = {audit for step in opened.steps for audit in step.content.get("audits", ())}
    may_open = audit_queries.open_to(reading.connection, reading.reach, audits)
    may_keep = can(reading.actor, "keep-learning").allowed and not reading.at.is_past
    sight, query = Sight.of(reading), ThemeQuery(theme=theme)
    return reading.page(
        "learning/theme.html",
        title=opened.row.title,
        record_name=f"learning-theme:{theme}",
        row=opened.row,
        stage=STAGES[opened.row.stage],
        tagged=[(words(view, one), _address(one)) for one in opened.tagged],
        closed=opened.closed,
        steps=[learning_reading.describe_step(step) for step in opened.steps],
        audits=sorted(
            (reference, audit)
            for audit, reference in audit_queries.references(reading.connection, may_open).items()
        ),
        audits_closed=len(audits) - len(may_open),
        exemplars=opened.exemplars,
        names=people_queries.names(reading.connection, {step.by for step in opened.steps}),
        forms=[(name, STEPS[name].title) for name in offered(view)] if may_keep else [],
        figures=[
            (
                REPORTS.figure_words(sight, name),
                cell(figure, REPORTS.receipt(query, name, row.group, reading.moment)),
            )
            for row in REPORTS.make(sight, query, reading.behind).rows[:1]
            for name, figure in row.figures.items()
        ],
        publish=publish_link(reading, REPORTS.name, [("theme", theme)]),
        files=[
            (text, reading.link(f"/learning/{theme}/report.{kind}"))
            for kind, text in (("docx", "Word"), ("pdf", "PDF"), ("csv", "CSV"), ("xlsx", "Excel"))
            if can(reading.actor, "export").allowed
        ],
        report=can(reading.actor, "read-report").allowed,
        said=reading.notice({**STEPS, "new": OPEN}),
    )


@router.get("/{theme}/report.{kind}")
def download_theme(theme: ThemeId, kind: ReportFileKind, reading: DayReader) -> Response:
    """The theme from learning to effect as a file."""
    require(reading.actor, "read-learning")
    require(reading.actor, "export")
    sight, query = Sight.of(reading), ThemeQuery(theme=theme)
    made = REPORTS.make(sight, query, reading.behind)
    filters = REPORTS.question_words(sight, query)
    body = report_file(REPORTS, sight, query, made, kind, filters, taken_out(reading))
    name = f"learning-theme.{kind}"
    return send_file(reading, f"learning-theme:{theme}", body, name, detail="")


def _note(reading: Reading, theme: str) -> None:
    subject = f"learning-theme:{theme}"
    reading.note(subject)


_ADDRESSES = {
    "finding": "/audits/",
    "strength": "/audits/",
    "action": "/actions/",
    "plan-action": "/plan-actions/",
    "indicator": "/indicators/",
}


def _address(one: learning_reading.Tagged) -> str:
    return f"{_ADDRESSES[one.kind]}{one.record}"


def _step(reading: Reader, theme: ThemeId, step: str) -> tuple[FormStep[ThemeView], ThemeView, At]:
    form = step_called(STEPS, step)
    require(reading.actor, form.verb)
    view = _view(reading, theme)
    _note(reading, theme)
    row = view.theme.row
    at = At.step(f"/learning/{theme}", step, row.stream_version, row.title)
    return form, view, at


form_routes(router, "/{theme}/{step}", _step)
