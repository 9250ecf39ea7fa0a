"""What the API answers about named views."""

from __future__ import annotations

from pydantic import BaseModel

from api.json.row_out import RowOut
from projections.views.tables import ListViewRow


class ListViewOut(RowOut, row=ListViewRow, without=("opened", "stream_version", "name_key")):
    """A named view: `path` and `query` are the list as it was arranged."""

    version: int


class ListViewsOut(BaseModel):
    """The caller's own views, and those shared with a role they hold."""

    views: list[ListViewOut]
