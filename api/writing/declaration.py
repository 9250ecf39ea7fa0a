"""Something that is written in sections, as its capability declares it.

What is typed is kept in a draft: private to its writer, no event, and gone when it is sent.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from api.web.boxes import Box, FormValues
from api.web.context import Reading
from api.web.forms import Errors, field_id
from api.web.read_out import read_out
from api.web.steps import Sent
from qa.core.errors import Fault, NotFound
from qa.security import drafts
from qa.security.drafts import Draft
from qa.store.unit import Receipt

Fields = Mapping[str, str]
"""What was typed, by the names of the form; of several ticks, each on a line."""
NOT_STARTED, INCOMPLETE, READY, OPTIONAL = "Not started", "Incomplete", "Ready", "Optional"


@dataclass(frozen=True, slots=True)
class Section:
    """One page. `fields` are the names (or their beginnings) it holds; those in `filled` come with
    a value, so they do not say that somebody began."""

    id: str
    title: str
    fields: tuple[str, ...]
    boxes: Sequence[Box] = ()
    filled: tuple[str, ...] = ()
    optional: bool = False

    def holds(self, path: str) -> bool:
        return _within(path, self.fields)

    def of(self, fields: Fields) -> dict[str, str]:
        """The fields of this section."""
        return {path: value for path, value in fields.items() if self.holds(path)}

    def progress(self, fields: Fields, faults: Iterable[Fault]) -> str:
        """How far the section is, in words."""
        wrong = any(self.holds(fault.field) for fault in faults)
        begun = any(
            value.strip() and not _within(path, self.filled)
            for path, value in self.of(fields).items()
        )
        if not begun:
            return OPTIONAL if self.optional and not wrong else NOT_STARTED
        return INCOMPLETE if wrong else READY


def _within(path: str, names: Sequence[str]) -> bool:
    return any(path == name or path.startswith(f"{name}.") for name in names)


@dataclass(frozen=True, kw_only=True)
class Writing(ABC):
    """One thing that somebody writes. `subject` names its draft and `about` whose key seals it.

    Its pages stand under `address`; `closed` says why it cannot be sent any more. `seen` is the
    version of the record that it is written on.
    """

    subject: str
    about: str
    address: str
    back: str
    title: str
    button: str
    caption: str = ""
    intro: tuple[str, ...] = ()
    warns: bool = False
    closed: str = ""
    seen: int | None = None
    tasks_template: str = "writing/tasks.html"
    check_template: str = "writing/check.html"

    @abstractmethod
    def sections(self, fields: Fields) -> Sequence[Section]: ...

    @abstractmethod
    def faults(self, reading: Reading, fields: Fields) -> list[Fault]:
        """All that keeps it from being sent, by the names of the form."""

    @abstractmethod
    def send(self, paper: Paper, form: Mapping[str, Any], sent: Sent) -> Receipt:
        """Carry out the command that the draft is for."""

    @abstractmethod
    def label(self, path: str) -> str: ...

    @property
    def check(self) -> str:
        """Where everything is checked and sent."""
        return f"{self.address}/check"

    def first(self) -> dict[str, str]:
        """What the fields hold before anything is typed."""
        return {}

    def tidied(self, fields: Fields) -> dict[str, str]:
        """The fields with line ends as one character and empty ones dropped."""
        return {n: v.replace("\r\n", "\n") for n, v in fields.items() if v.strip()}

    def typed(self, form: Mapping[str, Any], section: Section) -> dict[str, str]:
        return FormValues.of(form, section.boxes).typed

    def changed(self, section: Section, mine: dict[str, str], do: str) -> dict[str, str]:
        """What a button of the section's own makes of its fields."""
        return mine

    def onward(self, section: Section, after: Paper, do: str) -> str:
        """Where a button of the section's own leads; "" where the next section follows."""
        return ""

    def is_text(self, path: str) -> bool:
        """Whether two versions of a field can be put together."""
        return False

    def value(self, path: str, value: str) -> str:
        return value

    def answers(self, section: Section, fields: Fields) -> list[tuple[str, str]]:
        """What was answered in a section, in words; the three boxes of a day as one."""
        return read_out(section.of(fields), self.label, self.value)

    def section_template(self, section: Section) -> str:
        return "writing/section.html"

    def section_context(
        self, reading: Reading, paper: Paper, section: Section, errors: Errors, add: bool
    ) -> Mapping[str, Any]:
        """What the template of a section shows besides its boxes."""
        return {}

    def tasks_context(self, reading: Reading, paper: Paper) -> Mapping[str, Any]:
        return {}

    def check_context(
        self, reading: Reading, paper: Paper, form: Mapping[str, str]
    ) -> Mapping[str, Any]:
        return {}

    def unfinished(self, paper: Paper) -> list[Fault]:
        """What must be put right before its command can be made at all."""
        return []

    def named(self, faults: Sequence[Fault], paper: Paper) -> list[Fault]:
        """Faults of the command by the names of the form."""
        return list(faults)

    def done(self, receipt: Receipt | None) -> str:
        """Where it leads once it was sent; None for a second press of the button."""
        return self.back

    def keep(self, reading: Reading, fields: Fields, seen: int) -> Draft:
        """Keep the draft. Raises DraftMovedOn, Conflict."""
        with reading.services.store.writing() as connection:
            return drafts.save(
                connection,
                reading.desk.vault,
                reading.services.clock,
                subject=self.subject,
                person=reading.actor.person,
                about=self.about,
                fields=fields,
                seen=seen,
            )


@dataclass(frozen=True)
class Paper:
    """A writing as it lies before its writer. `revision` is 0 while no draft is kept."""

    reading: Reading
    writing: Writing
    fields: Fields
    revision: int
    saved_at: datetime | None
    sections: Sequence[Section]

    @cached_property
    def faults(self) -> Sequence[Fault]:
        """All that keeps it from being sent; a draft is kept without asking."""
        return [] if self.writing.closed else self.writing.faults(self.reading, self.fields)

    def section(self, wanted: str) -> Section:
        """The section with this id. Raises NotFound."""
        found = next((section for section in self.sections if section.id == wanted), None)
        if found is None:
            raise NotFound("There is no such section.")
        return found

    def after(self, section: Section) -> str:
        """The address of the page that follows a section."""
        ids = [one.id for one in self.sections]
        if section.id not in ids:
            return self.writing.address
        rest = ids[ids.index(section.id) + 1 :]
        return f"{self.writing.address}/{rest[0]}" if rest else self.writing.check


def lay_out(reading: Reading, writing: Writing, typed: Fields | None = None) -> Paper:
    """The writing as its writer left it, or with `typed` in place of the draft."""
    draft = drafts.load(
        reading.connection,
        reading.desk.vault,
        subject=writing.subject,
        person=reading.actor.person,
    )
    if typed is not None:
        fields = dict(typed)
    else:
        fields = writing.first() if draft is None else dict(draft.fields)
    return Paper(
        reading=reading,
        writing=writing,
        fields=fields,
        revision=0 if draft is None else draft.revision,
        saved_at=None if draft is None else draft.saved_at,
        sections=writing.sections(fields),
    )


class LinkedErrors(Errors):
    """Errors of a check page in the order of its sections: each line leads to its field there."""

    def __init__(self, paper: Paper, faults: Iterable[Fault]) -> None:
        def place(fault: Fault) -> int:
            numbers = [n for n, one in enumerate(paper.sections) if one.holds(fault.field)]
            return numbers[0] if numbers else -1

        super().__init__(sorted(faults, key=place))
        self._paper = paper

    @property
    def summary(self) -> list[dict[str, str]]:
        return [
            {"text": f.sentence, "href": href} if (href := self._href(f)) else {"text": f.sentence}
            for f in self.faults
        ]

    def _href(self, fault: Fault) -> str:
        section = next((s for s in self._paper.sections if s.holds(fault.field)), None)
        if section is None:
            return f"#{field_id(fault.field)}" if fault.field.startswith("reasons") else ""
        at = f"{self._paper.writing.address}/{section.id}"
        return f"{at}?check=yes#{field_id(fault.field)}"


@dataclass(frozen=True, slots=True)
class WritingKind:
    """What a capability writes in sections: the first part of the `subject` of its drafts, what it
    is called, and how one is opened by the ids in the rest of the subject. ``WRITTEN`` in the
    capability's pages."""

    kind: str
    what: str
    open: Callable[[Reading, Sequence[str]], Writing] = field(compare=False)
