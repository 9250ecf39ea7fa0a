"""What a report is asked, declared once: the parameters of the API, the options of the command
line, the query of its page, and what is kept of it when it is published.

Part of every start of the command line: nothing here takes time to import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date
from typing import Annotated, Any, Protocol, TypeVar, get_args, get_origin, get_type_hints

from qa.core.errors import Fault, refuse_any

PERIODS = "month, quarter, calendar-quarter, financial-year or calendar-year"


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """One part of a question: its label, and what it asks for. `name` is what it is called in an
    address where that is not its own name, `flag` how the command line writes a yes or no."""

    label: str
    help: str
    name: str = ""
    flag: str = ""


Several = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """What every report of periods is asked. `start` and `end` are both included."""

    start: Annotated[date, QuestionPart("From", "The first day, YYYY-MM-DD.", "from")]
    end: Annotated[date, QuestionPart("To", "The last day (included), YYYY-MM-DD.", "to")]
    by: Annotated[str, QuestionPart("By", PERIODS)] = "quarter"


Q = TypeVar("Q")


class Multi(Protocol):
    """The query of an address."""

    def getlist(self, key: str) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class QueryField:
    """A part with its place in the query: `kind` is its type; what is owed has no `default`."""

    key: str
    part: QuestionPart
    kind: Any
    default: Any

    @property
    def name(self) -> str:
        """What it is called in an address."""
        return self.part.name or self.key

    @property
    def several(self) -> bool:
        return get_origin(self.kind) is tuple

    @property
    def owed(self) -> bool:
        return self.default is MISSING


def fields_of(query: Any) -> tuple[QueryField, ...]:
    """The parts of a question, in their order."""
    known = _KNOWN.get(query)
    if known is None:
        known = _KNOWN[query] = _read(query)
    return known


_KNOWN: dict[Any, tuple[QueryField, ...]] = {}


def _read(query: Any) -> tuple[QueryField, ...]:
    hints = get_type_hints(query, include_extras=True)

    def one(field: Field[Any]) -> QueryField:
        kind, part = get_args(hints[field.name])
        return QueryField(field.name, part, kind, field.default)

    return tuple(one(field) for field in fields(query))


def pairs_of(query: Any) -> Iterator[tuple[str, str]]:
    """The query string that asks the same again, as pairs; what was left out is left out."""
    for one in fields_of(type(query)):
        value = getattr(query, one.key)
        if value == one.default or value is None:
            continue
        for each in value if one.several else (value,):
            yield one.name, each.isoformat() if isinstance(each, date) else str(each)


def taken(query: Callable[..., Q], given: Mapping[str, Any]) -> Q:
    """The question of these values, lists as tuples and what was not given left out."""
    return query(
        **{
            key: tuple(value) if isinstance(value, list) else value
            for key, value in given.items()
            if value is not None
        }
    )


def typed_query(query: type[Q], typed: Multi) -> Q:
    """The question that a page's address asks, by the names that the API has for it.

    Raises:
        Refused: a part that is missing or cannot be read; every fault at once.
    """
    faults: list[Fault] = []
    given: dict[str, Any] = {}
    for one in fields_of(query):
        words = [text.strip() for text in typed.getlist(one.name) if text.strip()]
        if not words:
            if one.owed:
                code = "date-missing" if one.kind is date else "choice-missing"
                faults.append(Fault(one.name, code, f"{one.part.label}: this is missing."))
            continue
        if one.several:
            given[one.key] = tuple(dict.fromkeys(words))
        elif one.kind in (date, date | None):
            try:
                given[one.key] = date.fromisoformat(words[0])
            except ValueError:
                sentence = "Enter a real date, like 2026-03-31."
                faults.append(Fault(one.name, "date-impossible", sentence))
        else:
            given[one.key] = words[0]
    refuse_any(faults)
    return taken(query, given)


def of_days(query: Q, group: Mapping[str, Any]) -> list[Q]:
    """The question narrowed to the days that a row names, where it names fewer."""
    values = {one.key: getattr(query, one.key) for one in fields_of(type(query))}
    days = [group.get(key) for key in ("from", "to")]
    if not {"start", "end"} <= values.keys() or not all(isinstance(day, str) for day in days):
        return []
    with suppress(ValueError):
        start, end = (date.fromisoformat(str(day)) for day in days)
        if (start, end) != (values["start"], values["end"]) and (
            values["start"] <= start <= end <= values["end"]
        ):
            return [taken(type(query), {**values, "start": start, "end": end})]
    return []
