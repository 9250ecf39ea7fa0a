"""Options that are stated as one class, a field each: what a command asks as a program does by an
address, and what several commands take alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, get_args, get_type_hints

import typer
from typing_extensions import Doc

from api.cli.dates import day_of

Run = Callable[..., None]


def with_options(shape: type[Any]) -> Callable[[Run], Run]:
    """Give a command the fields of a dataclass as its options; its first parameter takes the
    instance. A field says how it is asked (`typer.Option`), or what it is (`Doc`). Days are read
    as such, a field of several values may be repeated.
    """
    taken = {
        name: _Taken(name, *get_args(hint))
        for name, hint in get_type_hints(shape, include_extras=True).items()
    }

    def spread(run: Run) -> Run:
        own = list(signature(run, eval_str=True).parameters.values())[1:]
        needed = [each for each in own if each.default is Parameter.empty]
        options = [taken[each.name].parameter(each.default) for each in fields(shape)]

        def started(**given: Any) -> None:
            values = {name: one.read(given.pop(name)) for name, one in taken.items()}
            run(shape(**values), **given)

        started.__doc__ = run.__doc__
        started.__signature__ = Signature(  # type: ignore[attr-defined]
            [
                each.replace(kind=Parameter.KEYWORD_ONLY)
                for each in (*needed, *options, *(one for one in own if one not in needed))
            ]
        )
        return started

    return spread


class _Taken:
    """A field as an option."""

    def __init__(self, name: str, kind: Any, how: Any, *_: Any) -> None:
        self.name = name
        self.kind = kind
        self.how = typer.Option(help=how.documentation) if isinstance(how, Doc) else how
        self.is_day = date in (kind, *get_args(kind))
        self.is_many = kind == tuple[str, ...]

    def parameter(self, default: Any) -> Parameter:
        kind: Any = str | None if self.is_day else self.kind
        if self.is_many:
            kind, default = list[str] | None, None
        annotation = Annotated[kind, self.how]
        return Parameter(self.name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)

    def read(self, value: Any) -> Any:
        if self.is_day:
            named = [self.how.default, *(self.how.param_decls or ())]
            flags = [one for one in named if isinstance(one, str)]
            return day_of(value, flags[0] if flags else f"--{self.name.replace('_', '-')}")
        return tuple(value or ()) if self.is_many else value
