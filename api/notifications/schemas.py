"""What the API answers about notices."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel


class NoticeOut(BaseModel):
    """Something that the caller was told."""

    id: int
    kind: str
    text: str
    href: str
    due_on: date | None
    made_at: str
    read_at: str | None


class NoticesOut(BaseModel):
    """The caller's notices, the newest first; `next` asks for what follows, as `before`."""

    unread: int
    notices: list[NoticeOut]
    next: int | None


class MarkedOut(BaseModel):
    """How many notices were marked as read."""

    marked: int
