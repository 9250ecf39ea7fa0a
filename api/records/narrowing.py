"""What a list or a report is narrowed to has to exist: a team that was misspelt has no audits, and
its report would look as if all were well.

Pages, API, files and command line come through here. Children are not looked up: whoever may not
know of a child learns nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict

from sqlalchemy.engine import Connection

from projections.actions.queries import ActionFilter
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.queries import AuditFilter
from projections.core.base import present
from projections.figures.judgement_areas import NO_AREA
from projections.people import queries as people_queries
from qa.actions.states import ActionState
from qa.actions.words import RAISED_BY_LABELS
from qa.audit_tools.definition import JudgementArea
from qa.audits.words import ACTION_KINDS
from qa.core.errors import Fault, refuse_any
from qa.core.words import AuditStatus, Reach, Role
from qa.people.commands import OPERATOR

_EVERYTHING = Reach("", everything=True)


def _part(connection: Connection, kind: str, code: str) -> bool:
    """Whether there is, or was, this team or service: in the organisation, or in audits that were
    brought in from a file."""
    organised = people_queries.teams(connection, with_closed=True)
    named = AuditFilter(team=code) if kind == "team" else AuditFilter(service=code)
    return any(getattr(one, kind) == code for one in organised) or bool(
        audit_queries.count(connection, _EVERYTHING, named)
    )


def _version(connection: Connection, text: str) -> bool:
    tool, _, number = text.rpartition("@")
    definitions = tool_queries.definitions(connection)
    return any((tool, number) == (key[0], str(key[1])) for key in definitions)


def _domain(connection: Connection, code: str) -> bool:
    definitions = tool_queries.definitions(connection).values()
    return any(code == domain.id for one in definitions for domain in one.domains)


def _grade(connection: Connection, code: str) -> bool:
    definitions = tool_queries.definitions(connection).values()
    scales = (scale for one in definitions for scale in one.graded_on)
    return any(scale.point(code) is not None for scale in scales)


def _person(connection: Connection, person: str) -> bool:
    return person == OPERATOR.person or bool(people_queries.names(connection, [person]))


_KNOWN: Mapping[str, Callable[[Connection, str], bool]] = {
    "team": lambda connection, code: _part(connection, "team", code),
    "service": lambda connection, code: _part(connection, "service", code),
    "tool": lambda connection, tool: tool_queries.tool(connection, tool) is not None,
    "tool_version": _version,
    "domain": _domain,
    "area": lambda _, area: area in {*JudgementArea, NO_AREA},
    "grade": _grade,
    "auditor": _person,
    "moderator": _person,
    "owner": _person,
    "person": _person,
    "role": lambda _, role: role == "none" or role in set(Role),
    "status": lambda _, status: status in set(AuditStatus),
    "state": lambda _, state: state in set(ActionState),
    "kind": lambda _, kind: kind in ACTION_KINDS,
    "raised_by": lambda _, origin: origin in RAISED_BY_LABELS,
    "source": lambda _, origin: origin in RAISED_BY_LABELS,
}


def require_known(connection: Connection, given: Mapping[str, str | Iterable[str]]) -> None:
    """Raises Refused naming every value that is not there, at its parameter."""
    now = present(connection)
    faults: list[Fault] = []
    for name, value in given.items():
        field = name.replace("-", "_")
        is_known = _KNOWN.get(field)
        for each in (value,) if isinstance(value, str) else value:
            if each and is_known is not None and not is_known(now, each):
                sentence = f"There is no {field.replace('_', ' ')} “{each}”."
                faults.append(Fault(field, f"{field.replace('_', '-')}-unknown", sentence))
    refuse_any(faults)


def require_known_in(connection: Connection, wanted: AuditFilter | ActionFilter) -> None:
    """The same for what a list is narrowed to. The `source` of an action is a record's id."""
    given = {k: v for k, v in asdict(wanted).items() if isinstance(v, str | tuple)}
    require_known(connection, {k: v for k, v in given.items() if k != "source"})
