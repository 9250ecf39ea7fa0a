"""A small council in which much is recorded late, early or wrongly, put right and undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from api.history.two_moments import FIELDS
from api.records.compared_kinds import ComparedTable, compared_kinds
from projections.core.base import as_at
from qa.audits import handlers as audit_handlers
from qa.audits.commands import (
    CorrectAudit,
    FinaliseAudit,
    ReopenAudit,
    ReturnAudit,
    SubmitAudit,
    VoidAudit,
    WithdrawAudit,
)
from qa.audits.judgements import ModeratedJudgement
from qa.core.errors import CaseloopError
from qa.core.words import Role
from qa.imports.commands import batches, judgements
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.imports.rows import ImportedAudit, ImportedModeration
from qa.moderation import handlers
from qa.moderation.commands import (
    AssignModeration,
    DisputeGrade,
    ReconcileGrade,
    RecordConversation,
    RecordModeration,
    SelectForModeration,
)
from qa.people import handlers as people
from qa.people.commands import OPERATOR, GrantRole, MovePerson, RenamePerson
from tests.support.council import Council, content
from tests.support.screens import told_only

GRADES = ("outstanding", "good", "requires-improvement", "inadequate")


class Eventful:
    """Does random things to a council; what the rules refuse is simply not done."""

    def __init__(self, council: Council, seed: int) -> None:
        self.council = council
        self.random = Random(seed)
        self.audits: list[str] = []
        self.batches: list[str] = []
        self.done: dict[str, int] = {}

    def go_on(self, times: int) -> None:
        """Do so many things, a day or a few apart."""
        things: list[Callable[[], object]] = [
            self.allocate,
            self.submit,
            self.submit,
            self.submit,
            self.moderate,
            self.moderate,
            self.moderate,
            self.correct,
            self.correct,
            self.send_back,
            self.end,
            self.reopen,
            self.settle,
            self.move,
            self.grant,
            self.rename,
            self.bring_in,
            self.bring_in_moderations,
            self.undo,
        ]
        for _ in range(times):
            thing = self.random.choice(things)
            try:
                thing()
            except CaseloopError:
                continue
            finally:
                self.council.clock.advance(timedelta(hours=self.random.choice((1, 5, 20, 40))))
            self.done[thing.__name__] = self.done.get(thing.__name__, 0) + 1

    def any_audit(self) -> str:
        return self.random.choice(self.audits[-8:]) if self.audits else self.allocate()

    def back(self, most: int) -> timedelta:
        return timedelta(days=self.random.randrange(most))

    def allocate(self) -> str:
        audit = self.council.allocated(self.random.choice(("auditor", "auditor2")))
        self.audits.append(audit)
        return audit

    def submit(self) -> None:
        audit = self.any_audit() if self.random.random() < 0.4 else self.allocate()
        council = self.council
        row = council.view(audit).row
        handle = next(h for h, person in council.ids.items() if person == row.auditor)
        day = council.today - self.back(12)
        values = {"actions": (council.action(),), "no_action_reason": ""}
        judged = content(
            council.tool,
            day,
            self.random.choice(GRADES),
            **(values if self.random.random() < 0.3 else {}),
        )
        why = {"overall": "new-information"} if row.overall else {}
        audit_handlers.submit(
            council.services.desk,
            SubmitAudit(audit=audit, content=judged, why=why),
            by=council.actor(handle),
        )

    def moderate(self) -> None:
        council, audit = self.council, self.any_audit()
        desk, view = council.services.desk, council.view(audit)
        if view.row.moderation is None:
            handlers.select(desk, SelectForModeration(audit=audit), by=council.actor("lead"))
            view = council.view(audit)
        moderation = str(view.row.moderation)
        if view.row.moderator is None:
            handlers.assign(
                desk,
                AssignModeration(
                    audit=audit,
                    moderation=moderation,
                    moderator=council.ids["moderator"],
                    blind=self.random.random() < 0.5,
                ),
                by=council.actor("lead"),
            )
        council.clock.advance(timedelta(days=self.random.randrange(4)))
        if self.random.random() < 0.2 or view.content is None:
            return
        handlers.record(
            desk,
            RecordModeration(
                audit=audit,
                moderation=moderation,
                overall=self.random.choice(GRADES),
                rationale="The file supports this grade.",
                judgements=tuple(
                    ModeratedJudgement(domain=one.domain, grade=self.random.choice(GRADES))
                    for one in view.content.judgements
                ),
                moderated_on=council.today - self.back(6),
            ),
            by=council.actor("moderator"),
        )

    def settle(self) -> None:
        council = self.council
        differing = [a for a in self.audits if council.view(a).row.status == "differs"]
        audit = self.random.choice(differing or [self.any_audit()])
        row = council.view(audit).row
        handle = next(h for h, person in council.ids.items() if person == row.auditor)
        settled = {"audit": audit, "moderation": str(row.moderation)}
        if self.random.random() < 0.5:
            handlers.converse(
                council.services.desk,
                RecordConversation(**settled, held_on=council.today - self.back(5)),
                by=council.actor("moderator"),
            )
            handlers.reconcile(
                council.services.desk,
                ReconcileGrade(
                    **settled,
                    overall=self.random.choice(GRADES),
                    rationale="They talked it over and agree on this.",
                ),
                by=council.actor("moderator"),
            )
        else:
            handlers.dispute(
                council.services.desk,
                DisputeGrade(
                    **settled,
                    about=("overall",),
                    grounds="The evidence was overlooked in this judgement.",
                ),
                by=council.actor(handle),
            )

    def correct(self) -> None:
        council, audit = self.council, self.any_audit()
        kind = self.random.choice(("typo", "fact"))
        field, new = self.random.choice(
            (
                ("audit_date", (council.today - self.back(15)).isoformat()),
                ("rationale", f"The reasons are put otherwise. {self.random.random()}"),
            )
        )
        audit_handlers.correct(
            council.services.desk,
            CorrectAudit(
                audit=audit, field=field, new=new, kind=kind, reason="It was typed wrongly."
            ),
            by=council.actor("lead"),
        )

    def send_back(self) -> None:
        audit_handlers.send_back(
            self.council.services.desk,
            ReturnAudit(audit=self.any_audit(), comments="Say what the child told you."),
            by=self.council.actor("lead"),
        )

    def end(self) -> None:
        if self.random.random() < 0.6:
            return
        desk, by, audit = self.council.services.desk, self.council.actor("lead"), self.any_audit()
        why = "It was the wrong sample."
        if self.random.choice((True, False)):
            audit_handlers.withdraw(desk, WithdrawAudit(audit=audit, reason=why), by=by)
        else:
            audit_handlers.void(desk, VoidAudit(audit=audit, reason=why), by=by)

    def reopen(self) -> None:
        desk, by, audit = self.council.services.desk, self.council.actor("lead"), self.any_audit()
        if self.council.view(audit).row.final_grade:
            audit_handlers.reopen(
                desk, ReopenAudit(audit=audit, reason="New evidence came in."), by=by
            )
        else:
            audit_handlers.finalise(desk, FinaliseAudit(audit=audit), by=by)

    def move(self) -> None:
        day = self.council.today + timedelta(days=self.random.randrange(-20, 20))
        people.move_person(
            self.council.services.desk,
            MovePerson(
                person=self.council.ids[self.random.choice(("worker", "reader"))],
                team=self.random.choice(("east", "west")),
                manager=None,
                job_title="Social worker",
                effective_on=day,
            ),
            by=OPERATOR,
        )

    def grant(self) -> None:
        since = self.council.today + timedelta(days=self.random.randrange(-40, 15))
        person = self.council.ids[self.random.choice(("nobody", "reader", "worker"))]
        people.grant_role(
            self.council.services.desk,
            GrantRole(
                person=person,
                role=self.random.choice((Role.AUDITOR, Role.READER, Role.PRACTITIONER)),
                since=since,
            ),
            by=OPERATOR,
        )

    def rename(self) -> None:
        people.rename_person(
            self.council.services.desk,
            RenamePerson(
                person=self.council.ids["worker"], name=f"Worker Birch {self.random.randrange(99)}"
            ),
            by=OPERATOR,
        )

    def _file(self, rows: int) -> batches.File:
        number = self.random.randrange(10**9)
        return batches.File(f"{number}.csv", f"{number:064x}", rows, 0, {"Grade": "overall"})

    def bring_in(self) -> None:
        council = self.council
        rows = [
            ImportedAudit(
                row=n,
                reference=f"OLD-{self.random.randrange(6)}",
                child=f"C-7{n:03}",
                auditor=self.random.choice(("A. Oak", "B. Elm")),
                team="East",
                audit_date=council.today - self.back(60),
                overall=self.random.choice(GRADES),
            )
            for n in range(1, self.random.randrange(2, 5))
        ]
        done = judgements.import_audits(
            council.services.desk,
            judgements.ImportAudits(
                file=self._file(len(rows)), tool=council.tool.id, tool_version=1, audits=tuple(rows)
            ),
            by=OPERATOR,
        )
        self.batches.append(str(done.response["batch"]))

    def bring_in_moderations(self) -> None:
        council = self.council
        number = self.random.randrange(6)
        rows = [
            ImportedModeration(
                row=1,
                reference=f"MOD-{self.random.randrange(12)}",
                audit=f"OLD-{number}",
                moderator=self.random.choice(("C. Ash", "A. Oak")),
                moderated_on=council.today - self.back(60),
                overall=self.random.choice(GRADES),
            )
        ]
        done = judgements.import_moderations(
            council.services.desk,
            judgements.ImportModerations(file=self._file(1), moderations=tuple(rows)),
            by=OPERATOR,
        )
        self.batches.append(str(done.response["batch"]))

    def undo(self) -> None:
        if self.batches:
            reverse_import(
                self.council.services.desk,
                ReverseImport(
                    batch=self.random.choice(self.batches), reason="The wrong file was sent."
                ),
                by=OPERATOR,
            )


Rows = dict[tuple[str, str], dict[Any, list[Any]]]
"""By kind and record, what its rows say."""


def compared_columns(table: ComparedTable) -> set[str]:
    """The columns that a difference is told of."""
    if table.table.name == "audit_row":
        return set(FIELDS)
    return {*table.columns, *filter(None, [table.spread])}


def rows_at(council: Council, at: Any, connection: Any) -> Rows:
    """What every compared row of the read tables says, in a store that was told just so much."""
    found: Rows = {}
    with told_only(council, at, connection) as small:
        for name, kind in compared_kinds().items():
            for table in kind.tables:
                own = sorted(compared_columns(table))
                query = select(table.table).where(as_at(table.table, None))
                if table.only is not None:
                    query = query.where(table.only)
                for row in small.execute(query).mappings():
                    key = (table.table.name, *(row[part] for part in table.key))
                    values = [row[column] for column in own]
                    if any(value is not None for value in values):
                        found.setdefault((name, str(row[table.record])), {})[key] = values
    return found
