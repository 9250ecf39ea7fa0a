"""When an action is due, as plans write it: "January 2017", "September 2016 and quarterly".

What is written is kept at its own precision. A month is not turned into a day, a start is not
taken for a due date, and what is no date at all stays as an unknown one with its words: the action
comes in and the cell is reported, because a wrong date is no reason to lose an action.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from api.imports.files.months import month_of
from api.imports.files.tables import Cell, UnreadableCell, text_of
from api.imports.values import parse_date
from qa.core.due_dates import Due, Stage
from qa.core.errors import Refused

_LONGEST = 300

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = re.compile(
    rf"""
    \b(?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})\b
    | \b(?P<numeric>\d{{1,2}}[/.]\d{{1,2}}[/.](?:\d{{4}}|\d{{2}}))\b
    | \b(?P<day>\d{{1,2}}(?:\s?(?:st|nd|rd|th))?[ -]{_MONTH},?[ -]\d{{4}}
        | \d{{1,2}}-{_MONTH}-\d{{2}})\b
    | \b(?P<zero>(?:0+-)?jan-00)\b
    | \b(?P<month>{_MONTH}),?\s?(?P<year>\d{{4}})\b
    | \b(?P<short>{_MONTH})[-’'](?P<two>\d{{2}})\b
    | \b(?P<isoyear>\d{{4}})-(?P<isomonth>\d{{2}})\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AGAIN = re.compile(
    r"[\s,;]*(?:and|then|and then|onwards?,?)?\s*\b(?P<kind>quarterly|ongoing|on-going)\b",
    re.IGNORECASE,
)
_AGAIN_FROM = re.compile(
    r"(?P<kind>quarterly|ongoing|on-going)\s*(?:,?\s*(?:from|since|starting))?", re.IGNORECASE
)
_BEGUN = re.compile(r"\b(?:began|begun|started|commenced)\b", re.IGNORECASE)
_BEGINS = re.compile(r"\b(?:begins?|starts?|commences?|from)\b", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:ends?|ended|complet\w*|finish\w*)\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"""
    \b(?:originally|previously|formerly|instead\ of)\b
    | \b(?:original|previous|former|old)\ (?:\w+\ )?(?:date|deadline|target|timescale)\b
    | \b(?:
        was | were | original | previous | former | not
        | (?:moved|revised|extended|changed|slipped)\ (?:from|to)
      )(?:\ (?:due|set|for|by|on|in|to\ be|the|end\ of))*\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Words that say of a date, or of the one before them, that it held once."""
_NO_LABEL = re.compile(r"(?:by|due|due by|end of|(?:by )?(?:the )?end of)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WhenDue:
    """What a cell says of when something is due. `wrong` says why a part of it is no date, as
    (code, sentence); that part is a stage with an unknown date."""

    stages: tuple[Stage, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the text: what stands before its date, and the date if there is one."""

    label: str
    due: Due


def parse_due(cell: Cell) -> WhenDue:
    """Read a cell of due dates; nothing for blank. Never raises: see `WhenDue.wrong`."""
    if isinstance(cell, UnreadableCell):
        unknown = Due(kind="unknown", said=cell.text[:_LONGEST])
        return WhenDue((Stage(due=unknown),), ((cell.code, cell.sentence),))
    if isinstance(cell, date | datetime):
        wrong, due = _read(text_of(cell), cell)
        return WhenDue((Stage(due=due),), wrong)
    text = " ".join(text_of(cell).split())
    if not text:
        return WhenDue()
    wrong, due = _read(text, cell)
    if due.on is not None or re.fullmatch(r"\d{5}", text):
        return WhenDue((Stage(due=due),), wrong)
    wrong_all: list[tuple[str, str]] = []
    parts = _parts(text, wrong_all)
    roles = _roles([part.label for part in parts])
    stages = tuple(
        Stage(label=part.label[:200], role="start" if begins else "due", due=part.due)
        for part, begins in zip(parts, roles, strict=True)
    )
    return WhenDue(stages, tuple(wrong_all))


def _parts(text: str, wrong: list[tuple[str, str]]) -> list[_Part]:
    """The dated parts of a text in order; a label left without a date has an unknown one."""
    parts: list[_Part] = []
    at = 0
    for match in _DATE.finditer(text):
        if match.start() < at:
            continue
        label = text[at : match.start()]
        words = match[0]
        again = _AGAIN.match(text, match.end())
        before = _AGAIN_FROM.fullmatch(label.strip())
        at = again.end() if again else match.end()
        found, due = _dated(match)
        wrong += found
        recurs = again or before
        if due.on is not None and recurs:
            words = text[match.start() : at] if again else f"{label.strip()} {words}"
            label = label if again else ""
            due = Due(kind=_kind(recurs["kind"]), on=due.on, said=words[:_LONGEST])
        parts.append(_Part(_label(label), due))
    rest = text[at:].strip(" ,;.")
    several = len(parts) > 1 or (len(parts) == 1 and re.search(r"\w", rest))
    if several and any(_BEFORE.search(part.label) for part in parts):
        sentence = f"“{text}” says that a date was before; which one holds now is not plain."
        wrong.append(("date-doubtful", sentence))
        return [_Part("", Due(kind="unknown", said=text[:_LONGEST]))]
    if not rest:
        return parts
    if not parts and (never := _AGAIN.fullmatch(rest)):
        return [_Part("", Due(kind=_kind(never["kind"]), said=rest[:_LONGEST]))]
    if parts and not rest.endswith(":"):
        wrong.append(("due-remark", f"“{rest}” stands after the date; it is kept as a remark."))
        last = parts[-1].due
        kept = last.model_copy(update={"said": f"{last.said} {rest}"[:_LONGEST]})
        return [*parts[:-1], _Part(parts[-1].label, kept)]
    wrong.append(("not-a-date", f"“{rest}” holds no date."))
    unknown = Due(kind="unknown", said=rest[:_LONGEST])
    return [*parts, _Part(_label(rest) if parts else "", unknown)]


def _kind(word: str) -> Literal["quarterly", "ongoing"]:
    return "quarterly" if word.casefold() == "quarterly" else "ongoing"


def _label(text: str) -> str:
    bare = text.strip(" ,;:–-")
    return "" if _NO_LABEL.fullmatch(bare) else bare


def _dated(match: re.Match[str]) -> tuple[list[tuple[str, str]], Due]:
    """The date of a match at its own precision, or an unknown one and why."""
    words = match[0]
    if match["zero"]:
        sentence = f"“{words}” is what a spreadsheet shows for an empty date."
        return [("not-a-date", sentence)], Due(kind="unknown", said=words)
    if match["month"] or match["short"]:
        month = month_of((match["month"] or match["short"]).rstrip("."))
        year = int(match["year"]) if match["year"] else 2000 + int(match["two"])
        return _month(words, year, month)
    if match["isoyear"]:
        return _month(words, int(match["isoyear"]), int(match["isomonth"]))
    written = re.sub(r"(\d)\s(st|nd|rd|th)\b", r"\1\2", words, flags=re.IGNORECASE)
    wrong, due = _read(words, written)
    return list(wrong), due


def _month(words: str, year: int, month: int | None) -> tuple[list[tuple[str, str]], Due]:
    if month is None or not 1 <= month <= 12 or year < 1990:
        return [("not-a-date", f"“{words}” is not a month.")], Due(kind="unknown", said=words)
    return [], Due(kind="month", on=date(year, month, 1), said=words)


def _read(words: str, cell: Cell) -> tuple[tuple[tuple[str, str], ...], Due]:
    try:
        day = parse_date(cell)
    except Refused as refused:
        fault = refused.faults[0]
        return ((fault.code, fault.sentence),), Due(kind="unknown", said=words[:_LONGEST])
    return (), Due(kind="day", on=day, said=words[:_LONGEST])


def _roles(labels: list[str]) -> list[bool]:
    """Whether each part is a start and so no due date.

    What has begun is a start. What is to begin is one where an end follows; alone, beginning is
    what is due.
    """
    return [
        bool(_BEGUN.search(label))
        or (bool(_BEGINS.search(label)) and any(map(_ENDS.search, labels[at + 1 :])))
        for at, label in enumerate(labels)
    ]
