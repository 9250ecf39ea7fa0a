"""The ground of every value: frozen models, and text that is kept only under a person's key."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SerializationInfo,
    ValidationInfo,
)
from pydantic.fields import FieldInfo

ERASED = "[erased]"
"""What a reader sees where the key of a text was destroyed."""


class Frozen(BaseModel):
    """A value: frozen, and refusing fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _seal(text: str, info: SerializationInfo) -> Any:
    context = info.context
    if isinstance(context, dict) and "sealing" in context:
        texts: list[str] = context["sealing"]
        texts.append(text)
        return {"~": len(texts) - 1}
    return text


def _open(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, dict) and set(value) == {"~"}:
        context = info.context or {}
        texts: list[str] | None = context.get("opened")
        return ERASED if texts is None else texts[value["~"]]
    return value


SealedText = Annotated[
    str,
    BeforeValidator(_open),
    PlainSerializer(_seal, return_type=Any, when_used="json"),
]
"""Free text about a person: in the log it exists only under that person's key."""


def is_sealed(field: FieldInfo) -> bool:
    """Whether a field of a model holds such text."""
    return any(isinstance(one, BeforeValidator) and one.func is _open for one in field.metadata)
