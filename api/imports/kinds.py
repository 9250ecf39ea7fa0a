"""Which kind of file a file may be, told by its headings; and a template for every kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from api.documents.text import guarded
from api.imports.importers import Importer, read_plain
from api.imports.mapping import Field, map_headings
from qa.core.errors import Refused


@dataclass(frozen=True, slots=True)
class KindProposal:
    """A kind that a file may be of. `required` and `others` are its headings that are called as
    fields of that kind, `missing` what the required fields that no heading is called as are."""

    kind: str
    title: str
    required: tuple[str, ...]
    others: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def weight(self) -> int:
        """A column that is needed speaks twice as much as one that may be there, and where it is
        not as much against the kind, though something may be said in its place."""
        return 2 * (len(self.required) - len(self.missing)) + len(self.others)

    @property
    def sentence(self) -> str:
        sentences = [
            f"{words}: {', '.join(names)}."
            for words, names in (
                ("Needed and there", self.required),
                ("Known too", self.others),
                ("Needed and not there", self.missing),
            )
            if names
        ]
        return " ".join(sentences)


def proposals(headings: Sequence[str], kinds: Mapping[str, Importer]) -> list[KindProposal]:
    """The kinds of which as many needed columns are there as are not, the likeliest first."""
    found = []
    for kind, importer in kinds.items():
        if importer.may_be is not None and not importer.may_be(headings):
            continue
        mapping = map_headings(headings, importer.named, cutoff=EXACT)
        needed = {name for one in importer.named if one.required for name in (one.name, *one.parts)}
        proposal = KindProposal(
            kind,
            importer.title,
            tuple(h for h, name in mapping.pairs() if name in needed),
            tuple(h for h, name in mapping.pairs() if name not in needed),
            tuple(one.label for one in mapping.missing),
        )
        if proposal.required and len(proposal.required) >= len(proposal.missing):
            found.append(proposal)
    return sorted(found, key=lambda one: -one.weight)


EXACT = 1.1
"""More than any likeness: a heading speaks for a kind only by a name that a field has."""


def proposed(
    name: str, data: bytes, kinds: Mapping[str, Importer], *, sheet: str | None = None
) -> list[KindProposal]:
    """What a file may be, the likeliest first.

    Raises:
        Refused: the file as a whole is no table of any kind.
    """
    known = frozenset(heading for one in kinds.values() for heading in one.headings)
    refused: Refused | None = None
    try:
        rows, _ = read_plain(name, data, sheet=sheet, known=known)
        if found := proposals(rows.headings, kinds):
            return found
    except Refused as error:
        refused = error
    for kind, importer in kinds.items():
        if importer.read is not read_plain:
            with suppress(Refused):
                rows, _ = importer.read(name, data, sheet=sheet, known=importer.headings)
                if found := proposals(rows.headings, {kind: importer}):
                    return found
    if refused is not None:
        raise refused
    return []


def likeliest(found: Sequence[KindProposal]) -> KindProposal | None:
    """The one that most speaks for; none where as much speaks for another."""
    if not found or (len(found) > 1 and found[0].weight == found[1].weight):
        return None
    return found[0]


def template(importer: Importer, connection: Connection, tool: str) -> bytes:
    """A CSV with the headings of every field of a kind, and the invented rows of an example.

    Raises:
        Refused: there is no such published tool.
    """
    fields = [one for one in importer.fields(connection, tool) if one.asked]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([guarded(one.label) for one in fields])
    writer.writerows(
        [guarded(row.get(one.name) or _grade(one)) for one in fields] for row in importer.examples
    )
    return out.getvalue().encode("utf-8-sig")


def _grade(field: Field) -> str:
    ranked = [point.label for point in field.scale.points if point.rank] if field.scale else []
    return ranked[0] if ranked else ""
