"""The demonstration is told by the commands that everybody uses, whatever these become."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.demo import story
from api.demo.build import build_demo
from api.services import build
from api.settings import Settings
from projections.core.verify import verify


@pytest.mark.slow
def test_a_council_of_a_tenth_the_size_is_told_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story, "AUDITS_A_QUARTER", (12, 12, 12, 12, 12))
    where = f"sqlite:///{tmp_path / 'demo.db'}"
    settings = Settings(store=where, key_file=tmp_path / "demo.key", demonstration=True)
    assert build_demo(settings)
    services = build(settings, make_key=False)
    try:
        kinds = {event.type for event in services.store.events()}
        assert len(kinds) > 60
        assert verify(services.store, services.registry) == []
    finally:
        services.store.close()
