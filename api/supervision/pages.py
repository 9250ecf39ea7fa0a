"""Supervision: the pairs that the reader may know of with what is owed, one pair with its sessions,
and the list as a file."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path
from starlette.responses import Response

from api.lists.files import ListFileKind, send_list
from api.lists.page import list_page, whole_table
from api.navigation import NavigationItem, NavigationSection
from api.people.reading import to_choose
from api.supervision import reading as supervision_reading
from api.supervision.listing import pair_list, session_list
from api.supervision.prompts import Prompt, prompts
from api.supervision.steps import BEGIN, STEPS, BeginView, PairView, offered
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, form_routes
from projections.audit_tools import queries as tool_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.errors import NotFound
from qa.core.words import Resource, Role
from qa.supervision.states import CheckState
from qa.supervision.words import STANDARD_LABELS

router = PageRouter(prefix="/supervision")
NAVIGATION = NavigationItem(
    "Supervision",
    "/supervision",
    70,
    NavigationSection.AUDITS,
    "read-supervision",
    also=("/supervision-report", "/supervision-prompts"),
    empty_for=frozenset({Role.ADMINISTRATOR, Role.READER}),
)

SHOWN = 5
"""So many of the audits that prompt a check are named."""

PairId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


def may_list(reading: Reading) -> None:
    """Everybody on the staff has a list, of their own supervision at least."""
    require(
        reading.actor, "read-supervision", Resource(person=reading.actor.person, somewhere=True)
    )


@router.get("")
def list_pairs(reading: Reader) -> Response:
    """The pairs, those owed longest first, and the prompts that weak audits give."""
    may_list(reading)
    connection, at = reading.connection, reading.at
    waiting = [] if at.is_past else prompts(connection, reading.actor, at)
    mentioned = {one.practitioner for one in waiting}
    mentioned |= {pair.supervisor for one in waiting for pair in one.pairs}
    names = people_queries.names(connection, mentioned, position=at.position)
    beside = (
        ("Say who supervises whom", "/supervision/new", not at.is_past and _may_begin(reading)),
        (
            "Figures",
            reading.link("/supervision-report"),
            can(reading.actor, "read-council-figures").allowed,
        ),
        (
            "How often it is due",
            reading.link("/supervision-policy"),
            can(reading.actor, "read-tool").allowed,
        ),
    )
    return list_page(
        reading,
        pair_list(connection, reading.actor, at),
        "supervision/list.html",
        intro="Confidential: you see the supervision that you give or have, that of your line, and "
        "what you keep for quality assurance.",
        prompts=[_prompt(one, names) for one in waiting],
        links=[(text, href) for text, href, open_to in beside if open_to],
    )


def _own(reading: Reading) -> Resource:
    """What the reader themselves would supervise, in whichever team that is."""
    return Resource(contributors=frozenset({reading.actor.person}), somewhere=True)


def _may_begin(reading: Reading) -> bool:
    return can(reading.actor, "run-supervision", _own(reading)).allowed


def _prompt(one: Prompt, names: dict[str, str]) -> dict[str, Any]:
    return {
        "person": one.practitioner,
        "name": names.get(one.practitioner, one.practitioner),
        "audits": [(row["audit"], row["reference"], row["label"]) for row in one.audits[:SHOWN]],
        "more": max(0, len(one.audits) - SHOWN),
        "pairs": [(pair.pair, names.get(pair.supervisor, "")) for pair in one.pairs],
    }


@router.get("/export.{kind}")
def export_pairs(reading: Reader, kind: ListFileKind) -> Response:
    """The list of pairs as a file."""
    may_list(reading)
    return send_list(reading, pair_list(reading.connection, reading.actor, reading.at), kind)


def _beginning(reading: Reader) -> tuple[FormStep[BeginView], BeginView, At]:
    teams = [(one.team, one.name) for one in people_queries.teams(reading.connection)]
    return (
        BEGIN,
        BeginView(to_choose(reading), teams),
        At("/supervision/new", "/supervision", resource=_own(reading)),
    )


form_routes(router, "/new", _beginning, "/supervision/{pair}")


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
        sessions=whole_table(reading, session_list(found)),
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


def _step(reading: Reader, pair: PairId, step: str) -> tuple[FormStep[PairView], PairView, At]:
    if step not in STEPS:
        raise NotFound("There is no such page.")
    connection, actor = reading.connection, reading.actor
    found = supervision_reading.open_pair(connection, actor, pair, reading.at)
    require(actor, STEPS[step].verb, found.resource)
    supervision_reading.note(reading.services, actor, found, reading.at)
    row = found.row
    waiting = prompts(connection, actor, reading.at) if step == "check" else []
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
        f"/supervision/{pair}/{step}",
        f"/supervision/{pair}",
        row.stream_version,
        f"Supervision of {found.name(row.practitioner)}",
        found.resource,
    )
    return STEPS[step], view, at


def _checkers(reading: Reading) -> list[tuple[str, str]]:
    """Everybody who holds a role that checks, by name."""
    roles = (Role.AUDITOR, Role.MODERATOR, Role.QA_LEAD, Role.TEAM_MANAGER)
    found = {
        one.person: one.name
        for role in roles
        for one in people_queries.holding(reading.connection, role, reading.today)
    }
    return sorted(found.items(), key=lambda one: one[1])


def _check(reading: Reader, pair: PairId) -> tuple[FormStep[PairView], PairView, At]:
    return _step(reading, pair, "check")


form_routes(router, "/{pair}/check", _check, "/supervision-checks/{check}")
form_routes(router, "/{pair}/{step}", _step)
