"""A pack of a small council, made once for all the tests that only look at it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.evidence_packs.scope_request import ScopeRequest
from tests.conftest import NewCouncil
from tests.evidence_packs.support import Made, pack_of


@pytest.fixture(scope="session")
def made(new_council: NewCouncil) -> Made:
    council = new_council()
    ledger = council.services.ledger
    council.submitted()
    before = ledger.checkpoint(by="operator")
    council.clock.advance(timedelta(days=1))
    audit, _ = council.moderated("good", "requires-improvement")
    child = str(council.view(audit).row.child)
    council.submitted()
    ledger.checkpoint(by="operator")
    position = council.services.store.head()
    council.clock.advance(timedelta(days=1))
    council.submitted()
    after = ledger.checkpoint(by="operator")
    pack = pack_of(council, ScopeRequest(children=(child,)), position=position)
    return Made(council, child, pack, before, after, ledger.keys.ring().current.public.text)


@pytest.fixture
def key_file(made: Made, tmp_path: Path) -> str:
    path = tmp_path / "council.pub"
    path.write_text(made.key + "\n")
    return str(path)
