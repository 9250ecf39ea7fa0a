"""The demonstration of a tenth the size, told once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.demo import story
from api.demo.build import build_demo
from api.main import create_app
from api.services import Services, build
from api.settings import Settings
from tests.demo.support import HANDLES, WalkedRole, walked


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A council of a tenth the size, told to its end."""
    folder = tmp_path_factory.mktemp("demonstration")
    where = f"sqlite:///{folder / 'demo.db'}"
    settings = Settings(store=where, key_file=folder / "demo.key", demonstration=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "AUDITS_A_QUARTER", (12, 12, 12, 12, 12))
        assert build_demo(settings)
        assert not build_demo(settings), "it is there already"
    services = build(Settings(store=where, key_file=folder / "demo.key"), make_key=False)
    yield services
    services.store.close()


@pytest.fixture(scope="session")
def roles(told: Services) -> dict[str, WalkedRole]:
    """Each role with the pages that its navigation leads to."""
    app = create_app(told)
    return {role: walked(told, app, handle) for role, handle in HANDLES.items()}
