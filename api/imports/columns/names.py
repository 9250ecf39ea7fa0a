"""Names in a column that may be one person or one team, written in several ways."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from api.imports.answers import ImportOption, ImportQuestion
from api.imports.files.tables import Cell, SheetRow, text_of
from api.imports.mapping import Field
from projections.people import queries
from qa.core.words import code_of, imported_person_id

MOST_NAMES = 400
"""Different names of one column that are compared with one another."""
ALIKE = 0.9
_DIGITS = re.compile(r"\d+")
_TITLES = re.compile(r"^(?:mr|mrs|ms|miss|dr|prof)\.?\s+", re.IGNORECASE)
_AFTER = re.compile(r"\s*[(\[].*$|\s+[-–]\s+.*$")
_POST = (
    r"(?:team manager|practice manager|service manager|head of service|social worker|"
    r"deputy team manager|assistant team manager|tm|atm|dtm|pm|sm|hos|sw|ssw|rsw|asw|qa|iro)"
)
_POSTS = re.compile(rf"^{_POST}\b[\s:,-]+|[\s,/-]+{_POST}$", re.IGNORECASE)
"""What somebody is, before or behind the name."""
_APART = re.compile(
    r"\d+|\b(?:[a-z]|north|south|east|west|central|upper|lower|inner|outer|first|second)\b"
)
"""What keeps two teams apart whose names are the same but for it."""
_TEAM = re.compile(r"\b(?:the|teams?|tm|service)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"@.*$")


def with_names_on_record(connection: Connection, fields: Sequence[Field]) -> tuple[Field, ...]:
    """The fields of people and of teams with the names that are on record."""
    if not any(field.kind in ("person", "team") for field in fields):
        return tuple(fields)
    names = {
        "person": tuple(one.name for one in queries.everybody(connection)),
        "team": tuple(one.name for one in queries.teams(connection)),
    }
    return tuple(replace(one, on_record=names.get(one.kind, ())) for one in fields)


def alike_names(
    heading: str,
    rows: Sequence[SheetRow],
    cells: Sequence[Cell],
    *,
    teams: bool,
    on_record: Collection[str] = (),
) -> list[ImportQuestion]:
    """A question for each spelling that may be that of a name written otherwise, with the spelling
    that is `on_record`, or else the commoner one, as its first answer."""
    written = [" ".join(text_of(cell).split()) for cell in cells]
    counted = Counter(name for name in written if name)
    if not 1 < len(counted) <= MOST_NAMES:
        return []
    code = code_of if teams else imported_person_id
    codes = {name: code(name) for name in counted}
    spelt: dict[str, str] = {}
    often: Counter[str] = Counter()
    for name, count in counted.most_common():
        spelt.setdefault(codes[name], name)
        often[codes[name]] += count
    keys = {name: _key(name, teams) for name in spelt.values()}
    found = []
    chosen: list[str] = []
    weights = {
        name: often[codes[name]] if teams or not _is_short(name, key) else 0
        for name, key in keys.items()
    }
    on_record_codes = {code(one) for one in on_record}
    for name in sorted(
        keys, key=lambda one: (codes[one] not in on_record_codes, -weights[one], -len(one), one)
    ):
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


def _is_short(name: str, key: str) -> bool:
    """Whether a spelling gives an initial, a surname or an address alone, a post beside the name,
    or turns it round: others are not put under such a one."""
    turned = "," in name or "@" in name or bool(_POSTS.search(name))
    return turned or bool(re.search(r"\b[A-Za-z]\b", name)) or len(key.split()) < 2


def _key(name: str, teams: bool) -> str:
    bare = _AFTER.sub("", name)
    if teams:
        parted = re.sub(r"(?<=[a-z])(?=\d)", " ", bare)  # "Team1"
        words = re.findall(r"[^\W_]+", _TEAM.sub(" ", parted).casefold())
        return " ".join(words) or bare.casefold()
    bare = _ADDRESS.sub("", _POSTS.sub("", bare.strip()))
    return " ".join(re.findall(r"[^\W_]+", _TITLES.sub("", spoken_name(bare).strip()).casefold()))


def spoken_name(name: str) -> str:
    """A name with the first name first: “Sample, Pat” is Pat Sample."""
    last, comma, first = name.partition(",")
    turns = comma and first.strip() and "," not in first
    return f"{first.strip()} {last.strip()}" if turns else name


def _stands_for(short: Sequence[str], whole: Sequence[str], *, surname: bool = True) -> bool:
    """Whether a name may be short for another: with an initial on either side, the surname alone,
    the initials, or run together as people sign in."""
    given, last = whole[0], whole[-1]
    if len(whole) < 2 or len(last) < 2:
        return False
    if len(short) > 1:
        initial = len(short[0]) == 1 and short[0] == given[0] and short[-1] == last
        begun = len(short[0]) > 2 and given.startswith(short[0]) and short[-1] == last
        return initial or begun or [*short] in ([last, given[0]], [given, last[0]])
    (word,) = short
    run_together = (given[0] + last, last + given[0], given + last, last + given)
    initials = "".join(one[0] for one in whole)
    return word in run_together or word == initials or (surname and word == last and len(last) > 3)


def may_be_one_person(one: str, other: str) -> bool:
    """Whether two spellings have the same words, or one may be short for the other. A surname alone
    is many a person's of those on record."""
    keys = [_key(name, teams=False).split() for name in (one, other)]
    first, second = keys
    if not first or not second:
        return False
    return sorted(first) == sorted(second) or any(
        _stands_for(*pair, surname=False) for pair in (keys, keys[::-1])
    )


def _alike(one: str, other: str, teams: bool, matcher: difflib.SequenceMatcher[str]) -> bool:
    if one == other:
        return True
    first, second = one.split(), other.split()
    if not first or not second:
        return False
    if sorted(first) == sorted(second):
        return True
    if not teams and (_stands_for(first, second) or _stands_for(second, first)):
        return True
    if teams and any(
        len(short) > 2 and short == "".join(word[0] for word in whole)
        for short, whole in ((one, second), (other, first))
    ):
        return True
    apart = _APART if teams else _DIGITS
    if apart.findall(one) != apart.findall(other) or min(len(one), len(other)) < 6:
        return False
    matcher.set_seq1(one)
    # The quick ratios are never less than the exact one.
    quick = (matcher.real_quick_ratio, matcher.quick_ratio)
    return all(ratio() >= ALIKE for ratio in quick) and matcher.ratio() >= ALIKE
