"""What the forms that settle a difference show: agreement, dispute, decider, decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from api.moderation.choices import exception_asked, grade_options, options, people_options
from api.moderation.reading import ModerationStanding, side_by_side
from api.web.boxes import FormValues
from api.web.forms import Errors, Nested, text
from projections.people import queries
from qa.audits.judgements import AgreedGrade
from qa.core.words import Role

_DECIDERS = (Role.QA_LEAD, Role.MODERATOR)


def agreed(form: FormValues, standing: ModerationStanding) -> dict[str, Any]:
    """The domain grades that were chosen; a domain left open keeps both its grades."""
    given = {d.id: form.text(f"judgements.{d.id}.grade") for d in standing.opened.tool.domains}
    found = (AgreedGrade(domain=d, grade=grade) for d, grade in given.items() if grade)
    return {"judgements": tuple(found)}


def not_settled(standing: ModerationStanding) -> str:
    """What a domain without a grade that counts is called: it must have one where the tool has no
    overall grade."""
    prompt = "Choose the grade that counts"
    return "Not settled separately" if standing.opened.tool.has_overall else prompt


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
        items = options(text(given, at), {"": not_settled(standing), **labels})
        differing.append({"at": at, "line": line, "items": items})
    return {
        "overall": grade_options(tool.overall_scale, text(given, "overall")),
        "differing": differing,
    }


def deciders(
    connection: Connection, standing: ModerationStanding, given: Nested, errors: Errors
) -> Mapping[str, Any]:
    """Who can be named as decider: nobody who gave one of the two grades."""
    parties = {standing.row.auditor, (standing.moderation or {}).get("moderator")}
    found = {
        one.person: one
        for role in _DECIDERS
        for one in queries.holding(connection, role, standing.today)
        if one.person not in parties
    }
    rows = sorted(found.values(), key=lambda one: one.name)
    return {
        "deciders": people_options(rows, text(given, "decider"), "Choose who decides"),
        "ask_exception": exception_asked(given, errors),
    }
