"""An audit from allocation to its final grade, through the commands, on both databases."""

from __future__ import annotations

import pytest

from projections.core.verify import verify
from qa.core.errors import Refused
from qa.moderation import commands
from tests.support.council import Council


def test_agreeing_moderation_makes_the_grade_final(council: Council) -> None:
    audit, _ = council.moderated("good", "good")
    row = council.view(audit).row
    assert (row["status"], row["final_grade"], row["final_source"]) == (
        "finalised",
        "good",
        "auditor",
    )
    assert verify(council.services.store, council.services.registry) == []


def test_a_difference_is_settled_by_consensus(council: Council) -> None:
    audit, moderation = council.moderated("good", "requires-improvement")
    assert council.view(audit).row["status"] == "differs"
    commands.reconcile(
        council.services.desk,
        audit=audit,
        moderation_id=moderation,
        overall="requires-improvement",
        rationale="Agreed on reading the file together.",
        by=council.actor("auditor"),
    )
    row = council.view(audit).row
    assert (row["overall"], row["moderated_overall"], row["final_grade"]) == (
        "good",
        "requires-improvement",
        "requires-improvement",
    )


def test_nobody_moderates_an_audit_they_began(council: Council) -> None:
    from qa.core.words import Role

    council.grant("auditor", Role.MODERATOR)
    audit = council.submitted()
    with pytest.raises(Refused) as refused:
        commands.assign(
            council.services.desk,
            audit=audit,
            moderation_id=council.view(audit).row["moderation"],
            moderator=council.ids["auditor"],
            exception="We are few",
            by=council.actor("lead"),
        )
    assert refused.value.faults[0].code == "independence-began-audit"
