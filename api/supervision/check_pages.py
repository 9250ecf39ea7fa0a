"""Supervision checks: the list, one check with its judgement and its moderation, and the forms that
move it along."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.actions import reading as action_reading
from api.lists.declaration import RecordList
from api.lists.files import list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.people.reading import to_choose
from api.supervision import reading as supervision_reading
from api.supervision.check_forms import shown
from api.supervision.check_steps import STEPS, CheckView, fits, offered
from api.supervision.listing import check_list
from api.supervision.pages import may_list
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import (
    At,
    FormStep,
    form_routes,
    step_called,
)
from api.writing.declaration import Section, Writing, WritingKind
from api.writing.routes import writing_routes
from api.writing.steps import WrittenStep, section, written
from projections.actions.queries import ActionFilter
from projections.supervision.tables import SupervisionCheckRow
from qa.actions.states import ActionState
from qa.authorisation.policy import require
from qa.core.words import Role
from qa.supervision.check_events import source_of
from qa.supervision.states import CheckState

router = PageRouter(prefix="/supervision-checks")
NAVIGATION = NavigationItem(
    "Supervision checks",
    "/supervision-checks",
    71,
    NavigationSection.AUDITS,
    "read-supervision",
    empty_for=frozenset({Role.ADMINISTRATOR, Role.READER}),
)

CheckId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


_WHAT = {
    "judge": "A supervision check",
    "correct": "The correction of a supervision check",
    "moderate": "Your grades of a supervision check",
}


def view_of(reading: Reading, check: str) -> CheckView:
    """A check as its forms need it. Raises NotFound."""
    found = supervision_reading.open_check(reading, check)
    return CheckView(found, to_choose(reading), reading.at.on)


def written_check(reading: Reading, view: CheckView, name: str) -> WrittenStep:
    """The form of a check in sections. Raises Forbidden."""
    step, row = STEPS[name], view.opened.row
    require(reading.actor, step.verb, view.opened.resource)
    at = At.step(
        f"/supervision-checks/{view.id}",
        name,
        row.stream_version,
        f"Supervision of {view.opened.name(row.practitioner)}",
        view.opened.resource,
    )
    closed = "" if fits(view, name) else f"This check is {view.state.label.lower()}."
    return written(
        step,
        view,
        at,
        _sections(view, name),
        subject=f"supervision-check-{name}:{view.id}",
        about=f"person:{row.practitioner}",
        closed=closed,
    )


def _sections(view: CheckView, name: str) -> list[Section]:
    """The dates first, then an area a section, and the whole at the end."""
    boxes = STEPS[name].boxes(view)
    found = []
    dates = [box for box in boxes if box.kind == "day"]
    if dates:
        found.append(section("dates", "What you looked at", dates, ("checked_on",)))
    for domain in view.opened.tool.domains:
        of_it = [box for box in boxes if box.name.startswith(f"judgements.{domain.id}.")]
        found.append(section(f"area-{domain.id}", domain.title, of_it))
    whole = [box for box in boxes if box not in dates and not box.name.startswith("judgements.")]
    return [*found, section("overall", "Overall", whole)]


def _kind(name: str) -> WritingKind:
    return WritingKind(
        f"supervision-check-{name}",
        _WHAT[name],
        lambda reading, ids: written_check(reading, view_of(reading, ids[0]), name),
    )


WRITTEN = tuple(map(_kind, _WHAT))


def _listed(reading: Reader) -> RecordList[SupervisionCheckRow]:
    may_list(reading)
    return check_list(reading)


@router.get("")
def list_checks(reading: Reader) -> Response:
    """The checks that the reader may know of, newest first."""
    return list_page(reading, _listed(reading))


list_files(router, "", _listed)


@router.get("/{check}")
def show_check(check: CheckId, reading: Reader) -> Response:
    """One check: its judgement, the moderator's grades beside it, and the actions it raised."""
    found = supervision_reading.open_check(reading, check)
    supervision_reading.note(reading, found)
    row, tool, at = found.row, found.tool, reading.at
    raised = action_reading.listed(
        reading.connection, reading.actor,
        ActionFilter(
            raised_by="supervision-check", source=source_of(check), opened_after=row.opened
        ), at,
    )  # fmt: skip
    overall = tool.overall_scale.label
    return reading.page(
        "supervision/check.html",
        title=f"Check of the supervision of {found.name(row.practitioner)}",
        record_name=f"supervision-check:{check}",
        row=row,
        tool=f"{tool.title}, version {row.tool_version}",
        names={who: found.name(getattr(row, who)) for who in
               ("supervisor", "practitioner", "checker", "moderator", "feedback_by")},
        state=CheckState(row.state).label,
        audits=found.audits,
        areas=shown(tool, row),
        overall=overall(row.overall) if row.overall else "",
        moderated=overall(row.moderated_overall) if row.moderated_overall else "",
        agrees=row.moderated_overall == row.overall,
        actions=[
            (one.action, one.text or "Opens on its own page", ActionState(one.state).label)
            for one in raised
        ],
        steps=[] if at.is_past else offered(CheckView(found, (), at.on), reading.actor),
        said=reading.notice({**STEPS, "check": "You have asked for a check."}),
    )  # fmt: skip


def _written(reading: Reading, check: str, name: str) -> Writing:
    view = view_of(reading, check)
    if reading.request.method == "GET":
        supervision_reading.note(reading, view.opened)
    return written_check(reading, view, name)


def _judging(reading: Reader, check: CheckId) -> Writing:
    return _written(reading, check, "judge")


def _correcting(reading: Reader, check: CheckId) -> Writing:
    return _written(reading, check, "correct")


def _moderating(reading: Reader, check: CheckId) -> Writing:
    return _written(reading, check, "moderate")


writing_routes(router, "/{check}/judge", _judging)
writing_routes(router, "/{check}/correct", _correcting)
writing_routes(router, "/{check}/moderate", _moderating)


def _step(reading: Reader, check: CheckId, step: str) -> tuple[FormStep[CheckView], CheckView, At]:
    form = step_called(STEPS, step, "judge", "correct", "moderate")
    found = supervision_reading.open_check(reading, check)
    require(reading.actor, form.verb, found.resource)
    supervision_reading.note(reading, found)
    row = found.row
    at = At.step(
        f"/supervision-checks/{check}",
        step,
        row.stream_version,
        f"Supervision of {found.name(row.practitioner)}",
        found.resource,
    )
    return form, CheckView(found, to_choose(reading), reading.at.on), at


form_routes(router, "/{check}/{step}", _step)
