"""Numbers that a text tells in words. Whoever lets it out says of each such sentence that it may
go, for no rule finds out what is counted there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_UNITS = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TEENS = "(?:thir|four|fif|six|seven|eigh|nine)teen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
_OTHERS = "dozen|couple|pair|both|half|once|twice|thrice|single"
_PARTS = r"(?:a|one|two|three|four) (?:third|quarter|fifth|tenth)s?"
_NUMBER = re.compile(rf"\b(?:{_UNITS}|{_TEENS}|{_TENS}|{_OTHERS}|{_PARTS})\b", re.IGNORECASE)
_SENTENCE = re.compile(r"\S[^.!?\n]*(?:[.!?](?!\s)[^.!?\n]*)*[.!?]*")


def number_sentences(text: str, left_out: Sequence[tuple[int, int]] = ()) -> tuple[str, ...]:
    """The sentences of a text with a number in words that stands in none of the places that are
    `left_out`, each once and as it is written."""
    return tuple(dict.fromkeys(_found(text, left_out)))


def _found(text: str, left_out: Sequence[tuple[int, int]]) -> Iterator[str]:
    for sentence in _SENTENCE.finditer(text):
        numbers = _NUMBER.finditer(text, *sentence.span())
        if any(not _within(one.span(), left_out) for one in numbers):
            yield sentence[0].strip()


def _within(span: tuple[int, int], places: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in places)
