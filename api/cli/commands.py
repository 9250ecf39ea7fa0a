"""How a capability brings its commands: under ``COMMANDS`` in its ``cli``, by group.

Such modules import nothing that takes time before a command runs: ``caseloop --help`` reads them
all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CliGroup:
    """Commands that begin alike, such as ``caseloop import …``."""

    name: str
    help: str
    no_args_is_help: bool = False


@dataclass(frozen=True, slots=True)
class CliCommand:
    """One command. Its options and its help are those of `run`; `group` is "" at the top. What
    everybody needs first has a `place` before the others."""

    name: str
    run: Callable[..., None]
    group: str = ""
    place: int = 100
