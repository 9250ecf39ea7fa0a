"""Events of what goes outside the council: the rule (stream ``disclosure-rule``), and every copy
that was given out (stream ``outside-copies``: one for all, for each copy counts what the others
told)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from qa.core.event import Event
from qa.core.fields import choice, whole
from qa.core.frozen import Frozen

RULE_STREAM = "disclosure-rule"
COPIES_STREAM = "outside-copies"

Audience = Annotated[
    Literal["partners", "public"],
    choice("For", missing="Say whether it is for partners or for the public."),
]
Least = Annotated[
    int,
    whole(
        "Smallest count that is shown outside the council",
        3,
        50,
        hint="With 5, rows with a count of 1 to 4 are not shown, nor what would give them back.",
    ),
]


Method = Annotated[
    Literal["leave-out", "round"],
    choice(
        "How small numbers are kept back",
        "Rounding shows every row, to a multiple of that count, and no total beside rows.",
        missing="Say whether small numbers are left out or rounded.",
    ),
]


class DisclosureRuleSet(Event):
    """From now on, copies for outside hide what tells of fewer than `least`: they leave rows out,
    or round every number to a multiple of it."""

    TYPE: ClassVar[str] = "DisclosureRuleSet"
    SCHEMA: ClassVar[int] = 2
    policy_version: int
    least: Least
    method: Method = "leave-out"


NOTHING_SET = DisclosureRuleSet(policy_version=0, least=5)
"""In force until a QA lead sets another."""


class ShownTable(Frozen):
    """What a copy shows of one table of the report: the places of its `hidden` rows and of the
    `totals` that stand, with numbers as they are or `rounded` to multiples of that number; or
    nothing of it, for the reason `without`. The figures of `beside` are told beside those that
    copies of the report tell, because claims rest on them; claims rest on those of `untold` too,
    which cannot be told."""

    hidden: tuple[int, ...] = ()
    totals: tuple[int, ...] = ()
    without: str = ""
    rounded: int = 0
    beside: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()


class LeftOutWords(Frozen):
    """From which sign of a text to before which one words are left out."""

    start: int
    end: int


class ReleasedText(Frozen):
    """A text that somebody read and let into a copy, with what they left out of it and why, and how
    many of its sentences they let in although they tell a number in words."""

    text: str
    left_out: tuple[LeftOutWords, ...] = ()
    because: str = ""
    confirmed: int = 0


class OutsideCopyGiven(Event):
    """A copy of a published report was made for outside the council.

    What it shows is kept here, so that it is the same for ever: `tables` by the rule `least` in its
    version, `texts` as they were let in, `salt` for the references that stand for names, and
    `rendering`, the layout of its files. `position` is the entry that it was made at.
    """

    TYPE: ClassVar[str] = "OutsideCopyGiven"
    SCHEMA: ClassVar[int] = 3
    given: str
    published: str
    audience: Audience
    least: Least
    policy_version: int
    position: int
    tables: tuple[ShownTable, ...]
    texts: tuple[ReleasedText, ...]
    salt: str
    rendering: int


class OutsideCopyWithdrawn(Event):
    """A copy is no longer to be used; the reason is in the envelope. It stays readable, says so,
    and what it told still counts for the copies after it."""

    TYPE: ClassVar[str] = "OutsideCopyWithdrawn"
    given: str
