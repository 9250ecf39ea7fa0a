"""Under which judgement area a domain was reported, month by month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, tuple_

from projections.figures.figure import caveat
from qa.audit_tools.definition import JudgementArea
from qa.audit_tools.events import JudgementAreasMapped
from qa.core.dates_in_words import day as in_words
from qa.core.periods import PeriodKind, periods_between

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

    def caveats(self, first: date, last: date) -> list[str]:
        """What has to be said of the mappings in force between two days."""
        months = (str(month.start)[:7] for month in periods_between(first, last, PeriodKind.MONTH))
        used = self.named(months)
        found = []
        for one in used:
            on, number = in_words(one.from_on), one.mapping_version
            sentence = f"From {on} domains stand under areas by mapping {number}."
            found.append(caveat("area-mapping", sentence))
        if len(used) > 1:
            sentence = "The mapping changed within the range: part of a change may come from that."
            found.append(caveat("series-break", sentence))
        return found

    def column(
        self, tool: ColumnElement[str], domain: ColumnElement[str], day: ColumnElement[str]
    ) -> ColumnElement[str]:
        """The code of the area of a row, by its tool, its domain and a day of it as ISO text."""
        months = sorted({one.from_on.isoformat()[:7] for one in self.mappings})
        whens = []
        for month, following in zip(months, [*months[1:], "9999"], strict=False):
            within, found = and_(day >= month, day < following), self.in_force(month)
            mapped = () if found is None else found.areas
            for area in JudgementArea:
                named = [(one.tool, one.domain) for one in mapped if one.area == area]
                if named:
                    whens.append((and_(within, tuple_(tool, domain).in_(named)), area.value))
        own = (domain.in_([area.value for area in JudgementArea]), domain)
        return case(*whens, own, else_=NO_AREA)
