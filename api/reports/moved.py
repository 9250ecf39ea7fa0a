"""The figures of a report that are others at another moment, and the records that moved them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.documents.figures import FiguresRow
from api.reports.figure_rows import scale_words
from qa.core.errors import NotFound

Rows = Mapping[tuple[Any, ...], FiguresRow]
"""The rows of a report by their group."""


@dataclass(frozen=True, slots=True)
class MovedValue:
    """One field or figure: what it is called, what it was and what it is (None: there was none)."""

    name: str
    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class FigureMoved:
    """One figure of a report that is not what it was, and the references of the records (audits,
    actions) that moved it. `of` is the title of the report, where several were compared; `rows` are
    the query strings that list the records behind what it was and what it is, `query` what was
    asked."""

    report: str
    group: Mapping[str, Any]
    figure: MovedValue
    audits: Sequence[str] = ()
    of: str = ""
    rows: tuple[str, str] = ("", "")
    query: Any = None

    @property
    def row(self) -> str:
        """The row of the report, in words."""
        parts = {
            key: self.group.get(f"{key}_name", value)
            for key, value in self.group.items()
            if key not in ("from", "to") and not key.endswith(("_name", "_id"))
        }
        if parts.get("scale") is not None:
            parts["scale"] = f"scale {scale_words(parts['scale'])}"
        return ", ".join("Not known" if v is None else str(v) for v in parts.values())


def by_group(rows: Iterable[FiguresRow]) -> Rows:
    return {tuple(row.group.items()): row for row in rows}


def moved(report: str, old: Rows, new: Rows, called: Callable[[str], str]) -> list[FigureMoved]:
    """Every figure that is not what it was."""
    found: list[FigureMoved] = []
    for key in dict.fromkeys((*old, *new)):
        was, is_ = old.get(key), new.get(key)
        row = is_ or was
        assert row is not None
        for figure in dict.fromkeys((*(was.figures if was else ()), *(is_.figures if is_ else ()))):
            one = shown(was, figure), shown(is_, figure)
            if one[0] != one[1]:
                value = MovedValue(figure, called(figure), *one)
                rows = _behind(was, figure), _behind(is_, figure)
                found.append(FigureMoved(report, row.group, value, rows=rows))
    return found


def _behind(row: FiguresRow | None, name: str) -> str:
    figure = None if row is None else row.figures.get(name)
    return "" if figure is None else figure.basis.rows


def shown(row: FiguresRow | None, name: str) -> str | None:
    """A figure with what it is counted from, or None where there is none."""
    figure = None if row is None else row.figures.get(name)
    if figure is None:
        return None
    if figure.unit == "count" or figure.denominator is None:
        return figure.display
    return f"{figure.display} ({figure.display_base})"


Places = Callable[[FigureMoved], Mapping[tuple[str, str], object]]
"""The records that a figure counts at one of the moments, each with its place in it."""


def with_records(found: Iterable[FigureMoved], then: Places, now: Places) -> list[FigureMoved]:
    """The figures with the references of the records whose place in them is not what it was."""
    figures = []
    for one in found:
        try:
            old, new = then(one), now(one)
        except NotFound:
            # A coefficient rests on the whole table of grades: there is no list behind it.
            figures.append(one)
            continue
        # A place may be None: of an action without a rating that it has none.
        differ = (old.keys() ^ new.keys()) | {key for key in old if old[key] != new.get(key)}
        figures.append(replace(one, audits=sorted({reference for reference, _ in differ})))
    return figures
