"""The builder's page of one domain: its words, its grades, its children and its questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from api.audit_tools import builder
from api.audit_tools.builder_pages import known_scales, revised, rows, scale_items
from api.audit_tools.pages import tool_row
from api.web.changes import Changing, FormVisit, Visiting
from api.web.forms import Errors, several, text
from api.web.late_routes import PageRouter
from qa.audit_tools.definition import ChildStatus, Domain, ToolDefinition
from qa.authorisation.policy import require
from qa.core.words import Scale

router = PageRouter(include_in_schema=False)


def _domain_given(domain: Domain) -> dict[str, Any]:
    return {
        "title": domain.title,
        "good_looks_like": domain.good_looks_like,
        "scale": domain.scale,
        "descriptors": {d.grade: d.text for d in domain.descriptors},
        "applies_to": [status.value for status in domain.applies_to],
        "may_be_not_applicable": "yes" if domain.may_be_not_applicable else "",
        "questions": {
            str(at): {
                "id": q.id,
                "text": q.text,
                "scale": q.scale,
                "help": q.help,
                "required": "yes" if q.required else "",
            }
            for at, q in enumerate(domain.questions)
        },
    }


def _domain_form(
    visit: FormVisit,
    tool: str,
    domain: str,
    given: Mapping[str, Any] | None = None,
    seen: int | None = None,
    errors: Errors | None = None,
    done: str = "",
) -> Response:
    with visit.services.store.reading() as connection:
        row = tool_row(connection, tool)
        published = known_scales(connection)
    working = row.working_copy
    found = builder.domain_of(working, domain)
    scales = {**{scale.key: scale for scale in working.scales}, **published}
    values: Mapping[str, Any] = _domain_given(found) if given is None else given
    scale = scales.get(text(values, "scale")) or scales.get(found.scale)
    ticked = several(values, "applies_to")
    return visit.draw(
        "audit_tools/domain.html",
        errors,
        title=f"Edit {found.title}",
        tool=tool,
        domain=found,
        given=values,
        scales=scale_items(scales, text(values, "scale")),
        points=[] if scale is None else [p for p in scale.points if p.rank is not None],
        descriptors={p.code: text(values, f"descriptors.{p.code}") for p in scale.points}
        if scale
        else {},
        statuses=[
            {"value": status.value, "text": status.label, "checked": status.value in ticked}
            for status in ChildStatus
        ],
        questions=[
            {
                **{name: text(one, name) for name in ("id", "text", "help", "required")},
                "scales": scale_items(scales, text(one, "scale")),
            }
            for one in rows(values, "questions", 0)
        ],
        new_scales=scale_items(scales, text(values, "new_question_scale")),
        said="Saved." if done else None,
        seen=row.stream_version if seen is None else seen,
        back=f"/tools/{tool}/edit",
    )


@router.get("/tools/{tool}/domains/{domain}")
def edit_domain(
    visit: Visiting,
    tool: str,
    domain: str,
    done: str = "",
) -> Response:
    require(visit.actor, "edit-tool")
    return _domain_form(visit, tool, domain, done=done)


@router.post("/tools/{tool}/domains/{domain}")
def save_domain(change: Changing, tool: str, domain: str) -> Response:
    """Save a domain; with `do` a question is added, moved or removed as well."""
    do, _, place = change.text("do").partition(" ")
    at = int(place) if place.isdecimal() and len(place) < 4 else 0

    def edit(working: ToolDefinition, known: Mapping[str, Scale]) -> ToolDefinition:
        saved = builder.with_domain(working, domain, change.form, known)
        match do:
            case "add-question":
                return builder.with_question_added(saved, domain, change.form, known)
            case "up" | "down":
                step = -1 if do == "up" else 1
                return builder.with_question_moved(saved, domain, at, step)
            case "remove":
                return builder.without_question(saved, domain, at)
            case _:
                return saved

    return revised(
        change,
        tool,
        edit,
        again=lambda errors: _domain_form(change, tool, domain, change.form, change.seen, errors),
        onward=f"/tools/{tool}/domains/{domain}?done=saved",
        order=("title", "good_looks_like", "scale"),
    )
