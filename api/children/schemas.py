"""What the API answers about a child's references."""

from __future__ import annotations

from pydantic import BaseModel

from api.json.row_out import RowOut
from projections.figures.joined_children import JoinedChildRow


class ChildJoiningOut(
    RowOut, row=JoinedChildRow, without=("stream_version", "child_key", "other_key")
):
    """Two references of one child; `version` is what undoing it is asked with."""

    version: int


class ChildJoiningsOut(BaseModel):
    joinings: list[ChildJoiningOut]
