"""What somebody is writing: kept by revision, sealed, and bounded."""

from __future__ import annotations

import pytest

from qa.core.errors import Conflict
from qa.security import drafts
from qa.security.drafts import LARGEST, DraftMovedOn
from qa.store.store import Store

WHOSE = {"subject": "case-audit:a1", "person": "p-auditor"}


def save(store: Store, text: str, seen: int) -> drafts.Draft:
    assert store.vault is not None
    with store.writing() as connection:
        return drafts.save(
            connection, store.vault, store.clock, about="child:C-1", fields={"rationale": text},
            seen=seen, **WHOSE,
        )  # fmt: skip


def test_a_draft_saved_elsewhere_is_not_overwritten(store: Store) -> None:
    assert save(store, "One.", 0).revision == 1
    with pytest.raises(DraftMovedOn) as moved:
        save(store, "Two.", 0)
    assert moved.value.code == "draft-moved-on"
    assert moved.value.current.fields == {"rationale": "One."}
    assert save(store, "Two.", 1).revision == 2


def test_a_draft_has_a_size(store: Store) -> None:
    around = len('{"rationale": ""}')
    assert save(store, "x" * (LARGEST - around), 0).revision == 1
    with pytest.raises(Conflict) as refused:
        save(store, "x" * (LARGEST - around + 1), 1)
    assert refused.value.code == "draft-too-long"
