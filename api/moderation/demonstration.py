"""Two things of the synthetic council that seldom happen: a grade that was typed wrong is put right
before anybody moderates it, and a blind moderation is opened to its moderator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from api.demo import cast
from api.demo.parts import Demonstration
from api.demo.story import QUARTERS, Story, quarter_start
from projections.audits import queries
from projections.audits.queries import AuditFilter
from projections.audits.tables import AuditRow
from projections.core.paging import RowPage
from qa.audits import handlers as audit_handlers
from qa.audits.commands import CorrectAudit
from qa.audits.judgements import DomainJudgement
from qa.core.words import Actor, Reach
from qa.moderation import handlers
from qa.moderation.commands import UnblindModeration

LEAD = cast.LEADS[0].handle
SLIP = "I chose the grade of the line above by mistake: the evidence was written for this one."
OPENED = "The family complained, and I was asked to hear them: they told me the grade."
BETTER = {
    "inadequate": "requires-improvement",
    "requires-improvement": "good",
    "good": "outstanding",
}


def _waiting(story: Story, fits: Callable[[AuditRow], bool]) -> AuditRow | None:
    """The newest audit that waits for its moderation and fits."""
    with story.services.store.reading() as connection:
        wanted = AuditFilter(status=("moderation-due",))
        rows = queries.audits(connection, Reach(LEAD, everything=True), wanted, page=RowPage(200))
    return next((row for row in rows if fits(row)), None)


def _actor(story: Story, person: str) -> Actor:
    return story.actor(next(one for one, known in story.people.items() if known == person))


def _correct(story: Story) -> None:
    def slips(row: AuditRow) -> list[DomainJudgement]:
        with story.services.store.reading() as connection:
            view = queries.audit(connection, row.audit)
        judged = () if view is None or view.content is None else view.content.judgements
        return [one for one in judged[1:] if one.grade in BETTER]

    row = _waiting(story, lambda row: row.moderation_status == "selected" and bool(slips(row)))
    if row is None:
        return
    judged = slips(row)[0]
    audit_handlers.correct(
        story.services.desk,
        CorrectAudit(
            audit=row.audit,
            field=f"judgements.{judged.domain}.grade",
            new=BETTER[judged.grade or ""],
            kind="fact",
            reason=SLIP,
        ),
        by=_actor(story, row.auditor),
    )


def _unblind(story: Story) -> None:
    row = _waiting(story, lambda row: row.moderation_status == "assigned" and bool(row.sealed))
    if row is not None:
        handlers.unblind(
            story.services.desk,
            UnblindModeration(audit=row.audit, moderation=row.moderation or "", reason=OPENED),
            by=_actor(story, row.moderator or ""),
        )


def _tell(story: Story) -> None:
    day = quarter_start(QUARTERS) - timedelta(days=10)
    story.at(day, lambda: _correct(story), hour=17)
    story.at(day, lambda: _unblind(story), hour=18)


DEMONSTRATIONS = Demonstration(95, _tell)
