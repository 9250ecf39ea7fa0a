"""What somebody asks for, as one frozen model: the same for pages, API, command line and Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel

from qa.core import fields
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.frozen import Frozen


class NoResult(Frozen):
    """A command that answers nothing beside its receipt."""


class Command(Frozen):
    """One thing to be done. The docstring of a subclass says what, for readers of the API.

    `STREAM` names the record whose version the asker saw, by the fields of the command; it is
    empty where they need have seen none. `WRITES` then names the record whose new version the
    receipt tells, by the fields of command and result. `RESULT` is what the handler answers.
    """

    STREAM: ClassVar[str] = ""
    WRITES: ClassVar[str] = ""
    RESULT: ClassVar[type[BaseModel]] = NoResult

    @property
    def stream(self) -> str | None:
        return self.STREAM.format_map(self.__dict__) or None

    @property
    def fingerprint(self) -> str:
        """The whole of what is asked, for the idempotency key."""
        worked_out = {n for n, each in fields.field_words(type(self)).items() if each.derived}
        return f"{type(self).__name__}\n{self.model_dump_json(warnings=False, exclude=worked_out)}"

    def written(self, result: Mapping[str, object]) -> str | None:
        """The stream whose new version the asker is told."""
        return self.stream or self.WRITES.format_map({**self.__dict__, **result}) or None

    def faults(self) -> list[Fault]:
        """Every field that breaks its limits; a decision adds what the record says."""
        return fields.faults(self)

    def check(self) -> None:
        """Raise `Refused` with every field that breaks its limits."""
        refuse_any(self.faults())

    def check_each(self) -> None:
        """Raise `Refused` for the first field that breaks its limits, under the code of its own."""
        for fault in self.faults():
            raise Refused(fault.sentence, field=fault.field, code=fault.code)
