"""What stands beside a list: the views of it, and the way to keep it as one."""

from __future__ import annotations

from urllib.parse import urlencode

from api.lists.page import KeepableList
from api.views import reading
from api.web.context import PagePart, Reading
from qa.authorisation.policy import can


def _links(reader: Reading, shown: KeepableList) -> list[tuple[str, str]]:
    if not can(reader.actor, "keep-view").allowed:
        return []
    keep = urlencode({"list": shown.path, "query": shown.query})
    return [
        ("Save this list", f"/views/new?{keep}"),
        *(
            (row.name, reader.link(f"/views/{row.view}"))
            for row in reading.views(
                reader.connection, reader.actor, shown.path, position=reader.at.position
            )
        ),
    ]


PARTS = (PagePart("lists/page", "views", _links),)
