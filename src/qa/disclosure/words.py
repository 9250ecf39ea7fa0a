"""How copies for outside the council are told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords, Statement
from qa.disclosure import events

AUDIENCES = {"partners": "partners", "public": "the public"}
METHODS = {"leave-out": "Leave rows out", "round": "Round every number"}


def _text(released: events.ReleasedText) -> str:
    count, confirmed = len(released.left_out), released.confirmed
    remark = ""
    if confirmed:
        sentences = "1 sentence" if confirmed == 1 else f"{confirmed} sentences"
        remark = f" Numbers in words of {sentences} were let in."
    if not count:
        return f"{released.text}: whole.{remark}" if remark else f"{released.text}: whole"
    passages = "1 passage" if count == 1 else f"{count} passages"
    return f"{released.text}: without {passages}. {released.because}{remark}"


HISTORY = RoomWords(
    labels={"texts": "Texts in the copy"},
    codes={"audience": AUDIENCES, "method": METHODS},
    in_text={events.ReleasedText: _text},
    events=(
        EventWords(
            events.DisclosureRuleSet,
            lambda event: f"Set version {event.policy_version} of the rule for small numbers",
            statement=Statement("policy"),
        ),
        EventWords(
            events.OutsideCopyGiven,
            lambda event: f"Gave out a copy of a report for {AUDIENCES[event.audience]}",
            hidden={
                "given": "the id of the copy: the entry is its own",
                "published": "the id of the report, whose page lists its copies",
                "tables": "which rows it shows, as the copy itself says",
                "salt": "what makes its references, and would undo them",
                "rendering": "the version of the layout of its files, which they say themselves",
            },
        ),
        EventWords(
            events.OutsideCopyWithdrawn,
            lambda event: "Withdrew a copy of a report that was given outside",
            hidden={"given": "the id of the copy, whose page says it"},
        ),
    ),
)
