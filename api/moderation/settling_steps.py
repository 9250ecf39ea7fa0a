"""What the forms that settle a difference show: agreement, dispute, decider, decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from api.moderation.choices import exception_asked, grade_options, options, people_options
from api.moderation.reading import ModerationStanding, side_by_side
from api.web.changes import RecordChangeForm
from api.web.forms import Errors, Nested, several, text
from projections.people import queries
from qa.audits.judgements import AgreedGrade
from qa.core.words import Role
from qa.moderation.events import REASON_CODES

OUTCOMES = {
    "upheld": "Upheld: the moderator's grade does not stand",
    "partly-upheld": "Partly upheld",
    "not-upheld": "Not upheld: the dispute changes nothing",
}
_DECIDERS = (Role.QA_LEAD, Role.MODERATOR)


def agreed(change: RecordChangeForm, standing: ModerationStanding) -> dict[str, Any]:
    """The domain grades that were chosen; a domain left open keeps both its grades."""
    given = {d.id: change.text(f"judgements.{d.id}.grade") for d in standing.opened.tool.domains}
    found = (AgreedGrade(domain=d, grade=grade) for d, grade in given.items() if grade)
    return {"judgements": tuple(found)}


def grades(
    connection: Connection, standing: ModerationStanding, given: Nested, errors: Errors
) -> Mapping[str, Any]:
    """The overall choice, and a select for each domain that the two graded differently."""
    tool = standing.opened.tool
    lines = [line for line in side_by_side(standing) if line.differs and line.id != "overall"]
    differing = []
    for line in lines:
        domain = tool.domain(line.id)
        scale = None if domain is None else tool.scale_of(domain.scale)
        if scale is None:
            continue
        at = f"judgements.{line.id}.grade"
        labels = {p.code: p.label for p in scale.points if p.rank is not None}
        none = "Not settled separately" if tool.has_overall else "Choose the grade that counts"
        items = options(text(given, at), {"": none, **labels})
        differing.append({"at": at, "line": line, "items": items})
    return {
        "overall": grade_options(tool.overall_scale, text(given, "overall")),
        "differing": differing,
    }


def about(
    connection: Connection, standing: ModerationStanding, given: Nested, errors: Errors
) -> Mapping[str, Any]:
    """What a dispute can be about."""
    ticked = several(given, "about")
    choices = {"overall": "The overall grade"} if standing.opened.tool.has_overall else {}
    choices |= {domain.id: domain.title for domain in standing.opened.tool.domains}
    return {
        "about": [
            {"value": value, "text": words, "checked": value in ticked}
            for value, words in choices.items()
        ]
    }


def deciders(
    connection: Connection, standing: ModerationStanding, given: Nested, errors: Errors
) -> Mapping[str, Any]:
    """Who can be named as decider."""
    found = {
        one.person: one
        for role in _DECIDERS
        for one in queries.holding(connection, role, standing.today)
    }
    rows = sorted(found.values(), key=lambda one: one.name)
    return {
        "deciders": people_options(rows, text(given, "decider"), "Choose who decides"),
        "ask_exception": exception_asked(given, errors),
    }


def decision(
    connection: Connection, standing: ModerationStanding, given: Nested, errors: Errors
) -> Mapping[str, Any]:
    """The choices of a decision."""
    return {
        **grades(connection, standing, given, errors),
        "outcomes": options(text(given, "outcome"), OUTCOMES),
        "reason_codes": options(text(given, "reason_code"), REASON_CODES),
    }
