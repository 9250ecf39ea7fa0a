"""Names that are likely to be one person's, spelled differently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from api.imports.columns.names import may_be_one_person
from projections.people.file_queries import NameFromFile

NEAR = 0.88
"""How alike two whole names must be: one letter of ten may differ."""


def _parts(name: str) -> tuple[str, ...]:
    """First to last name in small letters: without what stands in brackets, turned round at a
    comma."""
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name)
    last, comma, first = plain.partition(",")
    turned = f"{first} {last}" if comma else plain
    return tuple(re.findall(r"[^\W_]+", turned.casefold()))


def alike(one: str, other: str) -> bool:
    """Whether two names may be of one person: the same words, one short for the other (by an
    initial, the surname, how people sign in), or a letter that differs."""
    ours, theirs = _parts(one), _parts(other)
    if not ours or not theirs:
        return False
    if ours == theirs or may_be_one_person(one, other):
        return True
    return SequenceMatcher(None, " ".join(ours), " ".join(theirs)).ratio() >= NEAR


def _fullness(one: NameFromFile) -> tuple[int, int, str]:
    return -len(" ".join(_parts(one.name))), len(one.name), one.person


def likely_same(
    written: Sequence[NameFromFile], accounts: Sequence[tuple[str, str]]
) -> dict[str, list[tuple[str, str]]]:
    """For each name from a file that is not joined yet, the people whom it may be: accounts (id and
    name) before other names. Of two names from files only the less full one is offered the other.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    full_first = sorted((one for one in written if one.joined_to is None), key=_fullness)
    for place, one in enumerate(full_first):
        fuller = [(each.person, each.name) for each in full_first[:place]]
        several = [(who, name) for who, name in (*accounts, *fuller) if alike(one.name, name)]
        if several:
            found[one.person] = several
    return found
