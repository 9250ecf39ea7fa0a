"""Supervision: the pairs that the reader may know of with what is owed, one pair with its sessions,
and the list as a file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.actions.pages import everybody
from api.navigation import NavigationItem
from api.records.narrowing import require_known
from api.supervision import reading as supervision_reading
from api.supervision.listing import pair_listing
from api.supervision.prompts import Prompt, prompts
from api.supervision.steps import BEGIN, STEPS, BeginView, PairView, offered
from api.web import access_notes
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.listings import TYPES, render_listing
from api.web.steps import At, FormStep, send, show
from projections.audit_tools import queries as tool_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import NotFound, Refused
from qa.core.words import Resource, Role
from qa.supervision.states import CheckState
from qa.supervision.words import NOT_HELD_LABELS, STANDARD_LABELS

router = APIRouter(prefix="/supervision")
NAVIGATION = NavigationItem("Supervision", "/supervision", 70, "read-supervision")

SHOWN = 5
"""So many of the audits that prompt a check are named."""

PairId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


def may_list(reading: Reading) -> None:
    """Everybody on the staff has a list, of their own supervision at least."""
    require(
        reading.actor, "read-supervision", Resource(person=reading.actor.person, somewhere=True)
    )


@router.get("")
def list_pairs(request: Request, reading: Reader) -> Response:
    """The pairs, those owed longest first, and the prompts that weak audits give."""
    may_list(reading)
    connection, at = reading.connection, reading.at
    named = people_queries.places(connection, position=at.position)
    team = request.query_params.get("team", "")
    require_known(connection, {"team": team})
    rows = supervision_reading.listed(connection, reading.actor, at, team=team)
    waiting = [] if at.is_past else prompts(connection, reading.actor, at)
    mentioned = {who for one in rows for who in (one.row.supervisor, one.row.practitioner)}
    mentioned |= {one.practitioner for one in waiting}
    mentioned |= {pair.supervisor for one in waiting for pair in one.pairs}
    names = people_queries.names(connection, mentioned, position=at.position)
    return reading.page(
        "supervision/list.html",
        title="Supervision",
        wide=True,
        rows=[
            {
                "pair": one.row.pair,
                "practitioner": names.get(one.row.practitioner, ""),
                "supervisor": names.get(one.row.supervisor, ""),
                "team": named.get(one.row.team, (one.row.team, ""))[0],
                "standard": STANDARD_LABELS[one.row.standard],
                "last_on": one.last_on,
                "due_on": one.due_on,
                "late": one.late(at.on),
                "checked_on": one.checked_on,
            }
            for one in rows
        ],
        prompts=[_prompt(one, names) for one in waiting],
        teams=[{"value": "", "text": "Any"}]
        + [
            {"value": code, "text": name, "selected": code == team}
            for code, (name, _) in named.items()
        ],
        team=team,
        may_begin=not at.is_past and _may_begin(reading),
        may_export=can(reading.actor, "export").allowed,
        reads_policy=can(reading.actor, "read-tool").allowed,
        reads_report=can(reading.actor, "read-report").allowed,
    )


def _may_begin(reading: Reading) -> bool:
    own = Resource(contributors=frozenset({reading.actor.person}))
    return can(reading.actor, "run-supervision", own).allowed


def _prompt(one: Prompt, names: dict[str, str]) -> dict[str, Any]:
    return {
        "person": one.practitioner,
        "name": names.get(one.practitioner, one.practitioner),
        "audits": [(row["audit"], row["reference"], row["label"]) for row in one.audits[:SHOWN]],
        "more": max(0, len(one.audits) - SHOWN),
        "pairs": [(pair.pair, names.get(pair.supervisor, "")) for pair in one.pairs],
    }


@router.get("/export.{kind}")
def export_pairs(reading: Reader, kind: Literal["csv", "xlsx"]) -> Response:
    """The list of pairs that the reader may know of, as a file."""
    may_list(reading)
    require(reading.actor, "export")
    if reading.wrong:
        raise Refused(reading.wrong.faults)
    at = reading.at
    listing = pair_listing(reading.services, reading.connection, reading.actor, at)
    access_notes.note(reading.services, reading.actor, What.EXPORT, f"supervision.{kind}", at=at)
    return Response(
        render_listing(listing, kind),
        media_type=TYPES[kind],
        headers={
            **at.headers,
            "Content-Disposition": f'attachment; filename="supervision-{at.file_stamp}.{kind}"',
        },
    )


def _beginning(reading: Reading) -> tuple[FormStep[BeginView], BeginView, At]:
    teams = [(one.team, one.name) for one in people_queries.teams(reading.connection)]
    own = Resource(contributors=frozenset({reading.actor.person}))
    return (
        BEGIN,
        BeginView(everybody(reading), teams),
        At("/supervision/new", "/supervision", resource=own),
    )


@router.get("/new")
def new_pair(reading: Reader) -> Response:
    return show(reading, *_beginning(reading))


@router.post("/new")
def begin_pair(reading: Reader, form: Posted) -> Response:
    step, view, at = _beginning(reading)
    return send(reading, step, view, at, form, onward="/supervision/{pair}")


@router.get("/{pair}")
def show_pair(pair: PairId, reading: Reader) -> Response:
    """One pair: its sessions with the gaps between them, what is owed, and its checks."""
    found = supervision_reading.open_pair(reading.connection, reading.actor, pair, reading.at)
    supervision_reading.note(reading.services, reading.actor, found, reading.at)
    row, at = found.row, reading.at
    named = people_queries.places(reading.connection, position=at.position)
    done = reading.request.query_params.get("done", "")
    view = PairView(found, (), (), ())
    return reading.page(
        "supervision/pair.html",
        title=f"Supervision of {found.name(row.practitioner)}",
        record_name=f"supervision:{pair}",
        row=row,
        supervisor=found.name(row.supervisor),
        practitioner=found.name(row.practitioner),
        place=", ".join(named.get(row.team, (row.team, row.service))),
        standard=STANDARD_LABELS[row.standard],
        due_on=found.due_on,
        late=found.due_on is not None and found.due_on < at.on,
        met=found.met,
        counted=found.counted,
        sessions=[
            {
                "on": one.row.on,
                "held": one.row.held,
                "why": NOT_HELD_LABELS.get(one.row.why or "", ""),
                "gap": one.gap,
                "owed": one.owed_days,
                "over": one.over,
                "cases": ", ".join(one.row.cases_supervised),
                "actions": [a for a in one.row.actions_talked_over if a in found.actions],
                "others": sum(a not in found.actions for a in one.row.actions_talked_over),
                "note": one.row.note,
                "by": found.name(one.row.by),
            }
            for one in found.sessions
        ],
        checks=[
            {
                "check": one.check,
                "checker": found.name(one.checker),
                "state": CheckState(one.state).label,
                "due_on": one.due_on,
            }
            for one in found.checks
        ],
        steps=[] if at.is_past else offered(view, reading.actor),
        said=STEPS[done].done if done in STEPS else BEGIN.done if done == "new" else "",
    )


def _step(pair: str, name: str, reading: Reading) -> tuple[FormStep[PairView], PairView, At]:
    if name not in STEPS:
        raise NotFound("There is no such page.")
    connection, actor = reading.connection, reading.actor
    found = supervision_reading.open_pair(connection, actor, pair, reading.at)
    require(actor, STEPS[name].verb, found.resource)
    supervision_reading.note(reading.services, actor, found, reading.at)
    row = found.row
    waiting = prompts(connection, actor, reading.at) if name == "check" else []
    view = PairView(
        found,
        supervision_reading.actions_of(connection, actor, row.practitioner),
        _checkers(reading),
        [
            (tool.tool, tool.title)
            for tool in tool_queries.tools(connection)
            if tool.latest and not tool.retired and tool.working_copy.kind == "supervision"
        ],
        [
            audit["audit"]
            for one in waiting
            if one.practitioner == row.practitioner
            for audit in one.audits
        ],
    )
    at = At(
        f"/supervision/{pair}/{name}",
        f"/supervision/{pair}",
        row.stream_version,
        f"Supervision of {found.name(row.practitioner)}",
        found.resource,
    )
    return STEPS[name], view, at


def _checkers(reading: Reading) -> list[tuple[str, str]]:
    """Everybody who holds a role that checks, by name."""
    roles = (Role.AUDITOR, Role.MODERATOR, Role.QA_LEAD, Role.TEAM_MANAGER)
    found = {
        one.person: one.name
        for role in roles
        for one in people_queries.holding(reading.connection, role, reading.today)
    }
    return sorted(found.items(), key=lambda one: one[1])


@router.get("/{pair}/{step}")
def show_step(pair: PairId, step: str, reading: Reader) -> Response:
    return show(reading, *_step(pair, step, reading))


@router.post("/{pair}/{step}")
def send_step(pair: PairId, step: str, reading: Reader, form: Posted) -> Response:
    found, view, at = _step(pair, step, reading)
    onward = "/supervision-checks/{check}" if step == "check" else ""
    return send(reading, found, view, at, form, onward=onward)
