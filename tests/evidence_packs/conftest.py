"""A pack of a small council, made once for all the tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.evidence_packs.making import Pack, make
from api.evidence_packs.scope import ScopeRequest
from api.web.moments import as_at
from qa.core.clock import SetClock
from qa.ledger.checkpoints import Signed
from tests.support.council import Council


@dataclass(frozen=True)
class Made:
    """A council with one child's records in a pack, and a checkpoint from before and after."""

    council: Council
    child: str
    pack: Pack
    before: Signed
    after: Signed
    key: str


def pack_of(
    council: Council, asked: ScopeRequest, who: str = "lead", position: int | None = None
) -> Pack:
    store, actor = council.services.store, council.actor(who)
    with store.reading() as connection:
        at = as_at(store, connection, position=position, pin=actor.pin)
    return make(council.services, actor, asked, at)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("pack")
    clock = SetClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    council = Council.open(f"sqlite:///{folder / 'council.db'}", clock, folder)
    ledger = council.services.ledger
    council.submitted()
    before = ledger.checkpoint(by="operator")
    clock.advance(timedelta(days=1))
    audit, _ = council.moderated("good", "requires-improvement")
    child = str(council.view(audit).row["child"])
    council.submitted()
    ledger.checkpoint(by="operator")
    position = council.services.store.head()
    clock.advance(timedelta(days=1))
    council.submitted()
    after = ledger.checkpoint(by="operator")
    pack = pack_of(council, ScopeRequest(children=(child,)), position=position)
    yield Made(council, child, pack, before, after, ledger.keys.ring().current.public.text)
    council.services.store.close()


@pytest.fixture
def key_file(made: Made, tmp_path: Path) -> str:
    path = tmp_path / "council.pub"
    path.write_text(made.key + "\n")
    return str(path)
