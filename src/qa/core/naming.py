"""Texts that go to everybody and must name nobody: whether one holds the name of somebody in the
store, or the reference of a child in use.

A name counts where it stands whole, or where the last name follows an initial or a form of address
("J. Tree", "Ms Tree"). A last name alone does not: many are words of the language.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from qa.core.errors import Fault

_ADDRESSED = r"(?:(?:mr|mrs|ms|miss|mx|dr|prof|sister|[b-hj-z])\.?|[ai]\.)\s+"
"""A form of address or an initial; "a" and "I" are words where no stop follows."""
_PARTED = re.compile(r"[\s/_‐‑‒–—-]+")
_RUNS = re.compile(r"[^\W\d_]+|\d+")


def reference_key(child: str) -> str:
    """What two spellings of one child's reference have in common: ``c-101`` and ``C-101``."""
    return child.strip().casefold()


@lru_cache(maxsize=8192)
def spelling_key(reference: str) -> str:
    """What spellings of one reference have in common: the same letters and figures in the same
    groups, whatever their case and what stands between. One with other signs is itself."""
    text = reference.strip().casefold()
    if not _PARTED.sub("", text).isalnum():
        return text
    return "-".join(_RUNS.findall(text)) or text


def like_references(texts: Iterable[str]) -> frozenset[str]:
    """Everything in the texts that could be the reference of a child."""
    return frozenset(
        word
        for text in texts
        for word in re.findall(r"\w[\w./-]*\w", text)
        if re.search(r"\d", word)
    )


def people_named(text: str, names: Iterable[str]) -> list[str]:
    """Those of the names that stand in the text."""
    folded = " ".join(text.casefold().split())
    found = []
    for name in names:
        words = name.casefold().split()
        last = re.escape(words[-1]) if words else ""
        whole = r"\s+".join(map(re.escape, words))
        if not words or (
            not re.search(rf"(?<!\w){whole}(?!\w)", folded)
            and not re.search(rf"(?<!\w){_ADDRESSED}{last}(?!\w)", folded)
        ):
            continue
        found.append(name)
    return found


def faults(field: str, text: str, names: Iterable[str], children: Collection[str]) -> list[Fault]:
    """What is wrong with a text that must name nobody, at its field."""
    found = []
    if people_named(text, names):
        sentence = "This names somebody. Say what happened without the name."
        found.append(Fault(field, "names-person", sentence))
    known = {child.casefold() for child in children}
    if any(word.casefold() in known for word in like_references([text])):
        sentence = "This holds the reference of a child. Say what happened without it."
        found.append(Fault(field, "names-child", sentence))
    return found
