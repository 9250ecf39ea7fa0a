"""Finds what every capability says of one matter: its routes, its policy lines, its words.

A capability is a folder of the same name on each storey; a matter is a module of one name in it,
or several that end in that name (``pages``, ``team_pages``). Nothing lists them, so a new
capability edits no hub.
"""

from __future__ import annotations

import gc
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


@cache
def modules(storey: str, matter: str, *, suffixed: bool = False) -> tuple[ModuleType, ...]:
    """The module `matter` of every folder of a storey (``qa``, ``projections``, ``api``) that has
    one, in the order of their names; with `suffixed` also those that end in ``_<matter>``.

    Folders without it are not imported.
    """
    found = [
        f"{storey}.{folder.name}.{module.stem}"
        for place in import_module(storey).__path__
        for folder in sorted(Path(place).iterdir())
        if folder.is_dir()
        for module in sorted(folder.glob(f"*{matter}.py"))
        if module.stem == matter or (suffixed and module.stem.endswith(f"_{matter}"))
    ]
    # Nearly all that is made then stays: to look through it for what may go takes a sixth of it.
    collects = gc.isenabled()
    gc.disable()
    try:
        return tuple(import_module(name) for name in found)
    finally:
        if collects:
            gc.enable()


def declared(
    storey: str, matter: str, name: str, kind: type[T], *, suffixed: bool = False
) -> list[T]:
    """What the modules of a matter declare under `name`: one `kind`, or several in a sequence.
    A module that declares nothing of that name is passed over.

    Raises:
        TypeError: a module declares something else; the message names it.
    """
    result: list[T] = []
    for module in modules(storey, matter, suffixed=suffixed):
        value = getattr(module, name, ())
        for each in (value,) if isinstance(value, kind) else value:
            if not isinstance(each, kind):
                raise TypeError(f"{module.__name__}.{name} holds {each!r}, no {kind.__name__}")
            result.append(each)
    return result
