"""The drafts of a person are found by an index.

Expands: the release before does not ask for them.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index("draft_person", "draft", ["person"])
