"""GOV.UK pagination by cursor: no page numbers, so nothing shifts while rows are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of rows with the cursors of its neighbours (None: there is none)."""

    rows: Sequence[T]
    next: str | None = None
    previous: str | None = None


def pagination(
    page: Page[T], path: str, query: Mapping[str, Any], *, what: str = "page"
) -> dict[str, object] | None:
    """Parameters of govukPagination, keeping the filters in `query`; None when all rows are here.

    The cursor travels as ``after`` or ``before``.
    """

    def link(key: str, cursor: str) -> str:
        kept = {k: v for k, v in query.items() if k not in ("after", "before")}
        return f"{path}?{urlencode({**kept, key: cursor}, doseq=True)}"

    shown: dict[str, object] = {"landmarkLabel": "More rows"}
    if page.previous is not None:
        shown["previous"] = {"href": link("before", page.previous), "text": f"Previous {what}"}
    if page.next is not None:
        shown["next"] = {"href": link("after", page.next), "text": f"Next {what}"}
    return shown if len(shown) > 1 else None
