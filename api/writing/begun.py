"""What somebody has begun to write and not sent, whatever became of its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from api.web.context import Reading
from api.web.read_out import read_out
from api.writing.declaration import Writing, WritingKind
from qa.core.capabilities import declared
from qa.core.errors import CaseloopError, NotFound
from qa.core.naming import reference_key
from qa.security import drafts
from qa.security.drafts import DraftKept

_GONE = "This is closed to you now."
_CHILD = "child:"
MOST = 20
"""How many drafts a queue names: each is opened as its writer may open it now."""


@dataclass(frozen=True, slots=True)
class BegunWriting:
    """One draft. `href` is where it goes on; `closed` says why it does not, where it is empty."""

    subject: str
    title: str
    caption: str
    href: str
    closed: str
    saved_at: datetime


@cache
def _kinds() -> dict[str, WritingKind]:
    found = declared("api", "pages", "WRITTEN", WritingKind, suffixed=True)
    return {one.kind: one for one in found}


def begun(reading: Reading, most: int = MOST) -> list[BegunWriting]:
    """The drafts of the reader, the last saved first."""
    kept = drafts.of_person(reading.connection, reading.actor.person)
    ours = [one for one in kept if one.subject.partition(":")[0] in _kinds()]
    return [_describe(reading, one)[0] for one in ours[:most]]


def kept(reading: Reading, subject: str) -> tuple[BegunWriting, list[tuple[str, str]]]:
    """One draft of the reader with its text, which is closed where the child's record is.

    Raises:
        NotFound: the reader has none.
    """
    found = drafts.of_person(reading.connection, reading.actor.person)
    one = next((one for one in found if one.subject == subject), None)
    draft = drafts.load(
        reading.connection, reading.desk.vault, subject=subject, person=reading.actor.person
    )
    if one is None or draft is None or subject.partition(":")[0] not in _kinds():
        raise NotFound("You have no draft here. It was sent or thrown away.")
    entry, writing = _describe(reading, one)
    if writing is not None:
        return entry, read_out(draft.fields, writing.label, writing.value)
    child = one.about.removeprefix(_CHILD)
    if one.about.startswith(_CHILD) and reference_key(child) in reading.actor.closed:
        return entry, []
    return entry, read_out(draft.fields)


def _describe(reading: Reading, one: DraftKept) -> tuple[BegunWriting, Writing | None]:
    kind, _, rest = one.subject.partition(":")
    known = _kinds()[kind]
    try:
        writing = known.open(reading, rest.split(":"))
    except CaseloopError:
        return BegunWriting(one.subject, known.what, "", "", _GONE, one.saved_at), None
    closed = writing.closed
    if writing.subject != one.subject:
        closed = "This has ended, and a new one was begun."
    href = "" if closed else writing.address
    entry = BegunWriting(one.subject, writing.title, writing.caption, href, closed, one.saved_at)
    return entry, writing
