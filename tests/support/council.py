"""A small council for tests: services, teams, people, and one audit at any stage.

council = Council.open(url, clock)
audit = council.submitted()
client = council.browser("lead")       # an HTTP client signed in with a session
client = council.program("lead")       # an HTTP client with an API token"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.audit_tools.starting_set import ship
from api.gate.current_actor import acting
from api.main import create_app
from api.services import Services, build
from api.settings import Settings
from projections.audits import queries
from qa.audit_tools.definition import ChildStatus, ToolDefinition
from qa.audit_tools.files import shipped_tools
from qa.audits import handlers as audit_handlers
from qa.audits.commands import AllocateAudit, SubmitAudit
from qa.audits.judgements import (
    Answer,
    AuditContent,
    DomainJudgement,
    FamilyFeedback,
    Involvement,
    ModeratedJudgement,
    NoActionReason,
    PlannedAction,
)
from qa.audits.submission import unanswered
from qa.core.clock import SetClock
from qa.core.words import Actor, Role, Scope
from qa.moderation import handlers
from qa.moderation.commands import (
    AssignModeration,
    RecordModeration,
    SelectForModeration,
    SetModerationPolicy,
)
from qa.moderation.events import DEFAULT_POLICY
from qa.people import handlers as people
from qa.people.commands import OPERATOR, AddPerson, GrantRole, OpenTeam
from qa.security.access_log import access_log
from qa.security.accounts import credentials, sessions, tokens

PASSWORD = "three plain words"
ORIGIN = "http://testserver"
CAST = {
    "lead": (Role.QA_LEAD, "quality"),
    "lead2": (Role.QA_LEAD, "quality"),
    "auditor": (Role.AUDITOR, "quality"),
    "auditor2": (Role.AUDITOR, "quality"),
    "moderator": (Role.MODERATOR, "moderation"),
    "moderator2": (Role.MODERATOR, "moderation"),
    "admin": (Role.ADMINISTRATOR, "moderation"),
    "worker": (Role.PRACTITIONER, "east"),
    "reader": (Role.READER, None),
    "nobody": (None, None),
}


def content(tool: ToolDefinition, day: date, overall: str = "good", **values: Any) -> AuditContent:
    """A submission that meets every rule of the shipped tools."""
    grade = overall if overall != "inadequate" else "requires-improvement"
    judged = [domain for domain in tool.domains if domain.applies(ChildStatus.CHILD_IN_NEED)]
    worst = "lived-experience" if tool.has_overall else judged[0].id
    judgements = tuple(
        DomainJudgement(
            domain=domain.id,
            grade=overall if domain.id == worst else grade,
            evidence=f"Evidence for {domain.title} seen on the file.",
            answers=tuple(Answer(question=q.id, point="yes") for q in domain.questions),
        )
        for domain in judged
        if not (tool.has_overall and domain.applies_to)
    )
    base = AuditContent(
        audit_date=day,
        practice_from=day - timedelta(days=180),
        practice_to=day,
        child_status="child-in-need",
        judgements=judgements,
        overall=overall if tool.has_overall else "",
        rationale="The reasons for this grade follow from what the file shows of the child's "
        "life, the plan and how managers kept the work moving over the whole period."
        if tool.has_overall
        else "",
        involvement=Involvement(status="took-part"),
        feedback=FamilyFeedback(
            status="obtained", who="A parent", how="Telephone", on=day, consent=True, said="Good."
        ),
        no_action_reason="Nothing more is needed than the plan already holds.",
    )
    filled = base.model_copy(update=values)
    return filled if "no_action_reasons" in values else answered(filled, tool)


def answered(content: AuditContent, tool: ToolDefinition) -> AuditContent:
    """The content with a reason of its own for each domain that fell short without an action."""
    reasons = tuple(
        NoActionReason(domain=domain.id, reason=f"The plan already answers {domain.title}.")
        for domain in unanswered(content, tool)
    )
    return content.model_copy(update={"no_action_reasons": reasons})


@cache
def first_tool() -> ToolDefinition:
    """The tool that councils of tests audit with."""
    return shipped_tools()[0]


def policy_of(reason: str, **changes: Any) -> SetModerationPolicy:
    """The policy of moderation that Caseloop starts with, but for these changes."""
    said = DEFAULT_POLICY.model_dump(exclude={"policy_version"}) | changes
    return SetModerationPolicy(reason=reason, **said)


@dataclass
class Council:
    """The services over one store, the ids of the cast, and ways to move an audit along."""

    services: Services
    clock: SetClock
    ids: dict[str, str]
    tool: ToolDefinition = field(default_factory=first_tool)
    numbers: Any = None
    _children: Any = field(default_factory=lambda: count(1))

    @classmethod
    def over(
        cls, url: str, clock: SetClock, folder: Path, numbers: Iterator[int], **settings: Any
    ) -> Council:
        """The services over a store, whatever is in it; its new records are numbered onwards."""
        services = build(
            Settings(store=url, key_file=folder / "council.key", **settings),
            clock=clock,
            ids=lambda: sha256(f"test {next(numbers)}".encode()).hexdigest()[:32],
            make_key=True,
        )
        return cls(services, clock, {}, numbers=numbers)

    @classmethod
    def open(cls, url: str, clock: SetClock, folder: Path, **settings: Any) -> Council:
        council = cls.over(url, clock, folder, count(1), **settings)
        council.services.initialise()
        ship(council.services)
        desk = council.services.desk
        for name, service in (
            ("East", "Safeguarding"),
            ("West", "Safeguarding"),
            ("Quality", "Quality"),
            ("Moderation", "Quality"),
        ):
            people.open_team(desk, OpenTeam(name=name, service_name=service), by=OPERATOR)
        for handle, (role, team) in CAST.items():
            done = people.add_person(
                desk,
                AddPerson(handle=handle, name=f"{handle.title()} Tree", team=team),
                by=OPERATOR,
            )
            council.ids[handle] = str(done.response["person"])
            if role is not None:
                people.grant_role(
                    desk, GrantRole(person=council.ids[handle], role=role), by=OPERATOR
                )
        return council

    @cached_property
    def app(self) -> FastAPI:
        """The web application that all clients share: its routes are worked out once."""
        return create_app(self.services)

    @property
    def today(self) -> date:
        return self.services.desk.today()

    def actor(self, handle: str) -> Actor:
        with self.services.store.reading() as connection:
            found = acting(connection, self.ids[handle], self.today)
        assert found is not None
        return found

    def grant(self, handle: str, role: Role, scope: Scope | None = None) -> None:
        people.grant_role(
            self.services.desk,
            GrantRole(person=self.ids[handle], role=role, scope=scope or Scope()),
            by=OPERATOR,
        )

    def allocated(
        self,
        auditor: str = "auditor",
        team: str = "east",
        *,
        by: Actor | None = None,
        **values: Any,
    ) -> str:
        done = audit_handlers.allocate(
            self.services.desk,
            AllocateAudit(
                **{
                    "child": f"C-{next(self._children):05}",
                    "tool": self.tool.id,
                    "auditor": self.ids[auditor],
                    "team": team,
                    "practice_from": self.today - timedelta(days=180),
                    "practice_to": self.today,
                    "due_on": self.today + timedelta(days=28),
                    "case_holder": self.ids["worker"],
                    **values,
                }
            ),
            by=by or self.actor("lead"),
        )
        return str(done.response["audit"])

    def submitted(
        self,
        overall: str = "good",
        auditor: str = "auditor",
        team: str = "east",
        child: str = "",
        **values: Any,
    ) -> str:
        audit = self.allocated(auditor, team, **({"child": child} if child else {}))
        audit_handlers.submit(
            self.services.desk,
            SubmitAudit(audit=audit, content=content(self.tool, self.today, overall, **values)),
            by=self.actor(auditor),
        )
        return audit

    def assigned(
        self,
        overall: str = "good",
        moderator: str = "moderator",
        blind: bool = True,
        **values: Any,
    ) -> tuple[str, str]:
        """A submitted audit with a moderator: (audit, moderation)."""
        audit = self.submitted(overall, **values)
        if self.view(audit).row.moderation is None:
            # The lottery did not pick it.
            handlers.select(
                self.services.desk, SelectForModeration(audit=audit), by=self.actor("lead")
            )
        moderation = self.view(audit).row.moderation
        handlers.assign(
            self.services.desk,
            AssignModeration(
                audit=audit, moderation=moderation, moderator=self.ids[moderator], blind=blind
            ),
            by=self.actor("lead"),
        )
        return audit, moderation

    def with_secret(self, secret: str, **values: Any) -> str:
        """An audit graded outstanding by somebody else than the usual auditor, with `secret` in
        its evidence: nothing of it may be told to who moderates it blind."""
        judged = content(self.tool, self.today, "outstanding")
        first = judged.judgements[0].model_copy(update={"evidence": secret})
        judgements = (first, *judged.judgements[1:])
        return self.submitted("outstanding", "auditor2", judgements=judgements, **values)

    def seal(self, audit: str, moderator: str = "moderator") -> str:
        """Give a submitted audit to somebody to moderate blind; the moderation."""
        if self.view(audit).row.moderation is None:
            handlers.select(
                self.services.desk, SelectForModeration(audit=audit), by=self.actor("lead")
            )
        moderation = str(self.view(audit).row.moderation)
        handlers.assign(
            self.services.desk,
            AssignModeration(
                audit=audit, moderation=moderation, moderator=self.ids[moderator], blind=True
            ),
            by=self.actor("lead"),
        )
        return moderation

    def moderate(self, audit: str, theirs: str = "good", moderator: str = "moderator") -> str:
        """Have a submitted audit moderated blind; the moderation."""
        moderation = self.seal(audit, moderator)
        self.record(audit, moderation, theirs, by=moderator)
        return moderation

    def show_rates_of_few(self, least: int = 1) -> None:
        """Set the policy so that figures of one audit are shown as rates, for tests of counting."""
        handlers.set_policy(
            self.services.desk,
            policy_of("A small test council.", small_number=least),
            by=self.actor("lead"),
        )

    def moderated(
        self, overall: str = "good", theirs: str = "good", blind: bool = True
    ) -> tuple[str, str]:
        audit, moderation = self.assigned(overall, blind=blind)
        self.record(audit, moderation, theirs)
        return audit, moderation

    def record(self, audit: str, moderation: str, theirs: str, by: str = "moderator") -> None:
        view = self.view(audit)
        assert view.content is not None
        handlers.record(
            self.services.desk,
            RecordModeration(
                audit=audit,
                moderation=moderation,
                overall=theirs if view.row.overall else "",
                rationale="The file supports this grade.",
                judgements=tuple(
                    ModeratedJudgement(
                        domain=j.domain, grade=j.grade if view.row.overall else theirs
                    )
                    for j in view.content.judgements
                ),
            ),
            by=self.actor(by),
        )

    def first_audit(self) -> str:
        """The id of the audit that was allocated first."""
        stream = next(
            r.stream for r in self.services.store.events() if r.type == "CaseAuditAllocated"
        )
        return stream.partition(":")[2]

    def view(self, audit: str) -> queries.AuditView:
        with self.services.store.reading() as connection:
            found = queries.audit(connection, audit)
        assert found is not None
        return found

    def action(self, **values: Any) -> PlannedAction:
        return PlannedAction.model_validate(
            {
                "action": self.services.store.new_id(),
                "text": "Bring the chronology up to date.",
                "kind": "compliance",
                "owner": self.ids["worker"],
                "due_on": self.today + timedelta(days=30),
                **values,
            }
        )

    def with_password(self, handle: str) -> None:
        """Let somebody sign in through the page, with `PASSWORD`."""
        with self.services.store.writing() as connection:
            credentials.enrol(connection, person=self.ids[handle], name=handle)
            credentials.store(
                connection,
                self.clock,
                person=self.ids[handle],
                password_hash=credentials.hashed(PASSWORD),
            )

    def token(self, handle: str, *scopes: str) -> str:
        """The secret of an API token (every scope unless some are named)."""
        with self.services.store.writing() as connection:
            secret, _ = tokens.make(
                connection, self.clock, person=self.ids[handle], label="test",
                scopes=scopes or ("read", "write", "export"), lasts=timedelta(days=30),
            )  # fmt: skip
        return secret

    def program(self, handle: str, *scopes: str) -> TestClient:
        """An HTTP client with such a token."""
        client = TestClient(self.app, raise_server_exceptions=False)
        client.headers["Authorization"] = f"Bearer {self.token(handle, *scopes)}"
        return client

    def browser(self, handle: str) -> Browser:
        """An HTTP client signed in with a session, that posts forms as a browser would."""
        with self.services.store.writing() as connection:
            secret, session = sessions.start(connection, self.clock, person=self.ids[handle])
        client = TestClient(self.app, raise_server_exceptions=False, follow_redirects=False)
        client.cookies.set(self.services.settings.cookie_name, secret)
        return Browser(client, session.csrf)


@dataclass
class Model:
    """A council opened once and copied for each test: a copy costs a fraction of opening one.

    `url` is where the model lies, `folder` holds its keys (and, on SQLite, the database).
    """

    url: str
    folder: Path
    at: datetime
    ids: dict[str, str]
    next_number: int

    @classmethod
    def made(cls, url: str, folder: Path, at: datetime) -> Model:
        council = Council.open(url, SetClock(at), folder)
        council.services.store.close()
        return cls(url, folder, at, council.ids, next(council.numbers))

    def copied(self, url: str, clock: SetClock, folder: Path, **settings: Any) -> Council:
        """A council like the model, over the copy of its database at `url`."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        council = Council.over(url, clock, folder, count(self.next_number), **settings)
        council.ids |= self.ids
        return council


@dataclass
class Browser:
    """Posts forms with the session's token and the headers a browser sends."""

    client: TestClient
    csrf: str

    def get(self, path: str) -> Any:
        return self.client.get(path, headers={"accept": "text/html"})

    def post(self, path: str, fields: dict[str, Any] | None = None, **extra: Any) -> Any:
        return self.client.post(
            path,
            data={"csrf": self.csrf, **(fields or {})},
            headers={"accept": "text/html", "origin": ORIGIN, "sec-fetch-site": "same-origin"},
            **extra,
        )


def words_of(html: str) -> str:
    """The text of a page without its tags, spaces folded."""
    without = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", without)).strip()


def log_of(council: Council) -> list[tuple[str, str]]:
    with council.services.store.reading() as connection:
        rows = connection.execute(
            select(access_log.c.what, access_log.c.subject).order_by(access_log.c.id)
        )
        return [(row.what, row.subject) for row in rows]
