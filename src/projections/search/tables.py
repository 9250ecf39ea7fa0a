"""The read rows of search, and how a text is made ready to be found.

A text is found by its words without accents or capitals, by their stems, and by what several of
them make together where only a sign stands between them: ``CA-2026-0012`` is found by
``ca20260012``, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from threading import local
from typing import NamedTuple

from snowballstemmer.english_stemmer import EnglishStemmer

from projections.core.full_text import FullText
from projections.core.typed_rows import Position, ReadTable

NAME, TITLE, TEXT = "name", "title", "text"
"""What a record goes by, what it is called, and what is written in it: found in this order."""

LONGEST_WORD = 60
JOINED = re.compile(r"[^\W_]+(?:[-‐‑–/._'’+&][^\W_]+)*")
"""Words, with those that a sign alone parts taken together."""
_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_here = local()


class SearchRow(NamedTuple):
    """A text of a record. `place` is where it stands among all that were ever written, the names
    first and the newest of each before the others; `words` are what it is found by."""

    record: str
    part: str
    field: str
    kind: str
    place: Position
    text: str
    words: str


SEARCH = ReadTable(
    SearchRow,
    "search_text",
    key=("record", "part", "field"),
    indexes=(("place",),),
    full_text=FullText("place", "words"),
    long_rows=True,
    by_key=True,
)
search_text = SEARCH.table

_LINES, _POSITIONS = 15, 36
"""Bits of a place: the texts of one event, and events. With two for the part, it is below 2^53, so
that every program can read it as a number."""
_WEIGHTS: Mapping[str, int] = {NAME: 3, TITLE: 2, TEXT: 1}


def place(part: str, position: int, line: int) -> int:
    """Where the text of a line of the event at `position` stands.

    Raises:
        ValueError: an event has more texts than there are places.
    """
    if line >> _LINES or position >> _POSITIONS:
        raise ValueError("an event has more texts than the search has places for")
    return ((_WEIGHTS[part] << _POSITIONS | position) << _LINES) | line


def fold(text: str) -> str:
    """A text without accents and capitals."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)


def pieces(text: str) -> Iterator[list[str]]:
    """The words of a folded text, those together that only a sign parts."""
    for run in text.split():
        if run.isalnum():
            yield [run[:LONGEST_WORD]]
        else:
            yield from _parted(run)


def _parted(run: str) -> Iterator[list[str]]:
    for found in JOINED.findall(run):
        yield [one[:LONGEST_WORD] for one in _WORD.findall(found)]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A folded word without its ending, as English has them."""
    if not word.isalpha():
        return word
    if not hasattr(_here, "stemmer"):
        _here.stemmer = EnglishStemmer()
    stemmed: str = _here.stemmer.stemWord(word)
    return stemmed


def joined(parts: list[str]) -> str:
    return "".join(parts)[:LONGEST_WORD]


def found_by(text: str) -> dict[str, None]:
    """All the words that a text is found by, each once, in their order."""
    words: list[str] = []
    together: list[str] = []
    for run in fold(text).split():
        if run.isalnum():  # as most are
            words.append(run[:LONGEST_WORD])
            continue
        for parts in _parted(run):
            words += parts
            if len(parts) > 1:
                together.append(joined(parts))
    return dict.fromkeys([*words, *map(stem, words), *together])


@lru_cache(maxsize=100)
def of_kind(kind: str) -> str:
    """The word that every text of records of a kind is found by; none that can be typed."""
    return f"§{kind.replace('-', '')}"


def whole(text: str) -> str:
    """The word that a name is found by as a whole; none that can be typed."""
    return "¬" + "".join(_WORD.findall(fold(text)))[:LONGEST_WORD]
