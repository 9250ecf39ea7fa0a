"""Learning themes: reading them, every step of one, and the library of good practice."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Response

from api.json.deps import Body, Change, Moment, New, Reads, ReceiptOut, Served, Snapshot
from api.json.routing import ApiRouter
from api.learning import reading
from api.web import access_notes
from projections.learning import queries
from qa.authorisation.policy import require
from qa.core.access import What
from qa.learning import commands
from qa.learning.events import Effect, TagKind, theme_stream

router = ApiRouter(prefix="/learning-themes", tags=["learning"])
library_router = ApiRouter(prefix="/good-practice", tags=["learning"])

ThemeId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the theme.")]
Words = Annotated[str, Query(max_length=200, description="Only what holds these words.")]


@router.get("", operation_id="listLearningThemes")
def list_themes(
    services: Served, actor: Reads, connection: Snapshot, at: Moment, q: Words = ""
) -> dict[str, Any]:
    """The themes, the last opened first."""
    require(actor, "read-learning")
    access_notes.note(services, actor, What.VIEW, "learning", detail=q, at=at)
    rows = queries.themes(connection, position=at.position, wanted=q)
    return {
        "as_at": at.day,
        "position": at.shown,
        "themes": [{name: row[name] for name in (*_THEME, "tagged")} for row in rows],
    }


_THEME = ("theme", "title", "question", "stage", "opened_on", "closed_on")


@router.record("/{theme}", operation_id="readLearningTheme")
def read_theme(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    theme: ThemeId,
    response: Response,
) -> dict[str, Any]:
    """A theme with its steps, and what belongs to it as far as the caller may see that."""
    require(actor, "read-learning")
    found = reading.open_theme(connection, actor, theme, at)
    access_notes.note(services, actor, What.VIEW, theme_stream(theme), at=at)
    if not at.is_past:
        response.headers["ETag"] = f'"{found.row["stream_version"]}"'
    return {
        "as_at": at.day,
        "position": at.shown,
        "theme": {name: found.row[name] for name in _THEME},
        "tagged": [
            {"kind": one.kind, "record": one.record, "part": one.part, "called": one.called}
            for one in found.tagged
        ],
        "closed_to_you": found.closed,
        "steps": [
            {
                "type": step.type,
                "on": step.on,
                "by": step.by,
                # Which audits looked again is for those who may read them, on their own address.
                "fields": {name: said for name, said in step.content.items() if name != "audits"},
            }
            for step in found.steps
        ],
        "good_practice": [
            {"text": one["text"], "shared_on": one["shared_on"]} for one in found.exemplars
        ],
    }


class ThemeIn(Body):
    title: str
    question: str


@router.post("", status_code=201, operation_id="openLearningTheme")
def open_theme(new: New, body: ThemeIn) -> ReceiptOut:
    """Open a theme."""
    done = commands.open_theme(new.desk, title=body.title, question=body.question, **new.made(body))
    theme = str(done.response["theme"])
    return new.receipt(done, theme_stream(theme), location=theme)


class TagIn(Body):
    kind: TagKind
    record: str
    part: str = ""


@router.post("/{theme}/tags", status_code=201, operation_id="tagLearningTheme")
def tag(change: Change, theme: ThemeId, body: TagIn) -> ReceiptOut:
    """Say that something belongs to a theme."""
    done = commands.tag(
        change.desk,
        theme=theme,
        kind=body.kind,
        record=body.record,
        part=body.part,
        **change.made(body),
    )
    return change.receipt(done, theme_stream(theme))


class UntagIn(TagIn):
    reason: str


@router.post("/{theme}/untagging", operation_id="untagLearningTheme")
def untag(change: Change, theme: ThemeId, body: UntagIn) -> ReceiptOut:
    """Say that something does not belong to a theme after all."""
    done = commands.untag(
        change.desk,
        theme=theme,
        kind=body.kind,
        record=body.record,
        part=body.part,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, theme_stream(theme))


class SharedIn(Body):
    where: str
    with_whom: str
    message: str


@router.post("/{theme}/sharing", status_code=201, operation_id="shareLearning")
def share(change: Change, theme: ThemeId, body: SharedIn) -> ReceiptOut:
    """Say where the learning was shared, and its key message."""
    done = commands.share(
        change.desk,
        theme=theme,
        where=body.where,
        with_whom=body.with_whom,
        message=body.message,
        **change.made(body),
    )
    return change.receipt(done, theme_stream(theme))


class ChangedIn(Body):
    what: str
    evidence: str


@router.post("/{theme}/practice-changes", status_code=201, operation_id="notePracticeChange")
def change_practice(change: Change, theme: ThemeId, body: ChangedIn) -> ReceiptOut:
    """Say how practice changed, and what shows it."""
    done = commands.change_practice(
        change.desk, theme=theme, what=body.what, evidence=body.evidence, **change.made(body)
    )
    return change.receipt(done, theme_stream(theme))


class ReAuditedIn(Body):
    audits: list[str]
    found: str


@router.post("/{theme}/re-audits", status_code=201, operation_id="noteReAudit")
def re_audit(change: Change, theme: ThemeId, body: ReAuditedIn) -> ReceiptOut:
    """Say which later audits looked, and what they found."""
    done = commands.re_audit(
        change.desk, theme=theme, audits=body.audits, found=body.found, **change.made(body)
    )
    return change.receipt(done, theme_stream(theme))


class ClosedIn(Body):
    effect: Effect
    why: str


@router.post("/{theme}/closure", operation_id="closeLearningTheme")
def close(change: Change, theme: ThemeId, body: ClosedIn) -> ReceiptOut:
    """Close a theme with its effect."""
    done = commands.close(
        change.desk, theme=theme, effect=body.effect, why=body.why, **change.made(body)
    )
    return change.receipt(done, theme_stream(theme))


class GoodPracticeIn(Body):
    audit: str
    strength: int
    text: str
    worker: str
    thanks: str


@router.post("/{theme}/good-practice", status_code=201, operation_id="shareGoodPractice")
def share_good_practice(change: Change, theme: ThemeId, body: GoodPracticeIn) -> ReceiptOut:
    """Hold a tagged strength up as an example, and thank the worker."""
    done = commands.share_good_practice(
        change.desk, theme=theme, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, theme_stream(theme))


@library_router.get("", operation_id="listGoodPractice")
def list_good_practice(
    services: Served, actor: Reads, connection: Snapshot, at: Moment, q: Words = ""
) -> dict[str, Any]:
    """The examples of good practice, the last first. They name nobody."""
    require(actor, "read-learning")
    access_notes.note(services, actor, What.VIEW, "learning", detail=q, at=at)
    rows = queries.exemplars(connection, position=at.position, wanted=q)
    return {
        "as_at": at.day,
        "position": at.shown,
        "good_practice": [
            {name: row[name] for name in ("text", "theme", "title", "shared_on")} for row in rows
        ],
    }
