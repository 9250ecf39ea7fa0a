"""Which month a heading or a cell means, however a spreadsheet writes it."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import date

_YEARS = re.compile(r"(\d{4})\s?[/-]\s?(?:\d\d)?(\d\d)")
_SPAN = r"\d{4}\s?[/-]\s?(?:\d\d)?\d\d"


_MONTHS = [name.casefold() for name in month_name]


def month_of(word: str) -> int | None:
    """The number of a month by its name or the beginning of it."""
    found = [n for n, name in enumerate(_MONTHS) if n and name.startswith(word.casefold())]
    return found[0] if found else (9 if word.casefold() == "sept" else None)


def month_meant(text: str, year: str = "") -> date | None:
    """The first day of the month: "Jan-24", "January 2024", "2024-01", "01/2024", a date that is
    the first or the last of its month, or "Apr" (or "01-Apr") with the year that it is of
    ("2023/24", or "2024"), which may stand beside it."""
    words = " ".join(re.sub(r"[_,]", " ", text).split())
    if match := re.fullmatch(r"([A-Za-z]{3,9})\.?[ '’/-]*(\d{4}|\d\d)", words):
        return _month(month_of(match[1]), match[2])
    if match := re.fullmatch(rf"([A-Za-z]{{3,9}})\.? ({_SPAN})", words):
        return month_meant(match[1], match[2])
    if match := re.fullmatch(rf"({_SPAN}) ([A-Za-z]{{3,9}})", words):
        return month_meant(match[2], match[1])
    if match := re.fullmatch(r"(\d{4}|\d\d?)[ /-]([A-Za-z]{3,9})", words):
        if int(match[1]) <= 12:  # A day, as likely as a year.
            return month_meant(match[2], year) if int(match[1]) == 1 else None
        return _month(month_of(match[2]), match[1])
    if (last := _last_day(words)) is not None:
        return last.replace(day=1)
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})([-/.]0?1(?:[T ]00:00(?::00)?)?)?", words):
        # "2011-12" may as well be a year from April to March.
        if match[3] or int(match[2]) != (int(match[1]) + 1) % 100:
            return _month(int(match[2]), match[1])
        return None
    if match := re.fullmatch(r"(?:0?1[-/.])?(\d{1,2})[-/.](\d{4})", words):
        return _month(int(match[1]), match[2])
    if re.fullmatch(r"[A-Za-z]{3,9}\.?", words) and year:
        month = month_of(words.rstrip("."))
        if month is None:
            return None
        if years := _YEARS.fullmatch(year.strip()):
            first = int(years[1])
            return date(first if month >= 4 else first + 1, month, 1)
        return _month(month, year.strip())
    return None


def _last_day(words: str) -> date | None:
    """The day that a date is, where it is the last of its month."""
    found = re.fullmatch(r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?:[T ]00:00(?::00)?)?", words)
    turned = re.fullmatch(r"(\d\d?)[-/.](\d\d?)[-/.](\d{4})", words)
    if found is None and turned is None:
        return None
    year, month, day = found.groups() if found else reversed(turned.groups() if turned else ())
    first = _month(int(month), year)
    length = 0 if first is None else monthrange(first.year, first.month)[1]
    return None if first is None or int(day) != length else first.replace(day=length)


def _month(month: int | None, year: str) -> date | None:
    if month is None or not 1 <= month <= 12 or not re.fullmatch(r"\d{4}|\d\d", year):
        return None
    found = int(year) if len(year) == 4 else 2000 + int(year)
    return date(found, month, 1) if 1990 <= found <= 2100 else None
