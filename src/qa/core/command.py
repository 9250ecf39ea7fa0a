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

    A subclass says beside its base class: `stream`, the record whose version the asker saw, by the
    fields of the command (none where they need have seen none); `writes`, the record whose new
    version the receipt then tells, by the fields of command and result; `result`, what the handler
    answers.
    """

    STREAM: ClassVar[str] = ""
    WRITES: ClassVar[str] = ""
    RESULT: ClassVar[type[BaseModel]] = NoResult

    def __init_subclass__(
        cls,
        *,
        stream: str | None = None,
        writes: str | None = None,
        result: type[BaseModel] | None = None,
    ) -> None:
        super().__init_subclass__()
        cls.STREAM = cls.STREAM if stream is None else stream
        cls.WRITES = cls.WRITES if writes is None else writes
        cls.RESULT = cls.RESULT if result is None else result

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

    def refuse_faults(self) -> None:
        """Raise `Refused` with every field that breaks its limits."""
        refuse_any(self.faults())

    def check_each(self) -> None:
        """Raise `Refused` for the first field that breaks its limits, under the code of its own."""
        for fault in self.faults():
            raise Refused(fault.sentence, field=fault.field, code=fault.code)
