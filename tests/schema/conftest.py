"""What the tests of upgrades begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import FreshUrl
from tests.schema.support import EarlierStore


@pytest.fixture
def earlier(fresh_url: FreshUrl, tmp_path: Path) -> Iterator[EarlierStore]:
    with fresh_url() as url:
        store = EarlierStore.loaded(url, tmp_path)
        yield store
        store.engines.dispose()
