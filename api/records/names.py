"""What the people in a record are called, for the pages and answers that open it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class WithNames:
    """What was opened, with what the people in it are called."""

    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, person: str | None) -> str:
        return "" if person is None else self.names.get(person, person)
