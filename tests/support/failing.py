"""A council with a read model that has failed."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from projections.core.bookkeeping import read_model_aside
from tests.support.council import Council


@pytest.fixture
def failed(small_council: Council) -> Council:
    """A council whose agreement figures could not take the last event."""
    audit = small_council.submitted()
    head = small_council.services.store.head()
    with small_council.services.store.writing() as connection:
        connection.execute(
            insert(read_model_aside).values(
                name="moderation_agreement",
                stream=f"case-audit:{audit}",
                position=head,
                error="RuntimeError in projector.py, line 1",
            )
        )
    return small_council
