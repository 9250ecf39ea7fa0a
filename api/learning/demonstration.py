"""The synthetic council's learning theme: from findings on plans until audits looked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from api.demo.parts import Demonstration
from api.demo.story import Story, quarter_start
from projections.actions import queries as action_queries
from projections.audits import queries
from projections.audits.queries import AuditFilter
from projections.core.paging import RowPage
from qa.authorisation.handling import CommandHandler
from qa.core.command import Command
from qa.core.words import Reach
from qa.learning import handlers
from qa.learning.commands import (
    NotePracticeChange,
    NoteReAudit,
    OpenLearningTheme,
    ShareLearning,
    TagLearningTheme,
)

C = TypeVar("C", bound=Command)
WEAK = ("requires-improvement", "inadequate")


@dataclass
class _Theme:
    story: Story
    theme: str = ""
    tagged: set[str] = field(default_factory=set)

    def tell(self) -> None:
        steps: tuple[tuple[int, int, Callable[[], None]], ...] = (
            (1, 20, self._open), (1, 45, self._share), (2, 60, self._change), (4, 30, self._look),
        )  # fmt: skip
        for quarter, days, step in steps:
            self.story.at(quarter_start(quarter) + timedelta(days=days), step, hour=14)

    def _do(self, handler: CommandHandler[C], command: C) -> dict[str, Any]:
        lead = self.story.actor("lead")
        return dict(handler(self.story.services.desk, command, by=lead).response)

    def _audits(self, number: int) -> list[tuple[str, str]]:
        """The newest audits with a weak judgement that are final, each with its domain."""
        found: list[tuple[str, str]] = []
        with self.story.services.store.reading() as connection:
            everything = Reach(self.story.people["lead"], everything=True)
            rows = queries.audits(
                connection, everything, AuditFilter(status=("finalised",)), page=RowPage(200)
            )
            for row in rows:
                view = queries.audit(connection, row.audit)
                judged = () if view is None or view.content is None else view.content.judgements
                weak = [one.domain for one in judged if one.grade in WEAK]
                if weak and row.audit not in self.tagged:
                    found.append((row.audit, weak[0]))
        return found[:number]

    def _open(self) -> None:
        opened = OpenLearningTheme(
            title="Plans with clear timescales",
            question="Does every plan say who does what by when?",
        )
        self.theme = str(self._do(handlers.open_theme, opened)["theme"])
        for audit, domain in self._audits(3):
            self.tagged.add(audit)
            tag = TagLearningTheme(theme=self.theme, kind="finding", record=audit, part=domain)
            self._do(handlers.tag, tag)
            with self.story.services.store.reading() as connection:
                raised = action_queries.of_audit(connection, audit)
            for action in raised[:1]:
                own = TagLearningTheme(theme=self.theme, kind="action", record=action.action)
                self._do(handlers.tag, own)

    def _share(self) -> None:
        shared = ShareLearning(
            theme=self.theme,
            where="Practice meeting",
            with_whom="All teams",
            message="A plan without a day is a wish: write by when, and look on that day.",
        )
        self._do(handlers.share, shared)

    def _change(self) -> None:
        changed = NotePracticeChange(
            theme=self.theme,
            what="Managers sign a plan off only where each step has a day.",
            evidence="The form for plans asks for the day of every step.",
        )
        self._do(handlers.change_practice, changed)

    def _look(self) -> None:
        audits = tuple(audit for audit, _ in self._audits(2))
        if audits:
            found = "Days are written more often. Whether they are looked at is not yet seen."
            again = NoteReAudit(theme=self.theme, found=found, audits=audits)
            self._do(handlers.re_audit, again)


DEMONSTRATIONS = Demonstration(98, lambda story: _Theme(story).tell())
