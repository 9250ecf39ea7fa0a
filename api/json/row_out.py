"""Rows of read tables in the API: objects with the columns of the row and what is added to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self, cast, get_type_hints

from pydantic import BaseModel


class RowOut(BaseModel):
    """A response model with the columns of a read row.

    class FollowUpOut(RowOut, row=FollowUpRow, without=("opened",)):
        overdue: bool

    A new column is public unless it is named in `without`: the generated reference shows it.
    """

    def __init_subclass__(
        cls,
        *,
        row: type[NamedTuple] | None = None,
        without: Sequence[str] = (),
        **options: Any,
    ) -> None:
        if row is not None:
            columns = {n: kind for n, kind in get_type_hints(row).items() if n not in without}
            cls.__annotations__ = {**columns, **cls.__annotations__}
        super().__init_subclass__(**options)

    @classmethod
    def of(cls, row: tuple[Any, ...], **more: Any) -> Self:
        """The object of a row, which is of the right types already."""
        columns: dict[str, Any] = row._asdict()  # type: ignore[attr-defined]
        kept = {name: columns[name] for name in cls.model_fields if name in columns}
        return cast("Self", cls.model_construct(None, **{**kept, **more}))
