"""A resource that carries out a command: its body, its checks and its receipt, from the command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from inspect import Parameter, Signature
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import APIRouter, Path
from pydantic import BaseModel, create_model

from api.json.deps import Change, ChangeRecord, New, NewRecord
from qa.authorisation.handling import CommandHandler
from qa.core.command import Command
from qa.core.fields import FieldWords, field_words

R = TypeVar("R", bound=BaseModel)


class ReceiptOf(BaseModel, Generic[R]):
    """What was recorded. `version` is the new ETag of the record, `result` what was made."""

    position: int
    recorded_at: str
    version: int | None
    replayed: bool
    result: R


@cache
def body_of(command: type[Command]) -> type[BaseModel]:
    """The command without the ids that the address gives. Unknown fields are refused."""
    targets = _targets(command)
    fields: Mapping[str, Any] = {
        name: (field.annotation, field)
        for name, field in command.model_fields.items()
        if name not in targets
    }
    return create_model(f"{command.__name__}Body", __config__=command.model_config, **fields)


def _targets(command: type[Command]) -> dict[str, FieldWords]:
    """The fields that the address gives."""
    return {name: each for name, each in field_words(command).items() if each.target}


def command_endpoint(
    router: APIRouter,
    method: Literal["POST", "PUT", "PATCH", "DELETE"],
    path: str,
    handler: CommandHandler[Any],
    *,
    operation_id: str,
    status: int = 200,
    located_by: str = "",
) -> Callable[..., Any]:
    """Declare the resource. A command that names its record asks for If-Match; one that makes
    something new says where it is by the field `located_by` of its result."""
    command: type[Command] = handler.command
    body = body_of(command)
    answer = ReceiptOf[command.RESULT]  # type: ignore[name-defined]

    def endpoint(
        change: NewRecord, body: BaseModel | None = None, **ids: str
    ) -> ReceiptOf[BaseModel]:
        values = {} if body is None else body.__dict__
        # Both parts were checked on the way in.
        wanted = command.model_construct(None, **ids, **values)
        seen = change.seen if isinstance(change, ChangeRecord) else None
        done = handler(change.desk, wanted, by=change.actor, seen=seen, key=change.key)
        location = str(done.response[located_by]) if located_by else None
        given = change.receipt(done, wanted.stream, location=location)
        result = command.RESULT.model_validate(given.result)
        return ReceiptOf[BaseModel].model_construct(**{**dict(given), "result": result})

    named = Parameter.KEYWORD_ONLY
    parameters = [
        Parameter("change", named, annotation=Change if command.STREAM else New),
        *(
            Parameter(name, named, annotation=_in_address(each))
            for name, each in _targets(command).items()
        ),
    ]
    if body.model_fields:
        parameters.append(Parameter("body", named, annotation=body))
    endpoint.__signature__ = Signature(  # type: ignore[attr-defined]
        parameters, return_annotation=answer
    )
    endpoint.__doc__ = command.__doc__
    endpoint.__name__ = handler.__name__
    router.add_api_route(
        path,
        endpoint,
        methods=[method],
        operation_id=operation_id,
        response_model=answer,
        status_code=status,
    )
    return endpoint


def _in_address(each: FieldWords) -> Any:
    return Annotated[str, Path(description=each.label, pattern=each.pattern or None)]
