"""What a text may hold so that every place that keeps or prints it can: the rule, stated once.

Refused are NUL and the other control characters of C0 but tab, newline and carriage return, and
DEL: PostgreSQL cannot keep the first, XML (so Word and Excel) none of them, and nobody meant to
type any. So is half of a surrogate pair, which is no character and has no UTF-8. Characters that
only some documents cannot hold (the noncharacters U+FFFE and U+FFFF) are kept, and left out of
those documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from qa.core.errors import Fault

LONGEST = 50_000
"""Characters of one text, whatever it is for. Fields have shorter limits of their own; this one is
looked at before any work is begun."""
FAR_TOO_LONG = 20_000
"""Characters that no text of a command may have, whatever its own limit: what is longer is refused
before its unit of work is opened."""
MOST_DIGITS = 2**63
"""Whole numbers are kept in 64 bits, on both databases."""
DEEPEST = 100
"""Levels of lists and mappings in what a program or a file sends."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NUL, _SHOWN_NUL = "\x00", "\u2400"


def fault_of(text: str, field: str) -> Fault | None:
    """What is wrong with a text that comes in, at its field; None for nothing."""
    if len(text) > LONGEST:
        return Fault(field, "text-too-long", f"Use {LONGEST:,} characters or fewer.")
    if text.isprintable():
        return None
    found = _FORBIDDEN.search(text)
    if found is None:
        return None
    sentence = (
        f"This holds a character that cannot be kept (U+{ord(found[0]):04X}, the "
        f"{found.start() + 1:,}. of the text). Take it out: it cannot be seen."
    )
    return Fault(field, "character-forbidden", sentence)


def lengths(fields: Mapping[str, Any]) -> Iterator[Fault]:
    """The texts that are longer than any rule of their field could allow, before a rule is asked:
    what is far too long must not take up the time of those who save."""
    for name, value in fields.items():
        if isinstance(value, str) and len(value) > FAR_TOO_LONG:
            yield Fault(name, f"{name}-long", f"Use {FAR_TOO_LONG:,} characters or fewer.")


def without_forbidden(text: str) -> str:
    """The text with every character taken out that `fault_of` refuses."""
    return _FORBIDDEN.sub("", text)


def faults_in(
    value: Any, field: str = "", level: int = 0, looked: set[int] | None = None
) -> Iterator[Fault]:
    """What is wrong with the texts, names and whole numbers of JSON values, lists and mappings.

    A part that stands in several places (an alias of YAML) is looked at once.
    """
    looked = set() if looked is None else looked
    if isinstance(value, Mapping | list | tuple):
        if id(value) in looked:
            return
        looked.add(id(value))
    if level > DEEPEST:
        yield Fault(field, "too-deep", f"This is nested more than {DEEPEST} levels deep.")
    elif isinstance(value, str):
        found = fault_of(value, field)
        if found is not None:
            yield found
    elif isinstance(value, int):
        if not -MOST_DIGITS <= value < MOST_DIGITS:
            yield Fault(field, "number-too-large", "This number is too large.")
    elif isinstance(value, float):
        if value - value != 0:
            yield Fault(field, "number-invalid", "This is no number.")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(name, str) and fault_of(name, field) is not None:
                yield Fault(field, "character-forbidden", "A name of a field cannot be kept.")
            else:
                yield from faults_in(
                    inner, f"{field}.{name}" if field else f"{name}", level + 1, looked
                )
    elif isinstance(value, list | tuple):
        for at, inner in enumerate(value):
            inside = f"{field}.{at}" if field else f"{at}"
            yield from faults_in(inner, inside, level + 1, looked)


def visible(value: Any) -> Any:
    """What is in the log already, as it can be shown: "␀" stands in the place of NUL.

    An event keeps its bytes; whoever reads it gets a text that every database can hold.
    """
    if isinstance(value, str):
        return value.replace(_NUL, _SHOWN_NUL)
    if isinstance(value, dict):
        return {visible(name): visible(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [visible(inner) for inner in value]
    return value
