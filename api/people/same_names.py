"""Whom and what a name means: people and teams on record, and names spelled differently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from api.imports.mapping import normal
from projections.people.file_queries import NameFromFile
from projections.people.tables import PlacedPerson, PlacedTeam
from qa.core.errors import Refused
from qa.core.words import Scope, code_of

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
    """Whether two names may be of one person: the same words, an initial for a first name, or a
    letter that differs."""
    ours, theirs = _parts(one), _parts(other)
    if not ours or not theirs:
        return False
    if ours == theirs:
        return True
    if ours[-1] == theirs[-1] and len(ours) > 1 and len(theirs) > 1:
        first, second = ours[0], theirs[0]
        if min(len(first), len(second)) == 1 and first[0] == second[0]:
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


class KnownNames:
    """Who and what a row may name: the teams and people on record, and those of the file."""

    def __init__(self, people: Sequence[PlacedPerson], teams: Sequence[PlacedTeam]) -> None:
        self.on_record = {one.handle: one.name for one in people}
        self.handles = set(self.on_record)
        self.named: dict[str, set[str]] = {}
        for one in people:
            self.names(one.name, one.handle)
        self.teams = {code: one.team for one in teams for code in (one.team, code_of(one.name))}
        self.services = {
            code: one.service for one in teams for code in (one.service, code_of(one.service_name))
        }

    def names(self, name: str, handle: str) -> None:
        self.named.setdefault(normal(name), set()).add(handle)

    def team(self, name: str) -> str:
        code = self.teams.get(code_of(name))
        if code is None:
            sentence = f"There is no team “{name}”. Import the teams first, or open it."
            raise Refused(sentence, code="team-unknown")
        return code

    def manager(self, written: str) -> str:
        """The sign-in name of the one person who is called so or signs in so."""
        if written.casefold() in self.handles:
            return written.casefold()
        found = self.named.get(normal(written), set())
        if len(found) == 1:
            return next(iter(found))
        sentence = (
            f"{len(found)} people are called {written}: give the line manager's sign-in name."
            if found
            else f"There is nobody called {written}, neither in the file nor on record."
        )
        raise Refused(sentence, code="manager-unknown")

    def scope(self, written: str) -> Scope:
        """How far a role reaches: the council, or the one service or team that is called so."""
        if normal(written) in ("council", "whole council", "the whole council", "all"):
            return Scope()
        kind, _, rest = written.partition(":")
        told = normal(kind) if rest and normal(kind) in ("team", "service") else ""
        code = code_of(rest if told else written)
        found = [
            Scope(kind=kind, code=known[code])
            for kind, known in (("team", self.teams), ("service", self.services))
            if code in known and told in ("", kind)
        ]
        if len(found) == 1:
            return found[0]
        sentence = (
            f"“{written}” is a team and a service: write “team: {written}” or “service: {written}”."
            if found
            else f"There is no team or service “{written}”. A role reaches one, or the council."
        )
        raise Refused(sentence, code="scope-unknown")
