"""Supervision: the pairs that the reader may know of with what is owed, one pair with its sessions,
the list as a file, and the form that sets a prompt aside."""

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
from api.web.boxes import FormValues
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, Sent, carry_out, command_box, form_routes, step_called
from projections.audit_tools import queries as tool_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.errors import NotFound
from qa.core.words import Resource, Role
from qa.store.unit import Receipt
from qa.supervision import handlers
from qa.supervision.commands import SetSupervisionPromptAside
from qa.supervision.states import CheckState
from qa.supervision.words import STANDARD_LABELS

router = PageRouter(prefix="/supervision")
prompt_router = PageRouter(prefix="/supervision-prompts")
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

PersonId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
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
    waiting = [] if at.is_past else prompts(reading)
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
        pair_list(reading),
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
    return send_list(reading, pair_list(reading), kind)


def _beginning(reading: Reader) -> tuple[FormStep[BeginView], BeginView, At]:
    teams = [(one.team, one.name) for one in people_queries.teams(reading.connection)]
    return (
        BEGIN,
        BeginView(to_choose(reading), teams),
        At.step("/supervision", "new", resource=_own(reading)),
    )


form_routes(router, "/new", _beginning, "/supervision/{pair}")


@router.get("/{pair}")
def show_pair(pair: PairId, reading: Reader) -> Response:
    """One pair: its sessions with the gaps between them, what is owed, and its checks."""
    found = supervision_reading.open_pair(reading, pair)
    supervision_reading.note(reading, found)
    row, at = found.row, reading.at
    named = people_queries.places(reading.connection, position=at.position)
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
        said=reading.notice({**STEPS, "new": BEGIN}),
    )


def _step(reading: Reader, pair: PairId, step: str) -> tuple[FormStep[PairView], PairView, At]:
    form = step_called(STEPS, step)
    connection, actor = reading.connection, reading.actor
    found = supervision_reading.open_pair(reading, pair)
    require(actor, form.verb, found.resource)
    supervision_reading.note(reading, found)
    row = found.row
    waiting = prompts(reading) if step == "check" else []
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
    at = At.step(
        f"/supervision/{pair}",
        step,
        row.stream_version,
        f"Supervision of {found.name(row.practitioner)}",
        found.resource,
    )
    return form, view, at


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


def _set_aside(view: Prompt, form: FormValues, sent: Sent) -> Receipt:
    command = SetSupervisionPromptAside(
        practitioner=view.practitioner,
        audits=tuple(row["audit"] for row in view.audits),
        reason=form.text("reason"),
    )
    return carry_out(handlers.set_prompt_aside, command, sent)


SET_ASIDE: FormStep[Prompt] = FormStep(
    "No check follows",
    "Set the prompt aside",
    "The prompt is set aside.",
    lambda view: [command_box(SetSupervisionPromptAside, "reason")],
    _set_aside,
    ("These audits will not prompt a check again. Later ones will.",),
    "run-checks",
)


def _setting_aside(reading: Reader, person: PersonId) -> tuple[FormStep[Prompt], Prompt, At]:
    waiting = prompts(reading)
    found = next((one for one in waiting if one.practitioner == person), None)
    if found is None:
        raise NotFound("There is no prompt for this person.")
    name = people_queries.names(reading.connection, [person]).get(person, person)
    place = Resource(service=found.audits[0]["service"], team=found.audits[0]["team"])
    at = At(f"/supervision-prompts/{person}", "/supervision", None, name, place)
    return SET_ASIDE, found, at


form_routes(prompt_router, "/{person}", _setting_aside)
