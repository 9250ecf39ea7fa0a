"""What a file of audits or moderations may bring to what is on record, and what undoes it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.audits.events import CaseAuditVoided
from qa.audits.moderation_events import ModerationCancelled, ModerationImported
from qa.audits.state import CaseAudit, evolve
from qa.core.event import Event
from qa.imports import decisions
from qa.imports.decisions import ImportBatch
from qa.imports.events import ImportBatchRecorded, ImportBatchReversed
from qa.imports.reversal_commands import ReverseImport
from qa.imports.rows import ImportedAudit, ImportedModeration, imported_person_id
from qa.people.teams import Organisation
from tests.support.given import TODAY, codes_of, given

ROW = ImportedAudit(2, "A-1", "C-1", "Jo Ash", "East", TODAY, "good")
SECOND = ImportedModeration(2, "M-1", "A-1", "Kim Elm", TODAY, "good")
BROUGHT = decisions.imported(ROW, "practice", 1, Organisation())
MODERATED = ModerationImported(
    moderation="m1",
    reference="M-1",
    moderator=imported_person_id("Kim Elm"),
    moderator_as_written="Kim Elm",
    moderated_on=TODAY,
    overall="good",
    judgements=(),
)


def audit(*events: Event) -> CaseAudit:
    return given(CaseAudit(), evolve, *events).state


def test_the_same_audit_adds_nothing_and_another_one_is_refused() -> None:
    def met(state: CaseAudit, row: ImportedAudit = ROW) -> bool:
        event = decisions.imported(row, "practice", 1, Organisation())
        return decisions.audit_on_record(state, event, row)

    assert not met(audit())
    assert met(audit(BROUGHT))
    assert not met(audit(BROUGHT, CaseAuditVoided()))
    otherwise = replace(ROW, overall="inadequate")
    assert codes_of(lambda: met(audit(BROUGHT), otherwise)) == ["already-imported-otherwise"]


@pytest.mark.parametrize(
    ("events", "row", "refused"),
    [
        ((), SECOND, ["audit-unknown"]),
        ((BROUGHT, CaseAuditVoided()), SECOND, ["audit-unknown"]),
        ((BROUGHT,), replace(SECOND, moderator="Jo Ash"), ["began-audit"]),
        ((BROUGHT, MODERATED), replace(SECOND, overall="poor"), ["already-imported-otherwise"]),
        ((BROUGHT,), SECOND, []),
        ((BROUGHT, MODERATED), SECOND, []),
    ],
)
def test_a_moderation_is_of_an_audit_that_somebody_else_began(
    events: tuple[Event, ...], row: ImportedModeration, refused: list[str]
) -> None:
    state = audit(*events)
    assert codes_of(lambda: decisions.moderation_on_record(state, "m1", row)) == refused


def test_an_audit_has_one_moderation() -> None:
    state = audit(BROUGHT, MODERATED)
    assert decisions.moderation_on_record(state, "m1", SECOND)
    other = lambda: decisions.moderation_on_record(state, "m2", SECOND)  # noqa: E731
    assert codes_of(other) == ["already-moderated"]


def test_a_batch_is_undone_once_and_for_a_reason() -> None:
    recorded = ImportBatchRecorded(
        batch="b", kind="audits", file_name="f.csv", file_sha256="0", rows=1, imported=1,
        already_there=0, rejected=0, mapping=(),
    )  # fmt: skip
    reversed_ = ImportBatchReversed(batch="b", records=1)

    def undoing(*events: Event, reason: str = "The wrong file.") -> list[str]:
        batch = given(ImportBatch(), decisions.evolve, *events).state
        return codes_of(
            lambda: decisions.reversible(batch, ReverseImport(batch="b", reason=reason))
        )

    assert undoing(recorded) == []
    assert undoing(recorded, reason=" ") == ["reason-missing"]
    assert undoing() == ["not-found"]
    assert undoing(recorded, reversed_) == ["already-reversed"]


def test_what_a_batch_brought_leaves_the_figures_once() -> None:
    cancelled = ModerationCancelled(moderation="m1")
    assert decisions.undo(audit(BROUGHT, MODERATED), None) == [cancelled, CaseAuditVoided()]
    assert decisions.undo(audit(BROUGHT, MODERATED), "m1") == [cancelled]
    assert decisions.undo(audit(BROUGHT, MODERATED, cancelled), "m1") == []
    assert decisions.undo(audit(BROUGHT, CaseAuditVoided()), None) == []
