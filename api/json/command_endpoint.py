"""A resource that carries out a command: its body, its checks and its receipt, from the command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, create_model

from api.json.deps import Change, ChangeRecord, New, NewRecord
from api.web.late_routes import taking
from qa.authorisation.handling import CommandHandler
from qa.core.command import Command
from qa.core.fields import FieldWords, field_words
from qa.core.words import Actor
from qa.store.unit import Receipt

R = TypeVar("R", bound=BaseModel)


class ReceiptOf(BaseModel, Generic[R]):
    """What was recorded. `version` is the new ETag of the record, `result` what was made."""

    position: int
    recorded_at: str
    version: int | None
    replayed: bool
    result: R


_ANY = ReceiptOf[BaseModel]
"""Kept, because pydantic forgets, and makes anew, a class that nobody holds."""


@cache
def body_of(command: type[Command], given: frozenset[str] = frozenset()) -> type[BaseModel]:
    """The command without what the address gives, is `given` otherwise or worked out. Unknown
    fields are refused."""
    beside = {n for n, each in field_words(command).items() if each.target or each.derived}
    beside |= given
    fields: Mapping[str, Any] = {
        name: (field.annotation, field)
        for name, field in command.model_fields.items()
        if name not in beside
    }
    return create_model(f"{command.__name__}Body", __config__=command.model_config, **fields)


def _targets(command: type[Command], path: str) -> dict[str, FieldWords]:
    """The fields that stand in the path."""
    return {n: each for n, each in field_words(command).items() if f"{{{n}}}" in path}


def command_endpoint(
    router: APIRouter,
    method: Literal["POST", "PUT", "PATCH", "DELETE"],
    path: str,
    handler: CommandHandler[Any],
    *,
    operation_id: str = "",
    status: int | None = None,
    located_by: str = "",
    given: Callable[..., Mapping[str, Any]] | None = None,
    after: Callable[[NewRecord, Receipt], None] = lambda _change, _done: None,
) -> Callable[..., Any]:
    """Declare the resource. A command that names its record asks for If-Match; one that makes
    something new says where it is by the field `located_by` of its result. The operation is called
    as the command is, and a POST answers 201, unless another `operation_id` or `status` is given.

    `given` answers the fields that stand neither in the path nor in the body. It is called with
    the request as `change`, and with what else its parameters ask for, as an endpoint's do: a field
    that it asks for by its name is not asked in the body again. `after` is called with the request
    and what was recorded.
    """
    command: type[Command] = handler.command
    targets = _targets(command, router.prefix + path)
    keys = frozenset(signature(given).parameters if given else ())

    def endpoint(
        change: NewRecord, body: BaseModel | None = None, **values: Any
    ) -> ReceiptOf[BaseModel]:
        found = {name: values[name] for name in targets}
        if body is not None:
            found |= body.__dict__
        if given is not None:
            named = {name: values[name] for name in keys if name != "change"}
            found |= given(change=change, **named)
        # Every part was checked on the way in.
        wanted = command.model_construct(None, **found)
        seen = change.seen if isinstance(change, ChangeRecord) else None
        done = handler(change.desk, wanted, by=change.actor, seen=seen, key=change.key)
        after(change, done)
        location = str(done.response[located_by]) if located_by else None
        receipt = change.receipt(done, wanted.written(done.response), location=location)
        result = command.RESULT.model_validate(receipt.result)
        return _ANY.model_construct(**{**dict(receipt), "result": result})

    def taken() -> Signature:
        named = Parameter.KEYWORD_ONLY
        own = signature(given, eval_str=True).parameters if given else {}
        parameters = [
            Parameter("change", named, annotation=Change if command.STREAM else New),
            *(
                Parameter(name, named, annotation=_in_address(each))
                for name, each in targets.items()
            ),
            *(
                each.replace(kind=named)
                for name, each in own.items()
                if name != "change" and name not in targets
            ),
        ]
        body = body_of(command, keys)
        if body.model_fields:
            parameters.append(Parameter("body", named, annotation=body))
        answer = ReceiptOf[command.RESULT]  # type: ignore[name-defined]
        return Signature(parameters, return_annotation=answer)

    def ask_first(request: Request, actor: Actor) -> None:
        named = {name: request.path_params[name] for name in targets}
        handler.ask_first(request.app.state.services.desk, named, by=actor)

    taking(endpoint, taken)
    endpoint.ask_first = ask_first  # type: ignore[attr-defined]
    endpoint.__doc__ = command.__doc__
    endpoint.__name__ = handler.__name__
    router.add_api_route(
        path,
        endpoint,
        methods=[method],
        operation_id=operation_id or command.__name__[0].lower() + command.__name__[1:],
        status_code=status or (201 if method == "POST" else 200),
    )
    return endpoint


def _in_address(each: FieldWords) -> Any:
    return Annotated[str, Path(description=each.label, pattern=each.pattern or None)]
