"""What a file of audits or moderations may bring to what is on record, and what undoes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from qa.audits.events import CaseAuditImportCorrected, CaseAuditVoided, CaseAuditWithdrawn
from qa.audits.judgements import ImportedJudgement
from qa.audits.moderation_events import (
    ModerationCancelled,
    ModerationImported,
    ModerationSuperseded,
)
from qa.audits.state import CaseAudit, evolve
from qa.core.errors import Refused
from qa.core.event import Event, Source
from qa.core.words import AuditStatus, imported_person_id
from qa.imports import decisions
from qa.imports.changes import RowDiffers
from qa.imports.decisions import BroughtEvents, ImportBatch
from qa.imports.events import ImportBatchRecorded, ImportBatchReversed
from qa.imports.reversal_commands import ReverseImport
from qa.imports.rows import ImportedAudit, ImportedModeration
from qa.people.teams import Organisation
from qa.store.codec import decode, encode
from tests.audits.support import ALLOCATED
from tests.support.given import TODAY, codes_of, given, recorded

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


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Pat Sample", "PAT  sample", True),
        ("Zoë Ash", "ZOË Ash", True),
        ("Zoë Ash", "Zoe\u0308 Ash", True),
        ("Zoë Ash", "Zo Ash", False),
        ("Adẹ\u0300 Oke", "Adẹ\u0301 Oke", False),
        ("M\u0300ary Ash", "M-ary Ash", False),
        ("李 明", "王 芳", False),
        ("A" * 60 + " Ash", "A" * 60 + " Elm", False),
    ],
)
def test_two_who_are_named_alike_but_for_a_letter_are_two(one: str, other: str, same: bool) -> None:
    assert (imported_person_id(one) == imported_person_id(other)) is same
    assert len(imported_person_id(one)) <= 68


def _as_read(event: Event, schema: int) -> Event:
    """An event as it is read whose bytes an earlier version stored."""
    written = recorded(event, 1)
    stored = encode(event, written.meta, stream="case-audit:1", version=1, seal=None)
    stored = stored.replace(b'"v":%d' % event.SCHEMA, b'"v":%d' % schema)
    read: Event = decode((1, "case-audit:1", 1, event.TYPE, 0, stored), None).event
    return read


def test_names_in_an_older_log_have_the_id_that_a_file_gives_them_today() -> None:
    """Before, accents and what came behind sixty letters told nobody apart."""
    row = replace(ROW, auditor="Zoë Smith")
    first = decisions.imported(row, "practice", 1, Organisation())
    earlier = first.model_copy(update={"auditor": "written-zo-smith"})
    before = _as_read(earlier, 2)
    assert before == first
    assert brought(audit(before), row) == []
    assert codes_of(lambda: brought(audit(before), replace(row, auditor="Zo Smith"))) == [
        "already-imported-otherwise"
    ]
    second = replace(SECOND, moderator="Zoë Smith")
    assert codes_of(lambda: moderated(audit(before), second)) == ["began-audit"]
    corrected = CaseAuditImportCorrected(old=BROUGHT.stated, new=earlier.stated)
    assert _as_read(corrected, 2) == corrected.model_copy(update={"new": first.stated})
    named = {"moderator": "written-zo-smith", "moderator_as_written": "Zoë Smith"}
    by_name = _as_read(MODERATED.model_copy(update=named), 1)
    assert moderated(audit(BROUGHT, by_name), second) == []


def audit(*events: Event) -> CaseAudit:
    return given(CaseAudit(), evolve, *events).state


def brought(
    state: CaseAudit,
    row: ImportedAudit = ROW,
    *,
    corrects: bool = False,
    columns: tuple[str, ...] | None = None,
) -> list[Event]:
    event = decisions.imported(row, "practice", 1, Organisation())
    return decisions.brought_audit(state, event, row, columns=columns, corrects=corrects)


def test_the_same_audit_adds_nothing_and_another_one_is_refused_with_its_cells() -> None:
    assert brought(audit()) == [BROUGHT]
    assert brought(audit(BROUGHT)) == []
    assert brought(audit(BROUGHT, CaseAuditVoided())) == []
    otherwise = replace(ROW, overall="inadequate", team="West", judgements={"planning": "good"})
    with pytest.raises(Refused) as refused:
        brought(audit(BROUGHT), otherwise)
    (fault,) = refused.value.faults
    assert isinstance(fault, RowDiffers)
    assert (fault.code, fault.cells) == (
        "already-imported-otherwise",
        (
            ("team", "East", "West"),
            ("service", "East", "West"),
            ("overall", "good", "inadequate"),
            ("domain:planning", "", "good"),
        ),
    )


@pytest.mark.parametrize(
    ("state", "row", "code"),
    [
        (audit(ALLOCATED), ROW, "audit-made-here"),
        (audit(BROUGHT), replace(ROW, child="C-2"), "other-child"),
        (audit(BROUGHT.model_copy(update={"tool": "other"})), ROW, "other-tool"),
        (audit(BROUGHT, CaseAuditWithdrawn()), replace(ROW, overall="poor"), "audit-withdrawn"),
    ],
)
def test_what_a_file_cannot_change(state: CaseAudit, row: ImportedAudit, code: str) -> None:
    assert codes_of(lambda: brought(state, row, corrects=True)) == [code]


def test_a_correction_keeps_what_the_file_has_no_column_for_and_ends_a_moderation() -> None:
    graded = BROUGHT.model_copy(
        update={"judgements": (ImportedJudgement(domain="planning", grade="good"),)}
    )
    moderated = audit(graded, MODERATED)
    otherwise = replace(ROW, overall="inadequate", auditor="Al Fir")
    assert brought(moderated, otherwise, columns=("team",)) == []
    corrected, lapsed = brought(moderated, otherwise, corrects=True, columns=("overall",))
    assert isinstance(corrected, CaseAuditImportCorrected)
    assert (corrected.new.overall, corrected.new.auditor_as_written) == ("inadequate", "Jo Ash")
    assert corrected.new.judgements == graded.judgements
    assert lapsed == ModerationSuperseded(moderation="m1", cause="corrected")
    after = audit(graded, MODERATED, corrected, lapsed)
    assert (after.overall, brought(after, otherwise, columns=("overall",))) == ("inadequate", [])
    dated = replace(ROW, audit_date=TODAY - timedelta(days=1))
    (only,) = brought(audit(BROUGHT, MODERATED), dated, corrects=True)
    assert isinstance(only, CaseAuditImportCorrected)


def moderated(
    state: CaseAudit,
    row: ImportedModeration,
    moderation: str = "m1",
    *,
    corrects: bool = False,
) -> list[Event]:
    event = MODERATED.model_copy(
        update={
            "moderation": moderation,
            "moderator": imported_person_id(row.moderator),
            "moderator_as_written": row.moderator,
            "overall": row.overall,
        }
    )
    return decisions.brought_moderation(
        state,
        event,
        row,
        moderator=event.moderator,
        began_by=state.began_by,
        columns=None,
        corrects=corrects,
    )


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
    assert codes_of(lambda: moderated(state, row)) == refused


def test_an_audit_has_one_moderation_which_a_later_file_may_correct() -> None:
    state = audit(BROUGHT, MODERATED)
    assert moderated(state, SECOND) == []
    assert codes_of(lambda: moderated(state, SECOND, "m2")) == ["already-moderated"]
    poorer = replace(SECOND, overall="inadequate")
    ended, again = moderated(state, poorer, corrects=True)
    assert ended == ModerationSuperseded(moderation="m1", cause="restated")
    after = audit(BROUGHT, MODERATED, ended, again)
    assert after.status is AuditStatus.DIFFERS
    back = audit(BROUGHT, MODERATED, ended, again, ended, MODERATED)
    assert back.status is AuditStatus.SUBMITTED


def test_a_batch_is_undone_once_and_for_a_reason() -> None:
    recorded = ImportBatchRecorded(
        batch="b", kind="audits", file_name="f.csv", file_sha256="0", rows=1, imported=1,
        already_there=0, corrected=0, rejected=0, mapping=(),
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
    for events, codes in (((recorded,), []), ((recorded, reversed_), ["batch-undone"])):
        batch = given(ImportBatch(), decisions.evolve, *events).state
        assert codes_of(partial(decisions.goes_on, batch)) == codes


def undone(*batches: tuple[str, tuple[Event, ...]], batch: str) -> list[Event]:
    """What undoing one of several batches records."""
    state, brought = CaseAudit(), BroughtEvents(batch)
    for version, (name, event) in enumerate(((n, e) for n, es in batches for e in es), 1):
        entry = recorded(event, version)
        source = Source(batch=name, file_sha256="0", row=1)
        entry = replace(entry, meta=entry.meta.model_copy(update={"source": source}))
        state, brought = evolve(state, entry), decisions.evolve_brought(brought, entry)
    return decisions.undo(state, brought)


def test_what_a_batch_brought_leaves_the_figures_once() -> None:
    cancelled = ModerationCancelled(moderation="m1")
    first, second = ("a", (BROUGHT,)), ("b", (MODERATED,))
    assert undone(first, second, batch="a") == [cancelled, CaseAuditVoided()]
    assert undone(first, second, batch="b") == [cancelled]
    assert undone(first, second, ("", (cancelled,)), batch="b") == []
    assert undone(first, ("", (CaseAuditVoided(),)), batch="a") == []


def test_what_a_batch_corrected_is_as_it_was_before_unless_it_changed_since() -> None:
    poorer = replace(ROW, overall="inadequate")
    (corrected,) = brought(audit(BROUGHT), poorer, corrects=True)
    back = CaseAuditImportCorrected(old=corrected.new, new=corrected.old)
    assert undone(("a", (BROUGHT,)), ("b", (corrected,)), batch="b") == [back]
    assert undone(("a", (BROUGHT,)), ("b", (corrected,)), ("c", (back,)), batch="b") == []
    ended, again = moderated(
        audit(BROUGHT, MODERATED), replace(SECOND, overall="poor"), corrects=True
    )
    batches = (("a", (BROUGHT,)), ("b", (MODERATED,)), ("c", (ended, again)))
    assert undone(*batches, batch="c") == [ended, MODERATED]
