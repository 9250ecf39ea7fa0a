"""What is said of a file of a plan as a whole: typed by a person, or sent by a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from api.web.moments import days_typed
from qa.core.errors import Fault, refuse_any

TYPED = (
    "plan", "board", "plan_scale", "since", "tiers", "as_at",
    "scale_id", "scale_version", "scale_name", "scale_best", "year", "source",
)  # fmt: skip
"""The names under which forms and programs say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPlan:
    """What is said of the file as a whole.

    `plan` is the title or the id of a plan; with `board`, `scale` (a key, ``id@version``) and
    `since` one that is not there is opened. `tiers` names the parts from the top downwards, else
    the columns do. `as_at` is the day of reviews without a column for it, and of what is said of
    measures. `of_scale` holds the id, version, name and best end of a scale. Of indicators, `since`
    is when definitions and targets hold from, `year` the financial year of headings such as "Q1",
    and `source` whose values they are. `cycle` is that of the sampling frame that is taken out.
    """

    plan: str = ""
    board: str = ""
    scale: str = ""
    tiers: Sequence[str] = ()
    since: date | None = None
    as_at: date | None = None
    of_scale: Mapping[str, str] = field(default_factory=dict)
    year: str = ""
    source: str = ""
    cycle: str = ""


def about_typed(typed: Mapping[str, str], of_scale: Mapping[str, str] | None = None) -> AboutPlan:
    """The same from texts by the names in `TYPED`; tiers are parted by commas. `of_scale` is what
    the file itself says of a scale, which what is typed goes before.

    Raises:
        Refused: every date or version that is none.
    """
    days, faults = days_typed(typed, "since", "as_at")
    version = typed.get("scale_version", "").strip()
    if version and not (version.isascii() and version.isdecimal()):
        faults.append(Fault("scale_version", "not-a-number", "A version is a whole number."))
    refuse_any(faults)
    scale_parts = {
        name: typed.get(f"scale_{name}", "").strip() for name in ("id", "version", "name", "best")
    }
    return AboutPlan(
        plan=typed.get("plan", "").strip(),
        board=typed.get("board", "").strip(),
        scale=typed.get("plan_scale", "").strip(),
        tiers=tuple(filter(None, map(str.strip, typed.get("tiers", "").split(",")))),
        since=days["since"],
        as_at=days["as_at"],
        of_scale={
            **(of_scale or {}),
            **{name: value for name, value in scale_parts.items() if value},
        },
        year=typed.get("year", "").strip(),
        source=typed.get("source", "").strip(),
    )
