"""The builder of audit tools: every button saves the working copy, which no audit uses until it
is published. A published version is never edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from api.audit_tools import builder
from api.audit_tools.listing import KINDS
from api.audit_tools.pages import happened, tool_form, tool_row, version_now
from api.web.changes import Changing, FormVisit, RecordChangeForm, Visiting, attempt
from api.web.forms import Errors, several, text
from api.web.late_routes import PageRouter
from projections.audit_tools import queries
from qa.audit_tools import handlers
from qa.audit_tools.commands import BeginAuditTool, ReviseAuditTool
from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.files import LONGEST_FILE, read_tool
from qa.authorisation.policy import require
from qa.core.errors import Conflict, MovedOn, Refused
from qa.core.words import NO_OVERALL_GRADE, Scale
from qa.store.unit import Receipt

router = PageRouter(include_in_schema=False)
EXTRA_RULES = 2
"""Empty rows for new rules that the form offers."""


def known_scales(connection: Connection) -> dict[str, Scale]:
    """Every published scale by its key."""
    return {scale.key: scale for scale in queries.scales(connection)}


def scale_items(scales: Mapping[str, Scale], value: str) -> list[dict[str, Any]]:
    """Items of govukSelect for the scales, `value` chosen."""
    return [
        {
            "value": key,
            "text": f"{scale.name} (version {scale.version})" if scale.points else scale.name,
            "selected": key == value,
        }
        for key, scale in scales.items()
    ]


# -- a new tool


def _new_form(
    visit: FormVisit,
    given: Mapping[str, Any],
    errors: Errors | None = None,
) -> Response:
    with visit.services.store.reading() as connection:
        scales = known_scales(connection)
    empty = {"value": "", "text": "Choose a scale"}
    return visit.draw(
        "audit_tools/new.html",
        errors,
        title="Start an audit tool",
        given=given,
        scales=[empty, *scale_items(scales, text(given, "scale"))],
        kinds=[
            {"value": code, "text": words, "checked": text(given, "kind") == code}
            for code, words in KINDS.items()
        ],
        back="/tools",
    )


@router.get("/tools/new")
def new_tool(visit: Visiting) -> Response:
    require(visit.actor, "edit-tool")
    return _new_form(visit, {})


@router.post("/tools/new")
def begin_tool(change: Changing) -> Response:
    require(change.actor, "edit-tool")
    with change.services.store.reading() as connection:
        scales = known_scales(connection)

    def begin() -> Receipt:
        definition = builder.begun(change.form, scales)
        try:
            return change.carry_out(handlers.begin_tool, BeginAuditTool(definition=definition))
        except MovedOn:
            sentence = f"There is a tool with the code {definition.id}. Choose another code."
            raise Refused(sentence, field="id", code="tool-code-taken") from None

    return attempt(
        change,
        begin,
        again=lambda errors: _new_form(change, change.form, errors),
        onward=lambda receipt: f"/tools/{receipt.response['tool']}/edit",
        back="/tools",
        order=("title", "id", "kind", "scale", "overall", "domain"),
    )


# -- YAML in


IMPORT = "Import {} from a file"


@router.get("/tools/{tool}/import")
def import_form(visit: Visiting, tool: str) -> Response:
    require(visit.actor, "edit-tool")
    return tool_form(visit, tool, "import", IMPORT)


@router.post("/tools/{tool}/import")
def import_file(change: Changing, tool: str) -> Response:
    require(change.actor, "edit-tool")

    def bring_in() -> Receipt:
        definition = _uploaded(change)
        if definition.id != tool:
            raise Refused(
                f"The file describes the tool {definition.id}, not {tool}.",
                field="file",
                code="tool-code-changed",
            )
        command = ReviseAuditTool(tool=tool, definition=definition)
        return change.carry_out(handlers.revise_tool, command)

    return attempt(
        change,
        bring_in,
        again=lambda errors: tool_form(change, tool, "import", IMPORT, errors),
        onward=f"/tools/{tool}?done=imported",
        back=f"/tools/{tool}",
        happened=happened(tool, change.seen),
    )


def _uploaded(change: RecordChangeForm) -> ToolDefinition:
    """The tool in the file that was sent. Every fault is one of the file."""
    sent = change.form.get("file")
    if sent is None or isinstance(sent, (str, dict, list)) or not sent.filename:
        raise Refused("Choose a file.", field="file", code="file-missing")
    data: bytes = sent.file.read(LONGEST_FILE * 4 + 1)
    with change.services.store.reading() as connection:
        scales = known_scales(connection)
    try:
        return read_tool(data.decode("utf-8-sig"), scales)
    except UnicodeDecodeError:
        raise Refused("The file is no text.", field="file", code="yaml-unreadable") from None
    except Refused as refused:
        sentences = " ".join(dict.fromkeys(f.sentence for f in refused.faults[:10]))
        raise Refused(sentences, field="file", code="tool-malformed") from None


# -- the tool itself


def _head_given(tool: ToolDefinition) -> dict[str, Any]:
    """The tool as the form would have posted it."""
    switches = ("ask_involvement", "ask_family_feedback", "needs_action_or_reason")
    return {
        "title": tool.title,
        "guidance": tool.guidance,
        "kind": tool.kind,
        "scale": tool.scale or NO_OVERALL_GRADE.id,
        "evidence_min_words": str(tool.evidence_min_words),
        **{name: "yes" for name in switches if getattr(tool, name)},
        "rationale_rules": {
            str(at): {"grades": list(rule.grades), "min_words": str(rule.min_words)}
            for at, rule in enumerate(tool.rationale_rules)
        },
        "limiting_rules": {
            str(at): {name: str(value) for name, value in rule.model_dump().items()}
            for at, rule in enumerate(tool.limiting_rules)
        },
    }


def rows(given: Mapping[str, Any], name: str, least: int) -> list[Mapping[str, Any]]:
    """The rows ``name.0``, ``name.1`` … of a form, empty ones added up to `least`."""
    found = given.get(name)
    entries = found if isinstance(found, dict) else {}
    count = max(least, len(entries))
    return [row if isinstance(row := entries.get(str(at), {}), dict) else {} for at in range(count)]


def _edit_form(
    visit: FormVisit,
    tool: str,
    given: Mapping[str, Any] | None = None,
    seen: int | None = None,
    errors: Errors | None = None,
    done: str = "",
) -> Response:
    with visit.services.store.reading() as connection:
        row = tool_row(connection, tool)
        scales = known_scales(connection)
    working = row.working_copy
    own_scales = {scale.key: scale for scale in working.scales}
    values: Mapping[str, Any] = _head_given(working) if given is None else given
    graded_on = working.scale or working.domains[0].scale
    overall = own_scales.get(graded_on) or scales.get(graded_on)
    points = [] if overall is None else [p for p in overall.points if p.rank is not None]
    return visit.draw(
        "audit_tools/edit.html",
        errors,
        title=f"Edit {row.title}",
        row=row,
        tool=tool,
        working=working,
        given=values,
        kinds=[
            {"value": code, "text": words, "checked": text(values, "kind") == code}
            for code, words in KINDS.items()
        ],
        scales=scale_items(
            {**own_scales, **scales, NO_OVERALL_GRADE.id: NO_OVERALL_GRADE}, text(values, "scale")
        ),
        points=points,
        rationale_rows=[
            {"grades": several(one, "grades"), "min_words": text(one, "min_words")}
            for one in rows(values, "rationale_rules", len(working.rationale_rules) + 1)
        ],
        limiting_rows=[
            {name: text(one, name) for name in
             ("id", "domain", "grade_or_worse", "at_least", "overall_no_better_than", "caps",
              "why")}
            for one in rows(values, "limiting_rules", len(working.limiting_rules) + EXTRA_RULES)
        ],
        said="Saved." if done else None,
        seen=row.stream_version if seen is None else seen,
        back=f"/tools/{tool}",
    )  # fmt: skip


@router.get("/tools/{tool}/edit")
def edit_tool(visit: Visiting, tool: str, done: str = "") -> Response:
    require(visit.actor, "edit-tool")
    return _edit_form(visit, tool, done=done)


def revised(
    change: RecordChangeForm,
    tool: str,
    edit: Callable[[ToolDefinition, Mapping[str, Scale]], ToolDefinition],
    *,
    again: Callable[[Errors], Response],
    onward: str,
    order: tuple[str, ...] = (),
) -> Response:
    """Save what `edit` makes of the working copy."""
    require(change.actor, "edit-tool")

    def save() -> Receipt:
        with change.services.store.reading() as connection:
            row, scales = tool_row(connection, tool), known_scales(connection)
        if row.stream_version == change.seen:
            working = row.working_copy
            known = {**{scale.key: scale for scale in working.scales}, **scales}
            definition = edit(working, known)
        else:  # the command says whether this is a repeat or came too late
            definition = row.working_copy
        command = ReviseAuditTool(tool=tool, definition=definition)
        return change.carry_out(handlers.revise_tool, command)

    return attempt(
        change,
        save,
        again=again,
        onward=onward,
        back=f"/tools/{tool}/edit",
        order=order,
        happened=happened(tool, change.seen),
        current=version_now(tool),
    )


@router.post("/tools/{tool}/edit")
def save_tool(change: Changing, tool: str) -> Response:
    return revised(
        change,
        tool,
        lambda working, known: builder.with_head(working, change.form, known),
        again=lambda errors: _edit_form(change, tool, change.form, change.seen, errors),
        onward=f"/tools/{tool}/edit?done=saved",
        order=("title", "kind", "guidance", "scale", "evidence_min_words"),
    )


@router.post("/tools/{tool}/domains")
def change_domains(change: Changing, tool: str) -> Response:
    """Add, move or remove a domain: `do` says which."""
    do, _, domain = change.text("do").partition(" ")

    def edit(working: ToolDefinition, known: Mapping[str, Scale]) -> ToolDefinition:
        match do:
            case "add":
                return builder.with_domain_added(working, change.text("new_domain"))
            case "up" | "down":
                step = -1 if do == "up" else 1
                return builder.with_domain_moved(working, domain, step)
            case "remove":
                return builder.without_domain(working, domain)
            case _:
                raise Conflict("This button is not known.", code="unknown-button")

    return revised(
        change,
        tool,
        edit,
        again=lambda errors: _edit_form(change, tool, None, change.seen, errors),
        onward=f"/tools/{tool}/edit?done=saved",
    )
