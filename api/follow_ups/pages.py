"""The follow-up of inadequate audits: the list, one with its rounds, and the forms of its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.follow_ups import reading as follow_up_reading
from api.follow_ups.listing import follow_up_list
from api.follow_ups.reading import ListedFollowUp, OpenedFollowUp
from api.lists.declaration import RecordList
from api.lists.files import list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.web.changes import timeline
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, command_step, form_routes, step_called
from projections.follow_ups.tables import FollowUpRow
from projections.history import queries as history_queries
from projections.people import queries as people_queries
from qa.actions.states import ActionState
from qa.authorisation.policy import can, require
from qa.core.fields import field_words
from qa.follow_ups import handlers
from qa.follow_ups.events import FollowUpClocks, FollowUpStage, follow_up_stream
from qa.follow_ups.words import CAUSES, OWED, STAGE_LABELS

router = PageRouter()
NAVIGATION = NavigationItem(
    "Follow-ups", "/follow-ups", 90, NavigationSection.AUDITS, "read-report"
)

AuditId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
View = tuple[OpenedFollowUp, Sequence[tuple[str, str]]]


def _audit(view: View) -> dict[str, str]:
    return {"audit": view[0].row.audit}


def _actions(view: View) -> list[tuple[str, str]]:
    return [
        (one.action, f"{one.text} ({ActionState(one.state).label.lower()})")
        for one in view[0].offered
    ]


STEPS: Mapping[str, FormStep[View]] = {
    "escalate": command_step(
        handlers.escalate,
        title="Escalate to a head of service",
        button="Escalate",
        done="A head of service answers for it now.",
        intro=("They answer for the plan and for another auditor’s judgement.",),
        verb="run-follow-up",
        target=_audit,
        choices={"owner": lambda view: view[1]},
    ),
    "plan": command_step(
        handlers.agree_plan,
        title="Agree the plan",
        button="Agree the plan",
        done="The plan is agreed.",
        intro=("A plan is made of actions of this audit. Raise those that are missing first.",),
        verb="run-follow-up",
        target=_audit,
        choices={"actions": _actions},
    ),
}


def _offered(opened: OpenedFollowUp, reading: Reading) -> list[tuple[str, str]]:
    """The steps that are open now; another is where the re-audit is given out."""
    stage = FollowUpStage(opened.row.stage)
    if reading.at.is_past or stage.over:
        return []
    if not can(reading.actor, "run-follow-up", opened.resource).allowed:
        return []
    found = []
    first = stage is FollowUpStage.RECORDED
    found.append(("escalate", "Escalate it" if first else "Name another head of service"))
    if stage is FollowUpStage.ESCALATED:
        found.append(("plan", "Agree the plan"))
    return found


def _day_rows(row: FollowUpRow) -> list[tuple[str, str]]:
    return [(each.label, getattr(row, name)) for name, each in field_words(FollowUpClocks).items()]


@router.get("/audits/{audit}/follow-up")
def show_follow_up(audit: AuditId, reading: Reader) -> Response:
    """One follow-up: what is owed, its plan, and everything that happened."""
    opened = follow_up_reading.open_follow_up(reading, audit)
    row = opened.row
    entries = history_queries.entries(
        reading.connection,
        streams=[follow_up_stream(audit)],
        position=reading.at.position,
        limit=500,
    )
    return reading.page(
        "follow_ups/follow_up.html",
        title="Follow-up of an inadequate audit",
        row=row,
        stage=STAGE_LABELS[FollowUpStage(row.stage)],
        opens_audit=opened.audit.resource.team == opened.audit.row.team,
        owed=None if opened.owed is None else (OWED[opened.owed[0]], opened.owed[1]),
        late=opened.owed is not None and opened.owed[1] < reading.at.on.isoformat(),
        owner=opened.name(row.owner),
        cause=CAUSES.get(row.cause or "", ""),
        days=_day_rows(row),
        planned=[
            {
                **one._asdict(),
                "state": ActionState(one.state).label,
                "owner": opened.name(one.owner),
            }
            for one in opened.planned
        ],
        re_audit_owed=opened.owed is not None and opened.owed[0] == "re-audit",
        may_allocate=can(reading.actor, "allocate-audit", opened.resource).allowed
        and not reading.at.is_past,
        steps=_offered(opened, reading),
        said=reading.notice(STEPS),
        history=timeline(people_queries.with_names(reading.connection, entries)[::-1]),
    )


def _step(reading: Reader, audit: AuditId, step: str) -> tuple[FormStep[View], View, At]:
    form = step_called(STEPS, step)
    opened = follow_up_reading.open_follow_up(reading, audit)
    row = opened.row
    heads = follow_up_reading.heads(
        reading.connection, reading.at, service=row.service, team=row.team, child=row.child
    )
    there = f"/audits/{audit}/follow-up"
    at = At.step(there, step, row.stream_version, f"Audit {row.reference}", opened.resource)
    return form, (opened, heads), at


form_routes(router, "/audits/{audit}/follow-up/{step}", _step)


def _listed(reading: Reader) -> RecordList[ListedFollowUp]:
    require(reading.actor, "read-report")
    return follow_up_list(reading)


@router.get("/follow-ups")
def list_follow_ups(reading: Reader) -> Response:
    """The inadequate audits that are followed up, with what is owed next."""
    shown = _listed(reading)
    over = [one for one in shown.rows if one.owed is None]
    better = sum(one.row.stage == FollowUpStage.RESOLVED for one in over)
    intro = (
        "Every audit in the lowest grade is escalated, planned for, and judged again by another "
        "auditor."
    )
    links: list[tuple[str, str]] = []
    if over:
        intro += f" {better} of {len(over)} that have ended did so with a better re-audit."
        resolved = {"stands": STAGE_LABELS[FollowUpStage.RESOLVED]}
        links += [
            (f"{better} with a better re-audit", reading.link("/follow-ups", resolved)),
            (f"{len(over)} that have ended", reading.link("/follow-ups", {"running": "no"})),
        ][not better :]
    if can(reading.actor, "read-tool").allowed:
        links.append(("Time limits for follow-ups", reading.link("/follow-up-policy")))
    return list_page(reading, shown, intro=intro, links=links)


list_files(router, "/follow-ups", _listed)
