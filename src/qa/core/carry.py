"""Passing on what two values share, so that no field is spelt once more on its way."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from inspect import getmembers
from operator import attrgetter
from types import UnionType
from typing import Any, Literal, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from qa.core.command import Command

T = TypeVar("T")


def carry(made: type[T], source: object, /, **given: Any) -> T:
    """A `made` with what is `given`, and with every other field that `source` has by the same name,
    as a field or a property.

    Texts of a command are carried without the white space around them.

    Raises:
        TypeError: what has the same name and is not given holds another type of value.
    """
    between: tuple[Any, Any, frozenset[str]] = (made, type(source), frozenset(given))
    found = {name: get(source) for name, get in _shared(*between)}
    if isinstance(source, Command):
        found = {n: value.strip() if type(value) is str else value for n, value in found.items()}
    return made(**found, **given)


@cache
def _shared(
    made: type, source: type, given: frozenset[str]
) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    source_fields = _fields(source) | {
        name: get_type_hints(each.fget)["return"]
        for name, each in getmembers(source, lambda each: isinstance(each, property))
    }
    shared = {n: of for n, of in _fields(made).items() if n in source_fields and n not in given}
    for name, wanted in shared.items():
        if not _fits(source_fields[name], wanted):
            raise TypeError(f"{source.__name__}.{name} does not fit {made.__name__}.{name}")
    return tuple((name, attrgetter(name)) for name in shared)


def _fields(of: type) -> dict[str, Any]:
    fields = next(
        getattr(of, each)
        for each in ("model_fields", "__dataclass_fields__", "_fields")
        if hasattr(of, each)
    )
    hints = get_type_hints(of)
    return {name: hints[name] for name in fields}


def _fits(source: Any, wanted: Any) -> bool:
    """Whether each value of the one type is one of the other."""
    if source == wanted or Any in (source, wanted):
        return True
    if _is_union(source):
        return all(_fits(each, wanted) for each in get_args(source))
    if _is_union(wanted):
        return any(_fits(source, each) for each in get_args(wanted))
    if get_origin(source) is Literal:
        if get_origin(wanted) is Literal:
            return set(get_args(source)) <= set(get_args(wanted))
        return all(_fits(type(value), wanted) for value in get_args(source))
    if isinstance(source, NewType):
        return _fits(source.__supertype__, wanted)
    inner, outer = get_origin(source) or source, get_origin(wanted) or wanted
    if not (isinstance(inner, type) and isinstance(outer, type) and issubclass(inner, outer)):
        return False
    return all(map(_fits, get_args(source), get_args(wanted)))


def _is_union(of: Any) -> bool:
    return get_origin(of) in (Union, UnionType)
