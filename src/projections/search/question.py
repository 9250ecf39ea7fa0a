"""What is typed into the search, as the databases are asked it.

Every word must be found: as it is, without its ending, or as the beginning of a longer one.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from projections.search.tables import (
    JOINED,
    LONGEST_WORD,
    fold,
    found_by,
    joined,
    of_kind,
    pieces,
    stem,
    whole,
)

MOST_WORDS = 12
SHORTEST_BEGINNING = 3
"""Letters from which on a word is taken for the beginning of a longer one."""
MISSPELT = range(4, 21)
"""Letters of a word in which one may be wrong."""
_COMMON = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "of", "on"}
    | {"or", "that", "the", "this", "to", "was", "were", "with"}
)


@dataclass(frozen=True, slots=True)
class WordToken:
    """One word of the index, or all that begin so."""

    word: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """Some conditions: all of them or, with `any`, one at least."""

    parts: tuple[Condition, ...]
    any: bool = False


Condition = WordToken | Together


def _any(parts: Iterable[Condition]) -> Condition:
    return Together(tuple(dict.fromkeys(parts)), any=True)


def for_database(dialect: str, condition: Condition) -> str:
    """The condition as FTS5 or a `tsquery` has it. No word holds a sign of either language."""
    if dialect == "postgresql":
        return _written(condition, lambda one: f"'{one.word}'" + ":*" * one.begins, "&", "|")
    return _written(condition, lambda one: f'"{one.word}"' + " *" * one.begins, "AND", "OR")


def _written(
    condition: Condition, token: Callable[[WordToken], str], both: str, either: str
) -> str:
    if isinstance(condition, WordToken):
        return token(condition)
    between = f" {either if condition.any else both} "
    return f"({between.join(_written(one, token, both, either) for one in condition.parts)})"


@dataclass(frozen=True, slots=True)
class Term:
    """Something typed between blanks: a word, or several that a sign parts. Where it is a name,
    `also` are the others that the same thing has."""

    parts: tuple[str, ...]
    also: tuple[SearchQuestion, ...] = ()

    @property
    def whole(self) -> str:
        return joined([*self.parts])

    @property
    def condition(self) -> Condition:
        apart = tuple(_any((WordToken(word), WordToken(stem(word)))) for word in self.parts)
        either = [apart[0] if len(apart) == 1 else Together(apart)]
        if len(self.whole) >= SHORTEST_BEGINNING:
            either.append(WordToken(self.whole, begins=True))
        elif len(apart) > 1:
            either.append(WordToken(self.whole))
        return _any((*either, *(one.condition for one in self.also)))

    def is_at(self, words: Sequence[str]) -> bool:
        """Whether this is what stands there: some words that a sign parts, or one."""
        typed = self.whole
        if any(term.is_at(words) for one in self.also for term in one.terms):
            return True
        if len(typed) >= SHORTEST_BEGINNING and joined([*words]).startswith(typed):
            return True
        return len(words) == 1 and any(
            words[0] == word or stem(words[0]) == stem(word) for word in self.parts
        )

    def near(self) -> frozenset[str]:
        """The words that are one letter away: left out, added, another one, or two changed about.
        None for what holds a number: another number is another record."""
        word = self.whole
        if len(self.parts) > 1 or len(word) not in MISSPELT or not word.isalpha():
            return frozenset()
        letters = string.ascii_lowercase
        found: set[str] = set()
        for at in range(len(word) + 1):
            before, behind = word[:at], word[at:]
            found.update(f"{before}{one}{behind}" for one in letters)
            if behind:
                found.add(before + behind[1:])
                found.update(f"{before}{one}{behind[1:]}" for one in letters)
            if len(behind) > 1:
                found.add(f"{before}{behind[1]}{behind[0]}{behind[2:]}")
        return frozenset(found - {word})


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """What is asked of the index: every term, in whatever order they stand; or one of the names
    that what was typed has `also`."""

    typed: str
    terms: tuple[Term, ...]
    also: tuple[SearchQuestion, ...] = ()

    @classmethod
    def of(cls, typed: str, same: Mapping[str, Collection[str]] | None = None) -> SearchQuestion:
        """What was typed. `same` has for each of several names of one thing all of them."""
        names = {whole(name): (name, all_of) for name, all_of in (same or {}).items()}

        def others(named: str) -> tuple[SearchQuestion, ...]:
            name, all_of = names.get(named, ("", ()))
            return tuple(cls.of(one) for one in sorted(all_of) if one != name)

        terms = list(dict.fromkeys(Term(tuple(parts)) for parts in pieces(fold(typed))))
        telling = [one for one in terms if one.whole not in _COMMON]
        kept = [
            Term(one.parts, others(whole(one.whole))) for one in (telling or terms)[:MOST_WORDS]
        ]
        return cls(typed, tuple(kept), others(whole(typed)) if len(terms) > 1 else ())

    @property
    def condition(self) -> Condition:
        every: Condition = Together(tuple(one.condition for one in self.terms))
        run = "".join(one.whole for one in self.terms)[:LONGEST_WORD]
        if len(self.terms) > 1 and any(map(str.isdecimal, run)):
            every = _any((every, WordToken(run, begins=True)))
        return _any((every, *(one.condition for one in self.also))) if self.also else every

    @property
    def exactly(self) -> Condition:
        """For the records that go by what was typed."""
        also = self.also or (self.terms[0].also if len(self.terms) == 1 else ())
        return _any(WordToken(whole(one)) for one in (self.typed, *(one.typed for one in also)))

    @property
    def nearly(self) -> Condition | None:
        """The same with one wrong letter in a word; None where no word can have one."""
        near = [one.near() for one in self.terms]
        if not any(near):
            return None
        return Together(
            tuple(
                _any((term.condition, *map(WordToken, sorted(words | {*map(stem, words)}))))
                for term, words in zip(self.terms, near, strict=True)
            )
        )

    def corrected(self, texts: Iterable[str]) -> str:
        """What was meant, by the words of texts that answer `nearly`: the nearest word that stands
        most often takes the place of each that none of them holds. Empty: nothing better."""
        word_sets = [found_by(text) for text in texts]
        counted: Counter[str] = Counter(word for words in word_sets for word in words)
        meant = []
        for term in self.terms:
            near = [word for word in term.near() if counted[word] or counted[stem(word)]]
            known = any(term.is_at([word]) for word in counted)
            best = max(near, key=lambda one: (counted[one], counted[stem(one)], one), default="")
            meant.append(best if best and not known else " ".join(term.parts))
        found = " ".join(meant)
        return "" if found == " ".join(" ".join(one.parts) for one in self.terms) else found

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Where in a text its words stand, from and up to which letter."""
        found: list[tuple[int, int]] = []
        for run in JOINED.finditer(text):
            parts = next(pieces(fold(run[0])), [])
            if any(term.is_at(parts) for term in self.terms):
                found.append(run.span())
                continue
            for word in _words_in(run[0], run.start()):
                if any(
                    term.is_at(next(pieces(fold(text[slice(*word)])), [])) for term in self.terms
                ):
                    found.append(word)
        return found


def _words_in(run: str, start: int) -> Iterable[tuple[int, int]]:
    at = None
    for place, letter in enumerate(f"{run} "):
        if letter.isalnum() and at is None:
            at = place
        elif not letter.isalnum() and at is not None:
            yield start + at, start + place
            at = None


def narrowed(condition: Condition, kinds: Sequence[str]) -> Condition:
    """The condition, for records of these kinds alone."""
    return Together((_any(WordToken(of_kind(kind)) for kind in kinds), condition))
