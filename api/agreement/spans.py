"""What every report of periods is asked: its days, their periods, its filters and cuts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from starlette.datastructures import QueryParams

from api.web.moments import day_typed
from qa.core.errors import Fault, Refused
from qa.core.periods import PeriodKind, period_of

KINDS = {kind.value: kind.label for kind in PeriodKind}
QUARTERS_SHOWN = 5


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
