"""What an address asks in its query or its form, as one class instead of a parameter each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import Field, fields
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class QueryModel(BaseModel):
    """What an endpoint takes as `Annotated[Model, Query()]`. It passes over what other parameters
    of the address ask; the route refuses what none of them knows."""

    model_config = ConfigDict(frozen=True)


class FormFields:
    """What an endpoint takes of a form beside a file, as `Annotated[Class, Depends()]`: a frozen
    dataclass with a field each, which is `Annotated[…, Form()]`."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return ((one.name, getattr(self, one.name)) for one in fields(self))
