"""YAML that somebody sends, read only as deep as anything of ours is."""

from __future__ import annotations

from typing import Any

import yaml

from qa.core.errors import refuse_any
from qa.core.texts import DEEPEST, faults_in


class TooDeep(yaml.YAMLError):
    """Nested deeper than any file of ours."""


class _Bounded(yaml.SafeLoader):
    """Composes nodes as `SafeLoader` does, which calls itself once a level."""

    _level = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._level += 1
        if self._level > DEEPEST:
            raise TooDeep(f"nested more than {DEEPEST} levels deep")
        try:
            return super().compose_node(parent, index)
        finally:
            self._level -= 1


def load_yaml(text: str) -> Any:
    """The value that the text stands for.

    Raises:
        yaml.YAMLError: it is no YAML, or too deep.   Refused: a text in it cannot be kept.
    """
    try:
        value = yaml.load(text, Loader=_Bounded)  # noqa: S506 - a SafeLoader
    except (ValueError, RecursionError) as wrong:
        # An impossible date, or a number of more digits than are taken.
        raise yaml.YAMLError(type(wrong).__name__) from None
    faults = list(faults_in(value))
    refuse_any(faults)
    return value
