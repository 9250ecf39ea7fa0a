"""What the page of every report of periods is asked: read from the query, kept for its links.

The names in the query are those of the JSON API, so that one address asks both for the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import quote_plus, urlencode

from starlette.datastructures import QueryParams

from api.web.context import Reading
from api.web.forms import Errors
from api.web.moments import day_typed
from qa.core.errors import Fault, Refused
from qa.core.periods import PeriodKind, period_of

KINDS = {kind.value: kind.label for kind in PeriodKind}
QUARTERS_SHOWN = 5
Q = TypeVar("Q")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRequest(Generic[Q]):
    """A report as asked for. `question` is None where something is wrong with what was typed.

    `typed` holds the single fields as they stand in the form, `chosen` the filters that are set.
    """

    SINGLE: ClassVar[tuple[str, ...]] = ("from", "to", "by")
    reading: Reading
    page_path: str
    question: Q | None
    typed: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]
    dimensions: tuple[str, ...]
    errors: Errors

    def pairs(self) -> list[tuple[str, str]]:
        """The query that asks for this report again, without its moment."""
        found = [(name, self.typed[name]) for name in self.SINGLE]
        found += [("dimension", one) for one in self.dimensions]
        return found + [(name, one) for name, values in self.chosen.items() for one in values]

    def link(self, path: str = "", *more: tuple[str, str]) -> str:
        """An address of this report or below it, at the moment of the page.

        Not at its position: what is overdue is a question about the day, which a position of the
        log does not hold.
        """
        query = [*self.pairs(), *self.reading.moment.items(), *more]
        return f"{self.page_path}{path}?{urlencode(query)}"


def links_behind(
    request: PeriodRequest[Any], group_of: Callable[[R], Sequence[tuple[str, str]]]
) -> Callable[[R, str], str]:
    """Gives the address of the list behind a figure of a row. What is the same for every figure is
    put together once: a page has hundreds."""
    begins = request.link("/rows")
    groups: dict[int, tuple[R, str]] = {}

    def link(row: R, figure: str) -> str:
        # The row is kept beside its text, so that no other row can have its identity.
        entry = groups.get(id(row))
        if entry is None:
            entry = groups[id(row)] = row, urlencode(group_of(row))
        return "&".join(filter(None, (begins, f"figure={quote_plus(figure)}", entry[1])))

    return link


def built(
    typed: Mapping[str, str], faults: list[Fault], make: Callable[[date, date], Q]
) -> tuple[Q | None, list[Fault]]:
    """The question of the days that were typed, or what is wrong with it beside `faults`."""
    days, wrong = days_of(typed)
    if wrong or faults:
        return None, [*wrong, *faults]
    try:
        return make(days["from"], days["to"]), []
    except Refused as refused:
        return None, list(refused.faults)


def last_quarters(last: date) -> dict[str, str]:
    """The days of the last five quarters, that of `last` the latest."""
    period = period_of(last, PeriodKind.QUARTER)
    end = period.end
    for _ in range(QUARTERS_SHOWN - 1):
        period = period.preceding
    return {"from": period.start.isoformat(), "to": end.isoformat()}


def typed_over(preset: Mapping[str, str], given: QueryParams) -> dict[str, str]:
    """The single fields: what was typed, and what was preset where nothing was."""
    typed = {key: given[key].strip() for key in preset if given.get(key, "").strip()}
    return {**preset, **typed}


def chosen_of(given: QueryParams, filters: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The filters that are set, each value once."""
    chosen = {key: tuple(dict.fromkeys(filter(None, given.getlist(key)))) for key in filters}
    return {key: values for key, values in chosen.items() if values}


def cuts_of(given: QueryParams) -> tuple[str, ...]:
    """What the rows are cut by, in the order asked for."""
    return tuple(dict.fromkeys(one for one in given.getlist("dimension") if one))


def days_of(typed: Mapping[str, str]) -> tuple[dict[str, date], list[Fault]]:
    """The days ``from`` and ``to``, and what is wrong with them or with the periods asked for."""
    faults: list[Fault] = []
    days: dict[str, date] = {}
    for name in ("from", "to"):
        try:
            found = day_typed(typed[name], field=name)
        except Refused as refused:
            faults += refused.faults
            continue
        if found is not None:
            days[name] = found
    if typed["by"] not in KINDS:
        faults.append(Fault("by", "unknown-period", "Choose a length of period from the list."))
    return days, faults
