"""A checkpoint signs the access log too.

Expands: the columns may be empty, and are where the release before made the checkpoint.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary, Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for column in (
        Column("access_note", Text),
        Column("access_edge", LargeBinary),
        Column("access_upto", BigInteger),
    ):
        op.add_column("ledger_checkpoint", column)
