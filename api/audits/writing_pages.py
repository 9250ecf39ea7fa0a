"""Writing an audit: a task list, one page a section, and a draft that is never lost.

A draft has its own revision. A page that was made from an older one does not overwrite: what was
typed here and there is set side by side, field by field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from api.audits import words as audit_words
from api.audits.forms import NOT_APPLICABLE, rows, tidied
from api.audits.pages import graded
from api.audits.sections import Section, section_with
from api.audits.writing import Writing, on_desk
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.dates import date_input
from api.web.forms import Errors, flat
from projections.history import queries as history_queries
from projections.people import queries as people_queries
from qa.audit_tools.definition import ChildStatus, ToolDefinition
from qa.audits import handlers
from qa.audits import words as record_words
from qa.audits.judgements import AuditContent, field_at
from qa.audits.limits import breached
from qa.audits.submission import unanswered
from qa.core.errors import CaseloopError, Conflict, Fault, Refused
from qa.security.drafts import Draft, DraftMovedOn

router = APIRouter()


def _is_text(path: str) -> bool:
    """Whether a field of the form holds free text, of which two versions can be put together."""
    place = field_at(AuditContent, path)
    words = None if place is None else place.words
    return "comments" in path.split(".") or (words is not None and words.widget == "long")


@router.get("/audits/{audit}/write")
def task_list(audit: str, reading: Reader) -> Response:
    writing = on_desk(reading, audit)
    if not writing.writable:
        return RedirectResponse(f"/audits/{audit}", status_code=303)
    progress = [
        (section, section.progress(writing.fields, writing.faults)) for section in writing.sections
    ]
    returned = _comments(reading, audit) if writing.returned else ""
    return reading.page(
        "audits/write_tasks.html",
        title=f"Write audit {writing.opened.row.reference}",
        back=f"/audits/{audit}",
        as_at=None,
        writing=writing,
        row=writing.opened.row,
        progress=progress,
        ready=sum(words in ("Ready", "Optional") for _, words in progress),
        returned=returned,
        **reading.parts("audits/write_tasks.html", writing.opened),
    )


def _comments(reading: Reading, audit: str) -> str:
    """What the author was asked for when the audit was last returned."""
    entries = history_queries.entries(
        reading.connection, streams=[f"case-audit:{audit}"], limit=10_000
    )
    said = [
        change["new"]
        for entry in entries
        if entry["type"] == "CaseAuditReturned"
        for change in entry["changes"]
    ]
    return said[-1] if said else ""


DATES = "dates"
"""Asks a section's page to name dates that cannot be, and not yet what is still to be filled in."""


@router.get("/audits/{audit}/write/{section}")
def section_page(
    audit: str, section: str, reading: Reader, check: str = "", add: str = ""
) -> Response:
    writing = on_desk(reading, audit)
    if not writing.writable:
        return RedirectResponse(f"/audits/{audit}", status_code=303)
    wanted = writing.section(section)
    held = [fault for fault in writing.faults if wanted.holds(fault.field)] if check else []
    if check == DATES:
        held = [fault for fault in held if fault.code == "date-impossible"]
    return _section(reading, writing, wanted, errors=Errors(held), add=bool(add))


def _section(
    reading: Reading,
    writing: Writing,
    section: Section,
    *,
    errors: Errors,
    add: bool = False,
    status: int = 200,
) -> Response:
    fields = writing.fields
    kind = "domain" if section.domain is not None else section.id
    everybody = people_queries.everybody(reading.connection)

    def value(name: str) -> str:
        return fields.get(name, "")

    def day(name: str, legend: str, hint: str = "") -> dict[str, Any]:
        return date_input(fields, name, legend, errors, hint)

    return reading.page(
        f"audits/write_{kind}.html",
        status=status,
        title=f"{section.title} – audit {writing.opened.row.reference}",
        back=f"/audits/{writing.audit}/write",
        as_at=None,
        errors=errors,
        writing=writing,
        section=section,
        domain=section.domain,
        tool=writing.tool,
        row=writing.opened.row,
        value=value,
        day=day,
        words=record_words,
        statuses=ChildStatus,
        not_applicable=NOT_APPLICABLE,
        blanks=_numbered(section, fields, add),
        new_id=reading.services.store.new_id,
        owners=[(one.person, one.name) for one in everybody],
        points=_points(section, writing.tool),
        rules=list(breached(writing.filled.content, writing.tool)),
        short=unanswered(writing.filled.content, writing.tool),
        grades=_grades(writing),
    )


def _numbered(section: Section, fields: Mapping[str, str], add: bool) -> range:
    """The rows that a list page shows: those there are, and an empty one."""
    if section.id not in ("actions", "strengths"):
        return range(0)
    held = len(rows(fields, section.id))
    return range(held + 1 if add or not held else held)


def _points(section: Section, tool: ToolDefinition) -> list[dict[str, str]]:
    """The grades to choose from, each with what it looks like here."""
    domain = section.domain
    scale = tool.overall_scale if domain is None else tool.scale_of(domain.scale)
    if scale is None:
        return []
    return [
        {
            "value": point.code,
            "text": point.label,
            "hint": (domain.descriptor(point.code) if domain else "") or point.meaning,
        }
        for point in scale.points
        if point.rank is not None
    ]


def _grades(writing: Writing) -> list[tuple[str, dict[str, str] | None]]:
    """The domain grades so far, for the page of the overall grade."""
    found: list[tuple[str, dict[str, str] | None]] = []
    for judgement in writing.filled.content.judgements:
        domain = writing.tool.domain(judgement.domain)
        if domain is not None:
            scale = writing.tool.scale_of(domain.scale)
            found.append((domain.title, graded(scale, judgement.grade)))
    return found


def _revision(form: Mapping[str, str]) -> int:
    given = form.get("revision", "")
    if not given.isdecimal() or len(given) > 9:
        raise Refused("The form does not say which draft it was made from. Reload the page.")
    return int(given)


def _put(before: Mapping[str, str], section: Section, mine: Mapping[str, str]) -> dict[str, str]:
    """A draft with one section replaced: what is no longer ticked is gone."""
    others = {path: value for path, value in before.items() if not section.holds(path)}
    return tidied({**others, **mine})


def _without_row(fields: dict[str, str], section: Section, do: str) -> dict[str, str]:
    """The fields without the row that a Remove button names."""
    match = re.fullmatch(r"remove\.(\d{1,4})", do)
    if match is None:
        return fields
    gone = f"{section.id}.{match[1]}."
    return {path: value for path, value in fields.items() if not path.startswith(gone)}


@router.post("/audits/{audit}/write/{section}")
def save_section(audit: str, section: str, form: Posted, reading: Reader) -> Response:
    typed = flat(form)
    before = on_desk(reading, audit)
    wanted = before.section(section)
    do = typed.get("do", "continue")
    mine = _without_row(wanted.of(typed), wanted, do)
    fields = _put(before.fields, wanted, mine)
    try:
        handlers.save_draft(
            reading.desk, audit=audit, fields=fields, seen=_revision(typed), by=reading.actor
        )
    except DraftMovedOn as moved:
        if _differing(wanted, fields, moved.current):
            return _merge_page(reading, before, wanted, fields, moved.current)
    except (Refused, Conflict) as refused:
        faults = (
            refused.faults
            if isinstance(refused, Refused)
            else [Fault("", refused.code, refused.sentence)]
        )
        shown = on_desk(reading, audit, fields)
        return _section(reading, shown, wanted, errors=Errors(faults), status=refused.status)
    return RedirectResponse(_onward(reading, audit, wanted, fields, do), status_code=303)


def _onward(
    reading: Reading, audit: str, section: Section, fields: Mapping[str, str], do: str
) -> str:
    """Where the author goes after a section was saved."""
    here = f"/audits/{audit}/write"
    if do == "another":
        return f"{here}/{section.id}?add=yes"
    if do.startswith("remove."):
        return f"{here}/{section.id}"
    if do == "list":
        return here
    after = on_desk(reading, audit, fields)
    if any(f.code == "date-impossible" and section.holds(f.field) for f in after.faults):
        return f"{here}/{section.id}?check={DATES}"
    limited = any(
        f.code in ("overall-limited", "domain-limited", "rationale-short") for f in after.faults
    )
    if section.id == "overall" and limited:
        return f"{here}/overall?check=yes"
    return after.after(section) if section_with(section.id, after.sections) else here


@router.post("/audits/{audit}/draft")
def autosave(audit: str, form: Posted, reading: Reader) -> Response:
    """Keep what is being typed. 204 with the new revision, or the status of the refusal."""
    typed = flat(form)
    before = on_desk(reading, audit)
    wanted = before.section(typed.get("section", ""))
    fields = _put(before.fields, wanted, wanted.of(typed))
    try:
        draft = handlers.save_draft(
            reading.desk, audit=audit, fields=fields, seen=_revision(typed), by=reading.actor
        )
    except DraftMovedOn as moved:
        if _differing(wanted, fields, moved.current):
            return Response(status_code=409)
        draft = moved.current
    except CaseloopError as refused:
        return Response(status_code=refused.status)
    return Response(status_code=204, headers={"Draft-Revision": str(draft.revision)})


def _differing(section: Section, mine: Mapping[str, str], current: Draft) -> list[str]:
    """The fields of a section in which this form and the saved draft do not say the same."""
    here, there = section.of(mine), section.of(tidied(current.fields))
    paths = [*here, *(path for path in there if path not in here)]
    return [path for path in paths if here.get(path, "") != there.get(path, "")]


def _merge_page(
    reading: Reading,
    writing: Writing,
    section: Section,
    mine: Mapping[str, str],
    current: Draft,
    faults: tuple[Fault, ...] = (),
) -> Response:
    here, there = section.of(mine), section.of(current.fields)
    tool = writing.tool
    everybody = people_queries.everybody(reading.connection, with_departed=True)
    names = {one.person: one.name for one in everybody}

    def shown(path: str, value: str) -> str:
        return audit_words.value_label(path, value, tool, names)

    return reading.page(
        "audits/write_merge.html",
        status=409,
        title=f"Two versions of {section.title}",
        as_at=None,
        errors=Errors(faults),
        writing=writing,
        section=section,
        revision=current.revision,
        saved_at=current.saved_at,
        mine=here,
        differing=[
            {
                "path": path,
                "label": audit_words.field_label(path, tool),
                "mine": shown(path, here.get(path, "")),
                "theirs": shown(path, there.get(path, "")),
                "both": _is_text(path) and here.get(path) and there.get(path),
            }
            for path in _differing(section, mine, current)
        ],
    )


@router.post("/audits/{audit}/write/{section}/merge")
def merge(audit: str, section: str, form: Posted, reading: Reader) -> Response:
    """Save what the author chose of two versions of a section."""
    typed = flat(form)
    writing = on_desk(reading, audit)
    wanted = writing.section(section)
    mine = {p.removeprefix("mine."): v for p, v in typed.items() if p.startswith("mine.")}
    saved_at = writing.saved_at or reading.services.clock.now()
    current = Draft(writing.fields, writing.revision, saved_at)
    chosen = dict(wanted.of(mine))
    there = wanted.of(current.fields)
    faults: list[Fault] = []
    for path in _differing(wanted, tidied(mine), current):
        keep = typed.get(f"keep.{path}", "")
        if keep == "theirs":
            chosen[path] = there.get(path, "")
        elif keep == "both":
            chosen[path] = f"{there.get(path, '')}\n\n{mine.get(path, '')}"
        elif keep != "mine":
            label = audit_words.field_label(path, writing.tool)
            faults.append(Fault(f"keep.{path}", "choice-missing", f"Choose what to keep: {label}."))
    if faults:
        return _merge_page(reading, writing, wanted, tidied(mine), current, tuple(faults))
    fields = _put(current.fields, wanted, chosen)
    try:
        handlers.save_draft(
            reading.desk, audit=audit, fields=fields, seen=_revision(typed), by=reading.actor
        )
    except DraftMovedOn as moved:
        return _merge_page(reading, writing, wanted, fields, moved.current)
    return RedirectResponse(f"/audits/{audit}/write", status_code=303)


BUSY = (autosave, save_section)
