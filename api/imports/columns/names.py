"""Names in a column that may be one person or one team, written in several ways."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence

from api.imports.answers import ImportOption, ImportQuestion
from api.imports.files.tables import Cell, SheetRow, text_of
from qa.core.words import code_of

MOST_NAMES = 400
"""Different names of one column that are compared with one another."""
ALIKE = 0.9
_DIGITS = re.compile(r"\d+")
_TITLES = re.compile(r"^(?:mr|mrs|ms|miss|dr|prof)\.?\s+", re.IGNORECASE)
_AFTER = re.compile(r"\s*[(\[].*$|\s+[-–]\s+.*$")
_APART = re.compile(
    r"\d+|\b(?:[a-z]|north|south|east|west|central|upper|lower|inner|outer|first|second)\b"
)
"""What keeps two teams apart whose names are the same but for it."""
_TEAM = re.compile(r"^the\s+|\s+(?:team|teams|service)$", re.IGNORECASE)


def alike_names(
    heading: str, rows: Sequence[SheetRow], cells: Sequence[Cell], *, teams: bool
) -> list[ImportQuestion]:
    """A question for each spelling that may be that of a name written otherwise, with the commoner
    spelling as its first answer."""
    written = [" ".join(text_of(cell).split()) for cell in cells]
    counted = Counter(name for name in written if name)
    if not 1 < len(counted) <= MOST_NAMES:
        return []
    codes = {name: code_of(name) for name in counted}
    spelt: dict[str, str] = {}
    often: Counter[str] = Counter()
    for name, count in counted.most_common():
        spelt.setdefault(codes[name], name)
        often[codes[name]] += count
    keys = {name: _key(name, teams) for name in spelt.values()}
    found = []
    chosen: list[str] = []
    for name in sorted(keys, key=lambda one: (-_weight(one, often[codes[one]]), -len(one), one)):
        # What is worked out of the second text is kept from one comparison to the next.
        matcher = difflib.SequenceMatcher(None, "", keys[name])
        same = next((one for one in chosen if _alike(keys[one], keys[name], teams, matcher)), None)
        if same is None:
            chosen.append(name)
            continue
        variants = {one for one in counted if codes[one] == codes[name]}
        waiting = tuple(
            row.number for row, one in zip(rows, written, strict=True) if one in variants
        )
        who = "another team" if teams else "somebody else"
        found.append(
            ImportQuestion(
                "values",
                heading,
                f"Is “{name}” the same as “{same}”?",
                (ImportOption(same, f"Yes, “{same}”"), ImportOption(name, f"No, {who}")),
                written=name,
                rows=waiting,
                needed=False,
            )
        )
    return found


def _weight(name: str, often: int) -> int:
    """How often the name stands there, in capitals or not; one that only gives initials is none
    that others are put under."""
    return often if not re.search(r"\b[A-Za-z]\b", name) and "," not in name else 0


def _key(name: str, teams: bool) -> str:
    bare = _AFTER.sub("", name)
    if teams:
        return _TEAM.sub("", bare).casefold().strip()
    last, comma, first = bare.partition(",")
    whole = f"{first.strip()} {last.strip()}" if comma else bare
    return " ".join(re.findall(r"[^\W_]+", _TITLES.sub("", whole.strip()).casefold()))


def _alike(one: str, other: str, teams: bool, matcher: difflib.SequenceMatcher[str]) -> bool:
    if one == other:
        return True
    first, second = one.split(), other.split()
    if not first or not second:
        return False
    initial = min(len(first[0]), len(second[0])) == 1 and first[0][0] == second[0][0]
    if not teams and initial and first[-1] == second[-1]:
        return True
    apart = _APART if teams else _DIGITS
    if apart.findall(one) != apart.findall(other) or min(len(one), len(other)) < 6:
        return False
    matcher.set_seq1(one)
    # The quick ratios are never less than the exact one.
    quick = (matcher.real_quick_ratio, matcher.quick_ratio)
    return all(ratio() >= ALIKE for ratio in quick) and matcher.ratio() >= ALIKE
