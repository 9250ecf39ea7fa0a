"""What counts as a reason: the one decision for every rule that is set aside with words."""

from __future__ import annotations

import re

from qa.core.errors import Fault, refuse_any

LONGEST = 4000
THIN = "reason-thin"
LEAST_WORDS, LEAST_LETTERS = 2, 8
"""A reason is read by somebody who was not there. Fewer words name nothing that they could weigh;
more than these would refuse “Wrong child.”, which says all there is."""

_EMPTY = frozenset(
    re.findall(
        r"\S+",
        "a above action actions all any applicable apply applies as because before below ditto "
        "does given is it needed needs no none not nothing n/a na nil other reason reasons "
        "required same see tbc tbd test the this to was why",
    )
)
"""Words that say nothing by themselves: “No action is needed.” is no reason for raising none."""


def of_substance(reason: str) -> bool:
    """Whether a reason says something: two words and eight letters, not all of them empty."""
    words = [word.strip("/'’-") for word in re.findall(r"[\w/'’-]+", reason.casefold())]
    letters = sum(map(str.isalnum, "".join(words)))
    telling = [word for word in words if len(set(word)) > 1 and word not in _EMPTY]
    return len(words) >= LEAST_WORDS and letters >= LEAST_LETTERS and bool(telling)


def thin(sentence: str) -> str:
    """What is said to a reason that says nothing; `sentence` asked for it."""
    return f"{sentence.rstrip('.')}, so that somebody who was not there can weigh it."


def reason_faults(
    reason: str, sentence: str, *, field: str = "reason", longest: int = LONGEST
) -> list[Fault]:
    """What is wrong with a reason that is owed; `sentence` asks for it."""
    if not reason.strip():
        return [Fault(field, f"{field.rpartition('.')[2]}-missing", sentence)]
    if len(reason) > longest:
        long = f"Use {longest:,} characters or fewer."
        return [Fault(field, f"{field.rpartition('.')[2]}-long", long)]
    return [] if of_substance(reason) else [Fault(field, THIN, thin(sentence))]


def owe_reason(reason: str, sentence: str, *, field: str = "reason") -> None:
    """Raises `Refused` unless a reason of substance is given."""
    refuse_any(reason_faults(reason, sentence, field=field))
