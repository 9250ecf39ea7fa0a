"""Forms of boxes that are written in sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from api.web.boxes import Box, FormValues
from api.web.context import Reading
from api.web.dates import PARTS, parts_of
from api.web.forms import Errors
from api.web.steps import At, FormStep, Sent, V
from api.writing.declaration import Fields, Paper, Section, Writing
from qa.authorisation.context import RehearsalDesk
from qa.core.carry import carry
from qa.core.errors import CaseloopError, Fault, Refused
from qa.store.unit import Receipt

UNREADABLE = frozenset({"date-impossible", "number-invalid"})
"""What a box holds and cannot hold: named as soon as its section is kept."""
_HIDING = UNREADABLE | {"date-missing", "number-missing"}
"""Faults of reading a form, behind which those of its command are not seen yet."""


def section(
    id: str, title: str, boxes: Iterable[Box], filled: tuple[str, ...] = (), optional: bool = False
) -> Section:
    """A section that asks these boxes."""
    all_boxes = tuple(boxes)
    return Section(id, title, tuple(box.name for box in all_boxes), all_boxes, filled, optional)


@dataclass(frozen=True, kw_only=True)
class WrittenStep(Writing):
    """A form of boxes in sections, and what is done with it."""

    parts: Sequence[Section]
    do: Callable[[FormValues, Sent], Receipt]
    onto: str = ""
    template: str = "writing/section.html"
    more: Callable[[Section], Mapping[str, Any]] = field(default=lambda section: {})

    @property
    def boxes(self) -> dict[str, Box]:
        return {box.name: box for one in self.parts for box in one.boxes}

    def sections(self, fields: Fields) -> Sequence[Section]:
        return self.parts

    def first(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, box in self.boxes.items():
            if box.kind == "day" and box.value:
                found |= parts_of(date.fromisoformat(box.value), name)
            elif box.value:
                found[name] = box.value
        return found

    def _values(self, fields: Fields) -> FormValues:
        ticks = {n: fields[n].split("\n") for n, box in self.boxes.items()
                 if box.kind == "several" and n in fields}  # fmt: skip
        return FormValues.of({**fields, **ticks}, list(self.boxes.values()))

    def send(self, paper: Paper, form: Mapping[str, Any], sent: Sent) -> Receipt:
        return self.do(self._values(paper.fields), sent)

    def faults(self, reading: Reading, fields: Fields) -> list[Fault]:
        found = self._rehearsed(reading, fields)
        hiding = {fault.field for fault in found if fault.code in _HIDING}
        if not hiding:
            return found
        # With something readable in their place, the command says what else is wrong.
        days = {name for name, box in self.boxes.items() if box.kind == "day"}
        given = {n: v for n, v in fields.items() if n.rpartition(".")[0] not in hiding}
        for name in hiding:
            given |= parts_of(reading.today, name) if name in days else {name: ""}
        named = {fault.field for fault in found} | (days if hiding & days else set())
        again = self._rehearsed(reading, given)
        return [*found, *(fault for fault in again if fault.field not in named)]

    def _rehearsed(self, reading: Reading, fields: Fields) -> list[Fault]:
        desk = RehearsalDesk(reading.desk.store, reading.desk.lookups)
        sent = Sent(desk=desk, by=reading.actor, once=None, seen=None)
        try:
            self.do(self._values(fields), sent)
        except Refused as refused:
            return list(refused.faults)
        except CaseloopError:
            return []  # told when it is sent: it is nothing that was typed
        return []

    def label(self, path: str) -> str:
        whole, _, part = path.rpartition(".")
        if path not in self.boxes and part in PARTS:
            return f"{self.label(whole)} ({part})"
        return self.boxes[path].label if path in self.boxes else path

    def value(self, path: str, value: str) -> str:
        box = self.boxes.get(path)
        words = {} if box is None else dict(box.items)
        return "\n".join(words.get(one, one) for one in value.split("\n")) if words else value

    def is_text(self, path: str) -> bool:
        box = self.boxes.get(path)
        return box is not None and box.kind in ("text", "long", "lines")

    def section_template(self, section: Section) -> str:
        return self.template

    def section_context(
        self, reading: Reading, paper: Paper, section: Section, errors: Errors, add: bool
    ) -> Mapping[str, Any]:
        return self.more(section)

    def done(self, receipt: Receipt | None) -> str:
        return self.onto or f"{self.back}?done={self.address.rpartition('/')[2]}"


def written(
    step: FormStep[V],
    view: V,
    at: At,
    parts: Sequence[Section],
    *,
    subject: str,
    about: str,
    closed: str = "",
) -> WrittenStep:
    """A form that stands as a step already, to be written in these sections."""
    return carry(
        WrittenStep,
        at,
        subject=subject,
        about=about,
        title=step.title,
        button=step.button,
        intro=step.intro,
        warns=step.warns,
        closed=closed,
        parts=parts,
        do=lambda form, sent: step.do(view, form, sent),
    )
