"""An audit from allocation to its final grade, through the commands, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from projections.agreement.tables import agreement_domain
from projections.core.base import as_at
from projections.core.verify import verify
from qa.audits import handlers as audit_handlers
from qa.audits.commands import CorrectAudit
from qa.core.errors import Refused
from qa.moderation import handlers
from qa.moderation.commands import AssignModeration, ReconcileGrade
from tests.support.council import Council, content, policy_of

pytestmark = pytest.mark.one_database


def test_agreeing_moderation_makes_the_grade_final(council: Council) -> None:
    audit, _ = council.moderated("good", "good")
    row = council.view(audit).row
    assert (row.status, row.final_grade, row.final_source) == (
        "finalised",
        "good",
        "auditor",
    )
    assert verify(council.services.store, council.services.registry) == []


def test_a_difference_is_settled_by_consensus(council: Council) -> None:
    audit, moderation = council.moderated("good", "requires-improvement")
    assert council.view(audit).row.status == "differs"
    handlers.reconcile(
        council.services.desk,
        ReconcileGrade(
            audit=audit,
            moderation=moderation,
            overall="requires-improvement",
            rationale="Agreed on reading the file together.",
        ),
        by=council.actor("auditor"),
    )
    row = council.view(audit).row
    assert (row.overall, row.moderated_overall, row.final_grade) == (
        "good",
        "requires-improvement",
        "requires-improvement",
    )


def test_nobody_moderates_an_audit_they_began(council: Council) -> None:
    from qa.core.words import Role

    council.grant("auditor", Role.MODERATOR)
    audit = council.submitted()
    with pytest.raises(Refused) as refused:
        handlers.assign(
            council.services.desk,
            AssignModeration(
                audit=audit,
                moderation=council.view(audit).row.moderation,
                moderator=council.ids["auditor"],
                exception="We are few",
            ),
            by=council.actor("lead"),
        )
    assert refused.value.faults[0].code == "independence-began-audit"


def _correct(council: Council, audit: str, field: str, new: str) -> None:
    audit_handlers.correct(
        council.services.desk,
        CorrectAudit(audit=audit, field=field, new=new, kind="typo", reason="Wrongly entered."),
        by=council.actor("auditor"),
    )


def test_a_corrected_grade_is_in_the_rows_the_figures_and_the_pick(council: Council) -> None:
    desk, lead = council.services.desk, council.actor("lead")
    policy = policy_of(
        "No lottery today.", share_percent=0, first_audits_of_new_auditor=0, every_inadequate=True
    )
    handlers.set_policy(desk, policy, by=lead)
    judged = content(council.tool, council.today, "inadequate")
    audit = council.submitted("requires-improvement", rationale=judged.rationale)
    assert council.view(audit).row.status == "not-selected"
    domain = council.tool.domains[1].id
    _correct(council, audit, f"judgements.{domain}.grade", "good")
    _correct(council, audit, "overall", "inadequate")
    view = council.view(audit)
    assert view.content is not None
    assert (view.row.overall, view.content.overall) == ("inadequate", "inadequate")
    assert view.row.status == "moderation-due", "the policy picks every inadequate audit"
    with council.services.store.reading() as connection:
        table = agreement_domain.c
        query = select(table.grade).where(table.audit == audit, table.domain == domain)
        grades = connection.execute(query.where(as_at(agreement_domain, None))).scalars().all()
    assert grades == ["good"]
    assert verify(council.services.store, council.services.registry) == []


@pytest.mark.both_databases
def test_a_rewritten_text_supersedes_and_is_picked_again(council: Council) -> None:
    audit, _ = council.moderated()
    _correct(council, audit, "rationale", "Quite another story of what was found and why.")
    row = council.view(audit).row
    assert (row.status, row.final_grade) == ("moderation-due", None)
    assert council.view(audit).moderations[0]["status"] == "superseded"
    assert verify(council.services.store, council.services.registry) == []
