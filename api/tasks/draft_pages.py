"""What the reader has begun to write: read again whatever became of its record, and thrown away."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import RedirectResponse, Response

from api.web.context import PresentReader, Reader
from api.web.csrf import Posted
from api.web.late_routes import PageRouter
from api.writing.begun import kept
from qa.security import drafts

router = PageRouter(prefix="/drafts")

Subject = Annotated[str, Path(pattern=r"^[a-z][a-z0-9:-]{0,119}$")]


@router.get("/{subject}")
def show_draft(subject: Subject, reading: PresentReader) -> Response:
    draft, answers = kept(reading, subject)
    return reading.page(
        "tasks/draft.html",
        title=f"Your draft: {draft.title}",
        back="/",
        as_at=None,
        told=draft,
        answers=answers,
    )


@router.post("/{subject}")
def throw_away(subject: Subject, reading: Reader, form: Posted) -> Response:
    with reading.services.store.writing() as connection:
        drafts.throw_away(connection, subject=subject, person=reading.actor.person)
    return RedirectResponse("/", status_code=303)
