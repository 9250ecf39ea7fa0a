"""A copy for outside as it is read: tables, texts and what it says of itself."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.disclosure.reading import counts_of, figures_of
from api.disclosure.sources import OutsideSource, Pieces, key_of
from api.documents.figures import FiguresRow
from api.documents.listing import LAYOUT
from api.reports.declaration import ReportPart
from api.reports.figure_rows import scale_words
from projections.disclosure.tables import OutsideCopyRow
from projections.figures.figure import Figure
from projections.figures.ranges import WHOLE
from projections.figures.running import labelled
from qa.core.dates_in_words import day as in_words
from qa.core.event_words import code_in_words
from qa.disclosure.events import ReleasedText, ShownTable
from qa.disclosure.rounding import rounded, rounded_rate
from qa.disclosure.words import AUDIENCES

LEFT_OUT = "[left out]"
NUMBER_LEFT_OUT = "[number left out]"
_NO_ROW = ("from", "to", "day")
_OPEN = frozenset(
    {
        "area", "domain", "indicator", "kind", "period", "scale", "standard", "tool",
        "tool_version", "total",
    }
)  # fmt: skip
"""What a row can be of that names nobody."""
_TO_PARTNERS = frozenset({"team", "service", "theme"})
"""What partners are told by name; the public gets a reference."""
_NUMBER = re.compile(
    r"((?:19|20)\d\d(?:/\d\d)?\b|\bQ[1-4]\b|\bquarter [1-4]\b)|\d[\d,]*(?:\.\d+)?", re.IGNORECASE
)
"""A number; in the first group, one of a year or a quarter."""


@dataclass(frozen=True, slots=True)
class OutsideCell:
    """A figure that is shown: so many of so many, and the rate where there is one."""

    figure: str
    counted: int | None
    among: int | None
    shown: str
    percent: str | None = None

    @property
    def text(self) -> str:
        if self.percent is None:
            return self.shown
        return f"{self.percent}\n{self.shown}"


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """A row; `cells` is None where it is not shown."""

    labels: tuple[str, ...]
    cells: tuple[OutsideCell | None, ...] | None
    total: bool = False


@dataclass(frozen=True, slots=True)
class OutsideTable:
    """A table of a copy, or why it is left out."""

    title: str
    rule: str
    headings: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    lines: tuple[OutsideLine, ...]
    without: str = ""
    of_people: bool = True
    rounded: int = 0

    @property
    def note(self) -> str:
        """How many rows are not shown, and how numbers are rounded."""
        hidden = sum(one.cells is None for one in self.lines)
        rows = "1 row is" if hidden == 1 else f"{hidden} rows are"
        if self.rounded:
            note = ROUNDED.format(self.rounded)
            return f"{note} {rows} not shown." if hidden else note
        if not hidden:
            return ""
        return f"{rows} not shown, because small numbers could be worked out from it."


@dataclass(frozen=True, slots=True)
class OutsideCopyView:
    """A copy, whole."""

    title: str
    about: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    tables: tuple[OutsideTable, ...]


ROUNDED = (
    "Every number is rounded to the nearest multiple of {}, and rates are made from the rounded "
    "numbers. Totals are not shown beside rounded rows."
)
_NAMES = "Names of people are left out; references stand for them."


def rule_words(least: int, *, rounds: bool = False) -> str:
    """The rule in words."""
    if rounds:
        return f"{ROUNDED.format(least)} {_NAMES}"
    return (
        f"Rows with a count of 1 to {least - 1} are not shown, and neither is what would give them "
        f"back. {_NAMES}"
    )


def _version(version: int) -> str:
    if not version:
        return "(The rule that Caseloop starts with.)"
    return f"(Version {version} of the rule.)"


def view_of(source: OutsideSource, copy: OutsideCopyRow) -> OutsideCopyView:
    """The copy as it was given out, and whether what it is of is withdrawn."""
    named = _TO_PARTNERS if copy.audience == "partners" else frozenset[str]()
    pieces: Sequence[Pieces | None] = source.pieces or [None] * len(source.parts)
    tables = tuple(
        _table(part, shown, copy.salt, named, evidence, copy.rendering)
        for part, shown, evidence in zip(source.parts, copy.shown, pieces, strict=True)
    )
    numbers = {*_numbers(tables)}
    untold = [*_untold(source, copy)]
    released = {one.text: one for one in copy.released}
    texts = {
        one.key: (one.what, masked(one.text, released[one.key], numbers))
        for one in source.texts(copy.made_at)
        if one.key in released
    }
    title = texts.pop("title", ("", source.kind))[1]
    about = [
        ("Copy for", AUDIENCES[copy.audience]),
        ("Report", source.kind),
        *source.about,
        ("Rule", f"{told_by(copy)} {_version(copy.policy_version)}"),
        *((("Not shown", " ".join(untold)),) if untold else ()),
        ("Given out", in_words(copy.given_at)),
    ]
    if source.withdrawn_because:
        about.insert(0, ("Withdrawn", "This report is withdrawn. Do not use it."))
    elif copy.withdrawn_at is not None:
        on = in_words(copy.withdrawn_at)
        about.insert(0, ("Withdrawn", f"This copy was withdrawn on {on}. Do not use it."))
    return OutsideCopyView(title, tuple(about), tuple(texts.values()), tables)


def _untold(source: OutsideSource, copy: OutsideCopyRow) -> Iterator[str]:
    """Why figures that claims rest on are not shown."""
    pieces: Sequence[Pieces] = source.pieces or [{}] * len(source.parts)
    for part, shown, evidence in zip(source.parts, copy.shown, pieces, strict=True):
        for name in shown.untold:
            of_name = [row[name] for row in evidence.values() if name in row]
            rows = (*part.made.rows, *part.made.totals)
            figures = [row.figures[name] for row in rows if name in row.figures]
            uncounted = next((one.unit for one in figures if counts_of(one) is None), None)
            why = _FEW if uncounted is None else _WHY_NOT.get(uncounted, _UNCOUNTED)
            called = part.report.figure_words(part.sight, name)
            yield f"{', '.join(of_name)}: {called}. {why}"


_COEFFICIENT = "It is worked out of a whole table of grades, in which small numbers can stand."
_OF_ONE = "A middle or a mean can tell what is so of one record."
_WHY_NOT: Mapping[str, str] = {
    "coefficient": _COEFFICIENT,
    "probability": _COEFFICIENT,
    "days": _OF_ONE,
    "score": _OF_ONE,
    "grade steps": _OF_ONE,
}
_UNCOUNTED = "It is given without the counts that it comes from."
_FEW = "From it and the other figures small numbers could be worked out."


def told_by(copy: OutsideCopyRow) -> str:
    """The rule that its tables were made by: what was given out before binds what is now."""
    steps = {one.rounded for one in copy.shown if not one.without}
    if len(steps) > 1:
        return f"{rule_words(copy.least)} Tables that are rounded say so."
    step = next(iter(steps), 0)
    return rule_words(step or copy.least, rounds=bool(step))


def masked(text: str, released: ReleasedText, numbers: Collection[str]) -> str:
    """A text without the words that were left out, and without every number that the copy does not
    show: a commentary may tell a count that is hidden."""
    kept, at = [], 0
    for one in released.left_out:
        kept += [text[at : one.start], LEFT_OUT]
        at = one.end
    kept.append(text[at:])

    def known(found: re.Match[str]) -> str:
        number = found[0].replace(",", "")
        return found[0] if found[1] or number in numbers else NUMBER_LEFT_OUT

    return _NUMBER.sub(known, "".join(kept))


def _numbers(tables: Sequence[OutsideTable]) -> Iterator[str]:
    """The numbers that a text may tell too. Beside figures of people, those of plans do not count:
    they may be small."""
    of_people = [one for one in tables if one.of_people] or tables
    # A number that a text tells is exact, also where a table has the same as a rounded one.
    lines = (line for table in of_people if not table.rounded for line in table.lines)
    for cell in (one for line in lines for one in line.cells or () if one is not None):
        yield from (str(cell.counted), str(cell.among))
        if cell.percent is not None:
            yield cell.percent.removesuffix("%").strip()


# -- tables


def _table(
    part: ReportPart,
    shown: ShownTable,
    salt: str,
    named: Collection[str],
    pieces: Pieces | None = None,
    layout: int = LAYOUT,
) -> OutsideTable:
    """A table of the copy. Of the rows and figures that are evidence alone, where it is of these:
    what else may be shown is left out, and which of them may be shown was decided for the whole."""
    title = part.title or part.report.title
    if shown.without:
        return OutsideTable(title, "", (), (), (), shown.without)
    names, hidden = figures_of(part, shown.beside), set(shown.hidden)
    if pieces is not None:
        names = tuple(one for one in names if any(one in row for row in pieces.values()))
    rows = [
        row for row in part.made.rows if not names or any(name in row.figures for name in names)
    ]
    keys = [
        key
        for key in dict.fromkeys(key for row in rows for key in row.group)
        if key not in _NO_ROW and not key.endswith(("_id", "_name"))
    ]
    # The first key of a report of periods is the period, whatever its length.
    open_keys = _OPEN | ({keys[0]} if part.question.by and keys else set())

    def label(row: FiguresRow, key: str) -> str:
        value = row.group.get(key)
        if value is None:
            return "Not known"
        if key in open_keys or key in named:
            shown = str(row.group.get(f"{key}_name", value))
            if key == "scale" and layout > 2:
                shown = scale_words(shown)
            return labelled(shown, row.caveats) if keys and key == keys[0] else shown
        return reference(salt, key, str(value))

    def is_in(row: FiguresRow) -> bool:
        return pieces is None or key_of(row) in pieces

    def cells(row: FiguresRow) -> tuple[OutsideCell | None, ...]:
        evidence = None if pieces is None else pieces[key_of(row)]
        return tuple(
            _cell(row, name, shown.rounded) if evidence is None or name in evidence else None
            for name in names
        )

    def beside(row: FiguresRow) -> tuple[str, ...]:
        if pieces is None:
            return ()
        places = (one for each in pieces[key_of(row)].values() for one in each.split(", "))
        return (", ".join(dict.fromkeys(places)),)

    lines = [
        OutsideLine(
            (*(label(row, key) for key in keys), *beside(row)),
            None if at in hidden or not names else cells(row),
        )
        for at, row in enumerate(part.made.rows)
        if is_in(row) and (pieces is not None or any(name in row.figures for name in names))
    ]
    if any(key not in open_keys and key not in named for key in keys):
        # The order of names would tell them.
        places = {line.labels[0]: at for at, line in reversed([*enumerate(lines)])}
        first = bool(part.question.by)
        lines.sort(key=lambda line: (places[line.labels[0]] if first else 0, line.labels))
    for at, row in enumerate(part.made.totals):
        if not is_in(row):
            continue
        words = [row.group[key] for key in ("total", "scale") if row.group.get(key) is not None]
        name = " ".join(map(str if layout < 3 else scale_words, words))
        width = max(len(keys), 1)
        labels = (name or WHOLE, *[""] * (width - 1), *beside(row))
        own = cells(row) if at in shown.totals and names else None
        lines.append(OutsideLine(labels, own, total=True))
    return OutsideTable(
        title,
        part.made.cohort_rule,
        (
            *(tuple(key.replace("_", " ").capitalize() for key in keys) or ("Row",)),
            *(() if pieces is None else ("Evidence of",)),
        ),
        tuple((name, part.report.figure_words(part.sight, name)) for name in names),
        tuple(lines),
        of_people=part.report.of_people,
        rounded=shown.rounded,
    )


def _cell(row: FiguresRow, name: str, step: int) -> OutsideCell | None:
    figure = row.figures.get(name)
    if figure is None:
        return None
    counted, among = figure.numerator, figure.denominator
    if step and (pair := counts_of(figure)) is not None:
        return _rounded_cell(figure, *pair, step)
    if counted is None or figure.unit not in ("count", "percent"):
        return OutsideCell(name, None, None, figure.display)
    whole = among is None or (figure.unit == "count" and among == counted)
    shown = str(counted) if whole else f"{counted} of {among}"
    rate = figure.display if figure.unit == "percent" and figure.exact is not None else None
    return OutsideCell(name, counted, among, shown, rate)


def _rounded_cell(figure: Figure, counted: int, among: int, step: int) -> OutsideCell:
    """Nothing in it is made from what is not rounded."""
    counted, among = rounded(counted, step), rounded(among, step)
    if figure.unit == "count":
        return OutsideCell(figure.name, counted, among, str(counted))
    rate = rounded_rate(counted, among, step)
    percent = None if rate is None else f"{rate}%"
    return OutsideCell(figure.name, counted, among, f"{counted} of {among}", percent)


def reference(salt: str, key: str, value: str) -> str:
    """What stands for a name: the same in every copy of a report, and no way back without the salt
    (HMAC-SHA256, RFC 2104)."""
    sign = hmac.new(bytes.fromhex(salt), f"{key}\n{value}".encode(), hashlib.sha256)
    return f"{code_in_words(key).capitalize()} {sign.hexdigest()[:6].upper()}"
