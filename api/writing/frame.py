"""The pages of what is written in sections: how far it is, one page a section, the check page.

A draft has its own revision. A page that was made from an older one does not overwrite: what was
typed here and there is set side by side, field by field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from api.web.boxes import drawn
from api.web.changes import Trouble, key_of, new_key, once, tried
from api.web.changes import seen as version_seen
from api.web.context import Reading
from api.web.dates import date_input
from api.web.forms import Errors, flat
from api.web.steps import Sent
from api.writing.declaration import (
    OPTIONAL,
    READY,
    Fields,
    LinkedErrors,
    Paper,
    Section,
    Writing,
    lay_out,
)
from api.writing.steps import UNREADABLE
from qa.authorisation.context import Once, Replayed
from qa.core.errors import CaseloopError, Conflict, Fault, KeyReused, Refused
from qa.security import drafts
from qa.security.drafts import Draft, DraftMovedOn
from qa.store.unit import Receipt

FEW = 3
"""With so few sections there is no list of them: the first one comes at once."""
UNREADABLE_ONLY = "dates"
"""Asks a section's page to name what its boxes cannot hold, and not yet what is still to come."""
_MOVED = "This draft was changed on another device since you opened this page. Check it again."


def kept_at(subject: str) -> str:
    """Where what was typed can be read whatever became of its record."""
    return f"/drafts/{quote(subject, safe=':')}"


def _closed(paper: Paper) -> Response:
    writing = paper.writing
    there = kept_at(writing.subject) if paper.revision else writing.done(None)
    return RedirectResponse(there, status_code=303)


def task_list(reading: Reading, writing: Writing) -> Response:
    paper = lay_out(reading, writing)
    if writing.closed:
        return _closed(paper)
    if len(paper.sections) <= FEW:
        first = f"{writing.address}/{paper.sections[0].id}"
        return RedirectResponse(writing.check if paper.revision else first, status_code=303)
    progress = [(one, one.progress(paper.fields, paper.faults)) for one in paper.sections]
    return reading.page(
        writing.tasks_template,
        title=writing.title,
        back=writing.back,
        as_at=None,
        writing=writing,
        paper=paper,
        progress=progress,
        ready=sum(words in (READY, OPTIONAL) for _, words in progress),
        **writing.tasks_context(reading, paper),
    )


def section_page(reading: Reading, writing: Writing, section: str) -> Response:
    paper = lay_out(reading, writing)
    if writing.closed:
        return _closed(paper)
    wanted, query = paper.section(section), reading.request.query_params
    check = query.get("check", "")
    faults = [fault for fault in paper.faults if wanted.holds(fault.field)] if check else []
    if check == UNREADABLE_ONLY:
        faults = [fault for fault in faults if fault.code in UNREADABLE]
    return _section(reading, paper, wanted, Errors(faults), add=bool(query.get("add")))


def _section(
    reading: Reading,
    paper: Paper,
    section: Section,
    errors: Errors,
    *,
    add: bool = False,
    status: int = 200,
) -> Response:
    writing, fields = paper.writing, paper.fields

    def day(name: str, legend: str, hint: str = "") -> dict[str, Any]:
        return date_input(fields, name, legend, errors, hint)

    return reading.page(
        writing.section_template(section),
        status=status,
        title=f"{section.title} – {writing.title}",
        back=writing.back if len(paper.sections) <= FEW else writing.address,
        as_at=None,
        errors=errors,
        writing=writing,
        paper=paper,
        section=section,
        several=len(paper.sections) > FEW,
        value=lambda name: fields.get(name, ""),
        day=day,
        boxes=drawn(section.boxes, fields, errors),
        **writing.section_context(reading, paper, section, errors, add),
    )


def _seen(paper: Paper, typed: Fields) -> int:
    given = typed.get("revision", "")
    if not given.isdecimal() or len(given) > 9:
        raise Refused("The form does not say which draft it was made from. Reload the page.")
    # A draft that was sent or thrown away is begun again by what is typed after that.
    return int(given) if paper.revision else 0


def _put(writing: Writing, before: Fields, section: Section, mine: Fields) -> dict[str, str]:
    """A draft with one section replaced: what is no longer ticked is gone."""
    others = {path: value for path, value in before.items() if not section.holds(path)}
    return writing.tidied({**others, **mine})


def save_section(
    reading: Reading, writing: Writing, section: str, form: Mapping[str, Any]
) -> Response:
    before = lay_out(reading, writing)
    wanted = before.section(section)
    typed = writing.typed(form, wanted)
    do = typed.get("do", "continue")
    mine = writing.changed(wanted, wanted.of(typed), do)
    fields = _put(writing, before.fields, wanted, mine)
    try:
        writing.keep(reading, fields, _seen(before, typed))
    except DraftMovedOn as moved:
        if _differing(writing, wanted, fields, moved.current):
            return _merge_page(reading, before, wanted, fields, moved.current)
    except (Refused, Conflict) as refused:
        faults = (
            refused.faults
            if isinstance(refused, Refused)
            else [Fault("", refused.code, refused.sentence)]
        )
        shown = lay_out(reading, writing, fields)
        return _section(reading, shown, wanted, Errors(faults), status=refused.status)
    if writing.closed:
        return RedirectResponse(kept_at(writing.subject), status_code=303)
    return RedirectResponse(_onward(reading, writing, wanted, fields, do), status_code=303)


def _onward(reading: Reading, writing: Writing, section: Section, fields: Fields, do: str) -> str:
    """Where the writer goes after a section was kept."""
    after = lay_out(reading, writing, fields)
    own = writing.onward(section, after, do)
    if own:
        return own
    if any(f.code in UNREADABLE and section.holds(f.field) for f in after.faults):
        return f"{writing.address}/{section.id}?check={UNREADABLE_ONLY}"
    return writing.address if do == "list" else after.after(section)


def autosave(reading: Reading, writing: Writing, section: str, form: Mapping[str, Any]) -> Response:
    """Keep what is being typed. 204 with the new revision, or the status of the refusal."""
    before = lay_out(reading, writing)
    wanted = before.section(section)
    typed = writing.typed(form, wanted)
    fields = _put(writing, before.fields, wanted, wanted.of(typed))
    try:
        draft = writing.keep(reading, fields, _seen(before, typed))
    except DraftMovedOn as moved:
        if _differing(writing, wanted, fields, moved.current):
            return Response(status_code=409)
        draft = moved.current
    except CaseloopError as refused:
        return Response(status_code=refused.status)
    return Response(status_code=204, headers={"Draft-Revision": str(draft.revision)})


def _differing(writing: Writing, section: Section, mine: Fields, current: Draft) -> list[str]:
    """The fields of a section in which this form and the saved draft do not say the same."""
    here, there = section.of(mine), section.of(writing.tidied(current.fields))
    paths = [*here, *(path for path in there if path not in here)]
    return [path for path in paths if here.get(path, "") != there.get(path, "")]


def _merge_page(
    reading: Reading,
    paper: Paper,
    section: Section,
    mine: Fields,
    current: Draft,
    faults: Sequence[Fault] = (),
) -> Response:
    writing = paper.writing
    here, there = section.of(mine), section.of(current.fields)
    return reading.page(
        "writing/merge.html",
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
                "label": writing.label(path),
                "mine": writing.value(path, here.get(path, "")),
                "theirs": writing.value(path, there.get(path, "")),
                "both": writing.is_text(path) and here.get(path) and there.get(path),
            }
            for path in _differing(writing, section, mine, current)
        ],
    )


def merge(reading: Reading, writing: Writing, section: str, form: Mapping[str, Any]) -> Response:
    """Keep what the writer chose of two versions of a section."""
    typed = flat(form)
    paper = lay_out(reading, writing)
    wanted = paper.section(section)
    mine = {p.removeprefix("mine."): v for p, v in typed.items() if p.startswith("mine.")}
    saved_at = paper.saved_at or reading.services.clock.now()
    current = Draft(paper.fields, paper.revision, saved_at)
    chosen, there = dict(wanted.of(mine)), wanted.of(current.fields)
    faults: list[Fault] = []
    for path in _differing(writing, wanted, writing.tidied(mine), current):
        keep = typed.get(f"keep.{path}", "")
        if keep == "theirs":
            chosen[path] = there.get(path, "")
        elif keep == "both":
            chosen[path] = f"{there.get(path, '')}\n\n{mine.get(path, '')}"
        elif keep != "mine":
            sentence = f"Choose what to keep: {writing.label(path)}."
            faults.append(Fault(f"keep.{path}", "choice-missing", sentence))
    if faults:
        return _merge_page(reading, paper, wanted, writing.tidied(mine), current, faults)
    fields = _put(writing, current.fields, wanted, chosen)
    try:
        writing.keep(reading, fields, _seen(paper, typed))
    except DraftMovedOn as moved:
        return _merge_page(reading, paper, wanted, fields, moved.current)
    return RedirectResponse(writing.address, status_code=303)


def check_page(reading: Reading, writing: Writing) -> Response:
    paper = lay_out(reading, writing)
    return _closed(paper) if writing.closed else _check(reading, paper, {})


def _check(
    reading: Reading,
    paper: Paper,
    typed: Mapping[str, str],
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    writing, fields = paper.writing, paper.writing.tidied(paper.fields)
    return reading.page(
        writing.check_template,
        status=status,
        title=f"Check your answers – {writing.title}",
        back=f"{writing.address}/{paper.sections[-1].id}"
        if len(paper.sections) <= FEW
        else writing.address,
        as_at=None,
        errors=errors or Errors(),
        writing=writing,
        paper=paper,
        missing=LinkedErrors(paper, paper.faults).summary,
        sections=[(one, writing.answers(one, fields)) for one in paper.sections],
        key=new_key(),
        seen=writing.seen,
        **writing.check_context(reading, paper, typed),
    )


def send(reading: Reading, writing: Writing, form: Mapping[str, Any]) -> Response:
    """Send what the draft holds; it is gone in the same transaction."""
    typed = flat(form)
    paper = lay_out(reading, writing)
    if writing.closed:
        return _closed(paper)
    if typed.get("revision", "") != str(paper.revision):
        if _sent_before(reading, form):
            return RedirectResponse(writing.done(None), status_code=303)
        moved = Errors([Fault("", "draft-moved-on", _MOVED)])
        return _check(reading, paper, typed, moved, 409)
    unfinished = writing.unfinished(paper)
    if unfinished:
        return _check(reading, paper, typed, LinkedErrors(paper, unfinished), 422)
    gone = drafts.sent(subject=writing.subject, person=reading.actor.person)
    desk = replace(reading.desk, beside=(gone,))

    def do() -> Receipt:
        seen = None if writing.seen is None else version_seen(form)
        sent = Sent(desk=desk, by=reading.actor, once=once(form, reading.request), seen=seen)
        return writing.send(paper, form, sent)

    done = tried(do)
    if isinstance(done, Trouble):
        faults = writing.named(done.errors.faults, paper)
        named = {fault.field for fault in faults}
        if done.status == 422:
            # What could not be read hides what else the command would say.
            faults += [fault for fault in paper.faults if fault.field not in named]
        return _check(reading, paper, typed, LinkedErrors(paper, faults), done.status)
    return RedirectResponse(writing.done(done), status_code=303)


def _sent_before(reading: Reading, form: Mapping[str, Any]) -> bool:
    """Whether the button was pressed twice: the first press has taken the draft."""
    key = key_of(form)
    if key is None:
        return False
    try:
        with reading.desk.work(reading.actor, once=Once(key, "")):
            return False
    except (Replayed, KeyReused):
        return True
