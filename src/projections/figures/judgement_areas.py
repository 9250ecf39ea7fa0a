"""Under which judgement area a domain was reported, month by month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.audit_tools.definition import JudgementArea
from qa.audit_tools.events import JudgementAreasMapped

NO_AREA = "no-area"
"""Under what a domain is reported that nobody put under a judgement area."""


@dataclass(frozen=True, slots=True)
class AreaMappings:
    """Which judgement area a domain was reported under in a month."""

    mappings: tuple[JudgementAreasMapped, ...] = ()

    def in_force(self, month: str) -> JudgementAreasMapped | None:
        """The mapping of a month (``2026-04``): the last begun by then, of two the later made."""
        begun = [one for one in self.mappings if one.from_on.isoformat()[:7] <= month]
        return max(begun, key=lambda one: (one.from_on, one.mapping_version), default=None)

    def area(self, tool: str, domain: str, month: str) -> str:
        """The code of the area; a domain called as an area is stands there unless it is mapped, and
        any other under `NO_AREA`."""
        found = self.in_force(month)
        for one in () if found is None else found.areas:
            if (one.tool, one.domain) == (tool, domain):
                return one.area.value
        return domain if domain in {*JudgementArea} else NO_AREA

    def named(self, months: Iterable[str]) -> list[JudgementAreasMapped]:
        """The mappings that were in force in these months, in their order."""
        used = (self.in_force(month) for month in months)
        return list({one.mapping_version: one for one in used if one is not None}.values())
