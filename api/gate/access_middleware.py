"""One request as somebody's visit: who came, what for, and whether it is written down yet.

Routes that open a record write their own line in the access log (`api.audits.reading.note`).
Whatever else a signed-in person reads is written down here, before the answer leaves, and so is
every attempt that was refused. `QUIET` lists the addresses that are not, with the reason.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.gate.middleware import HttpMiddleware
from qa.core.access import What
from qa.core.carry import carry
from qa.core.errors import CaseloopError
from qa.core.words import Actor
from qa.security import access_log

if TYPE_CHECKING:
    from api.services import Services

QUIET = {
    "/accessibility": "says nothing of any record",
    "/about": "says nothing of any record",
    "/help": "says nothing of any record",
    "/errors": "says nothing of any record",
    "/account": "a person's own account and sessions; signing in and out have lines of their own",
    "/notices": "a person's own notices: links; what they open has its line",
    "/session": "keeps a session alive",
    "/sign-in": "signing in has a line of its own",
    "/set-password": "open to whoever holds a code",
    "/purpose": "asks what a record is opened for; the opening has its line",
    "/audits/new": "an empty form",
    "/imports/new": "an empty form",
    "/imports/under-way": "says how far an import of one's own is, every few seconds",
    "/people/new": "an empty form",
    "/inspections/new": "an empty form",
    "/indicators/new": "an empty form",
    "/teams/new": "an empty form",
    "/tools": "audit tools hold no record of a child",
    "/scales": "scales hold no record of a child",
    "/actions/new": "an empty form",
    "/learning/new": "an empty form",
    "/action-policy": "the clocks hold no record of a child",
    "/supervision/new": "an empty form",
    "/supervision-report/cases": "an empty form",
    "/supervision-policy": "the policy holds no record of anybody",
    "/reminder-policy": "the steps hold no record of a child",
    "/working-days": "the days hold no record of a child",
    "/word-template": "styles hold no record of anybody",
    "/moderation-policy": "the policy holds no record of a child",
    "/healthz": "for machines: no record",
    "/metrics": "for machines: no record",
    "/static": "style sheets and scripts",
    "/api/v1/openapi.json": "describes the API",
    "/api/v1/notices": "a person's own notices: links; what they open has its line",
    "/api/v1/me": "a person's own roles",
    "/api/v1/audit-tools": "audit tools hold no record of a child",
    "/api/v1/scales": "scales hold no record of a child",
    "/api/v1/action-policy": "the clocks hold no record of a child",
    "/api/v1/supervision-policy": "the policy holds no record of anybody",
    "/api/v1/reminder-policy": "the steps hold no record of a child",
    "/api/v1/working-days": "the days hold no record of a child",
    "/api/v1/word-template": "styles hold no record of anybody",
    "/api/v1/moderation-policy": "the policy holds no record of a child",
}
"""Addresses whose reading is not written down (and those beneath them), each with the reason."""

_ADDRESSES = (
    (re.compile(r"^(?:/api/v1/case-audits|/audits)/([0-9a-f]{32})\b"), "case-audit"),
    (re.compile(r"^(?:/api/v1)?/children/(.+?)(?:/history)?$"), "child"),
    (re.compile(r"^(?:/api/v1)?/people/([a-z0-9-]+)"), "person"),
)
_RECORDS = {"audit": "case-audit"}


@dataclass(slots=True)
class Visit:
    """`session` is the session's handle, empty for a program; `sent_purpose` came along with it;
    `behind` what the answer must say of read models that do not hold every event."""

    path: str
    query: str = ""
    sent_purpose: str = ""
    session: str = ""
    address_hash: str | None = None
    actor: Actor | None = None
    purpose: str | None = None
    noted: bool = False
    behind: str = ""

    @property
    def subject(self) -> str:
        """The record that the address names, or the address itself."""
        for pattern, kind in _ADDRESSES:
            found = pattern.match(self.path)
            if found and found[1] != "new":
                return f"{kind}:{unquote(found[1])}"
        if self.path.rstrip("/").endswith(("/history", "/history.csv")):
            record = parse_qs(self.query).get("record", [""])[0]
            kind, _, key = record.partition(":")
            if key:
                return f"{_RECORDS.get(kind, kind)}:{key}"
        return f"page:{self.path}"

    @property
    def is_quiet(self) -> bool:
        return any(self.path == at or self.path.startswith(f"{at}/") for at in QUIET)


CURRENT: ContextVar[Visit | None] = ContextVar("visit", default=None)


class PurposeMissing(CaseloopError):
    """A record of this kind opens to those who say what they need it for (428)."""

    status = 428
    code = "purpose-missing"
    title = "Say what you need it for"

    def __init__(self, subject: str) -> None:
        super().__init__(
            "Say what you need this for: on its page, or in the header Caseloop-Purpose."
        )
        self.subject = subject


def came(actor: Actor, session: str = "", address_hash: str | None = None) -> None:
    """Say who makes the request that is being answered."""
    visit = CURRENT.get()
    if visit is not None:
        visit.actor, visit.session, visit.address_hash = actor, session, address_hash


def role_of(actor: Actor) -> str:
    """The role that is written down where no line of the policy was asked."""
    return actor.grants[0].role.value if actor.grants else "none"


def _mark(message: Message, behind: str) -> None:
    """Say in the answer's head, and in the name of a file, that figures are behind."""
    headers = [
        (name, value.replace(b'filename="', b'filename="BEHIND-'))
        if name.lower() == b"content-disposition"
        else (name, value)
        for name, value in message["headers"]
    ]
    message["headers"] = [*headers, (b"caseloop-behind", behind.encode("ascii", "replace"))]


class NoteVisits(HttpMiddleware):
    """ASGI middleware: every reading of a signed-in person has its line before it is answered."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        super().__init__(app)
        self.services = services

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        purpose = headers.get(b"caseloop-purpose", b"").decode("latin-1").strip()
        visit = Visit(scope["path"], scope["query_string"].decode("latin-1"), purpose[:200])
        reading = scope["method"] in ("GET", "HEAD")

        failed: CaseloopError | None = None

        async def watched(message: Message) -> None:
            nonlocal failed
            if failed is not None:
                return
            if message["type"] == "http.response.start" and visit.actor is not None:
                what = self._what(visit, message["status"], reading)
                if what is not None:
                    try:
                        await run_in_threadpool(self._note, visit, visit.actor, what)
                    except CaseloopError as error:
                        # Nothing is shown that cannot be written down: this answer is not sent.
                        failed = error
                        return
            if message["type"] == "http.response.start" and visit.behind:
                _mark(message, visit.behind)
            await send(message)

        token = CURRENT.set(visit)
        try:
            await self.app(scope, receive, watched)
        finally:
            CURRENT.reset(token)
        if failed is not None:
            raise failed

    def _what(self, visit: Visit, status: int, reading: bool) -> What | None:
        if status in (403, 404):
            return None if visit.path.startswith("/static") else What.DENIED
        if not reading or status >= 300 or visit.noted or visit.is_quiet:
            return None
        return What.VIEW

    def _note(self, visit: Visit, actor: Actor, what: What) -> None:
        with self.services.store.writing() as connection:
            access_log.note(
                connection,
                self.services.clock,
                carry(
                    access_log.AccessLine,
                    visit,
                    person=actor.person,
                    in_role=role_of(actor),
                    what=what,
                    detail=visit.path,
                ),
            )
