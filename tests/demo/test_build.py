"""The demonstration is told by the commands that everybody uses, whatever these become."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli.store_session import give_starting_set
from api.demo import story
from api.demo.build import build_demo
from api.services import build
from api.settings import Settings
from projections.core.verify import verify
from tests.support.given import codes_of


@pytest.mark.slow
def test_a_council_of_a_tenth_the_size_is_told_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story, "AUDITS_A_QUARTER", (12, 12, 12, 12, 12))
    where = f"sqlite:///{tmp_path / 'demo.db'}"
    settings = Settings(store=where, key_file=tmp_path / "demo.key", demonstration=True)
    assert build_demo(settings)
    assert not build_demo(settings), "it is there already"
    services = build(Settings(store=where, key_file=tmp_path / "demo.key"), make_key=False)
    assert services.settings.demonstration, "whoever serves it says that it is invented"
    try:
        kinds = {event.type for event in services.store.events()}
        assert len(kinds) > 60
        assert verify(services.store, services.registry) == []
    finally:
        services.store.close()


def test_one_that_was_broken_off_is_not_taken_for_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(self: story.Story) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(story.Story, "tell_audits", broken_off)
    settings = Settings(
        store=f"sqlite:///{tmp_path / 'demo.db'}",
        key_file=tmp_path / "demo.key",
        demonstration=True,
    )
    with pytest.raises(KeyboardInterrupt):
        build_demo(settings)
    assert codes_of(lambda: build_demo(settings)) == ["demonstration-unfinished"]


def test_a_council_that_is_there_is_never_called_invented(tmp_path: Path) -> None:
    where = {"store": f"sqlite:///{tmp_path / 'real.db'}", "key_file": tmp_path / "real.key"}
    services = build(Settings(**where, council_name="Real Council"), make_key=True)
    services.initialise()
    give_starting_set(services)
    services.store.close()
    invented = Settings(**where, council_name="Example Council", demonstration=True)
    assert codes_of(lambda: build_demo(invented)) == ["store-not-empty"]
    again = build(invented)
    again.initialise()
    again.store.close()
    kept = build(Settings(**where)).settings
    assert (kept.council_name, kept.demonstration) == ("Real Council", False)
