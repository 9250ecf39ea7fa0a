"""One action: where it stands, its chain drawn step by step, and the forms that move it along."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.actions import reading as action_reading
from api.actions.raising_steps import RAISE, RaiseView
from api.actions.reading import OpenedAction
from api.actions.steps import STEPS, ActionView, fits, offered
from api.actions.telling import links
from api.people.reading import to_choose
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, form_routes, step_called
from api.writing.declaration import Writing, WritingKind
from api.writing.routes import writing_routes
from api.writing.steps import WrittenStep, section, written
from projections.actions.queries import is_late
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.people import queries as people_queries
from qa.actions.states import ActionState
from qa.actions.words import RAISED_BY_LABELS, evidence_in_words
from qa.audits.words import ACTION_KINDS
from qa.authorisation.policy import require

router = PageRouter(prefix="/actions")

ActionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


def teams(reading: Reading) -> list[tuple[str, str]]:
    return [(one.team, one.name) for one in people_queries.teams(reading.connection)]


def find_audit(reading: Reading, reference: str) -> str | None:
    """The id of the audit that is meant by a reference typed in."""
    return audit_queries.by_reference(reading.connection, reference.strip().upper())


def view_of(reading: Reading, action: str) -> ActionView:
    found = action_reading.open_action(reading, action)
    return ActionView(
        found,
        to_choose(reading),
        teams(reading),
        reading.at.on,
        lambda reference: find_audit(reading, reference),
    )


def claim(reading: Reading, view: ActionView) -> WrittenStep:
    """What shows that an action was done.

    Raises:
        Forbidden: it is not the reader's to do.
    """
    step, row = STEPS["claim"], view.opened.row
    require(reading.actor, step.verb, view.opened.resource)
    boxes = step.boxes(view)
    first, more = boxes[:3], boxes[3:]
    at = At.step(f"/actions/{view.id}", "claim", row.stream_version, row.text, view.opened.resource)
    return written(
        step,
        view,
        at,
        [
            section("evidence", "The evidence", first, ("evidence.0.kind",)),
            section("more", "More evidence (optional)", more, optional=True),
        ],
        subject=f"action-claim:{view.id}",
        about=f"child:{row.child}" if row.child else f"person:{row.owner}",
        closed="" if fits(view, "claim") else f"This action is {view.state.label.lower()}.",
    )


WRITTEN = WritingKind(
    "action-claim",
    "The evidence of an action",
    lambda reading, ids: claim(reading, view_of(reading, ids[0])),
)


def _raising(reading: Reader) -> tuple[FormStep[RaiseView], RaiseView, At]:
    view = RaiseView(
        to_choose(reading), teams(reading), lambda reference: find_audit(reading, reference)
    )
    return RAISE, view, At.step("/actions", "new")


form_routes(router, "/new", _raising, "/actions/{action}")


@router.get("/{action}")
def show_action(action: ActionId, reading: Reader) -> Response:
    """The whole of one action and of the chain it stands in."""
    view = view_of(reading, action)
    opened, day = view.opened, reading.at.on
    row, domains = opened.row, _domains(reading, opened)
    action_reading.note(reading, opened)
    state = ActionState(row.state)
    team, service = people_queries.places(reading.connection, position=reading.at.position).get(
        row.team, (row.team, row.service)
    )
    return reading.page(
        "actions/action.html",
        title="Action",
        caption=_origin(view),
        record_name=f"action:{action}",
        row=row,
        state=state.label,
        owner=opened.name(row.owner),
        contributors=", ".join(opened.name(one) for one in opened.contributors),
        kind=ACTION_KINDS[row.kind],
        place=f"{team}, {service}",
        asked=evidence_in_words(row.evidence_wanted),
        late=is_late(row, day),
        late_first=is_late(row, day, "first"),
        verifiable=state is ActionState.VERIFICATION_DUE,
        audit_reference=opened.audit_reference,
        audit_open=opened.audit_open,
        finding=domains.get((row.audit, row.domain), row.domain),
        findings=[
            (audit, reference, domains.get((audit, domain), domain))
            for audit, reference, domain in opened.findings
        ],
        links=links(opened),
        closed=opened.closed,
        steps=[] if reading.at.is_past else offered(view, reading.actor),
        said=reading.notice({**STEPS, "new": RAISE}),
    )


def _domains(reading: Reading, opened: OpenedAction) -> dict[tuple[str, str | None], str]:
    """The titles of the domains of the audits that the action answers."""
    audits = {opened.row.audit, *(audit for audit, _, _ in opened.findings)} - {""}
    titles: dict[tuple[str, str | None], str] = {}
    for audit, head in audit_queries.headings(reading.connection, audits).items():
        tool = tool_queries.definition(reading.connection, head.tool, head.tool_version)
        if tool is not None:
            titles |= {(audit, domain.id): domain.title for domain in tool.domains}
    return titles


def _origin(view: ActionView) -> str:
    row = view.opened.row
    origin = RAISED_BY_LABELS[row.raised_by].lower()
    origin = "Raised by hand" if row.raised_by == "by-hand" else f"Raised by {origin}"
    return f"{origin}: {row.source}" if row.source else origin


def _claim(reading: Reader, action: ActionId) -> Writing:
    view = view_of(reading, action)
    if reading.request.method == "GET":
        action_reading.note(reading, view.opened)
    return claim(reading, view)


writing_routes(router, "/{action}/claim", _claim)


def _step(
    reading: Reader, action: ActionId, step: str
) -> tuple[FormStep[ActionView], ActionView, At]:
    form = step_called(STEPS, step, "claim")
    view = view_of(reading, action)
    require(reading.actor, form.verb, view.opened.resource)
    action_reading.note(reading, view.opened)
    row = view.opened.row
    at = At.step(f"/actions/{action}", step, row.stream_version, row.text, view.opened.resource)
    return form, view, at


form_routes(router, "/{action}/{step}", _step)
