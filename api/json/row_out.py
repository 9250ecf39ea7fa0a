"""Rows of read tables in the API: objects with the columns of the row and what is added to them.

What a query makes of rows (a dataclass) can stand in the place of a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self, cast, get_type_hints

from pydantic import BaseModel


class RowOut(BaseModel):
    """A response model with the columns of a read row.

    class FollowUpOut(RowOut, row=FollowUpRow, without=("opened",)):
        overdue: bool

    A new column is public unless it is named in `without`: the generated reference shows it.
    """

    COLUMNS: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(
        cls,
        *,
        row: type[Any] | None = None,
        without: Sequence[str] = (),
        **options: Any,
    ) -> None:
        if row is not None:
            hints = get_type_hints(row)
            columns = {name: kind for name, kind in hints.items() if name not in without}
            cls.__annotations__ = {**columns, **cls.__annotations__}
            cls.COLUMNS = frozenset(hints)
        super().__init_subclass__(**options)

    @classmethod
    def of(cls, row: Any, **more: Any) -> Self:
        """The object of a row, which is of the right types already."""
        kept = {name: getattr(row, name) for name in cls.model_fields if name in cls.COLUMNS}
        return cast("Self", cls.model_construct(None, **{**kept, **more}))
