"""A store with the agreement's read model alone, once on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from projections.agreement.projector import ModerationAgreement
from tests.agreement.support import Council, keeping


@pytest.fixture
def council(store_url: str) -> Iterator[Council]:
    with keeping(store_url, ModerationAgreement()) as council:
        yield council
