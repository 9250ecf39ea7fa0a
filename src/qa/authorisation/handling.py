"""One way to carry a command out: the unit of work, the key, the version that was seen, the
receipt. A handler loads, asks the policy, decides and appends; all the rest is here, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel

from qa.authorisation.context import Desk, Once, Replayed, Work
from qa.core.command import Command
from qa.core.errors import Forbidden, NotFound, refuse_any
from qa.core.event import Source
from qa.core.texts import lengths
from qa.core.words import Actor
from qa.store.unit import Receipt

C = TypeVar("C", bound=Command)
HandlerFunction = Callable[[C, Work], BaseModel | None]


class CommandHandler(Generic[C]):
    """A command with the function that carries it out; call it to do so."""

    __name__: str

    def __init__(self, command: type[C], function: HandlerFunction[C]) -> None:
        self.command = command
        self._function = function
        update_wrapper(self, function)

    def __call__(
        self,
        desk: Desk,
        command: C,
        *,
        by: Actor,
        seen: int | None = None,
        key: str | None = None,
        request: str | None = None,
        reason: str | None = None,
        source: Source | None = None,
    ) -> Receipt:
        """Carry `command` out for `by`. `seen` is the version of its record they looked at, `key`
        makes a repeat safe: of the same `request`, where the command is made from what is on
        record besides.

        Raises:
            Refused, NotNow, NotFound, Forbidden: as the handler says.   MovedOn: `seen` is stale.
        """
        refuse_any(lengths(command.__dict__))
        once = None if key is None else Once(key, request or command.fingerprint)
        try:
            with desk.work(by, once=once, reason=reason, source=source) as work:
                work.attend(command, seen)
                result = self._function(command, work)
                if result is not None:
                    work.unit.respond(**result.model_dump(mode="json"))
                work.attended()
        except Replayed as replayed:
            return replayed.receipt
        return work.receipt

    def ask_first(self, desk: Desk, named: Mapping[str, str], *, by: Actor) -> None:
        """Ask only what the handler asks of the records that are `named`, before it looks at what
        else is in the command: for one that could not be read.

        Raises:
            NotFound, Forbidden: as the handler says.
        """
        values: Mapping[str, Any] = named
        command = cast(C, self.command.model_construct(None, **values))
        for name in self.command.model_fields.keys() - named.keys():
            command.__dict__.pop(name, None)
        try:
            with desk.work(by) as work:
                work.attend(command, None)
                self._function(command, work)
                raise _QuestionEnd
        except (NotFound, Forbidden):
            raise
        except Exception:  # noqa: BLE001 - it came to what could not be read
            return


class _QuestionEnd(Exception):
    """Ends a unit of work that was begun only to ask."""


def handles(command: type[C]) -> Callable[[HandlerFunction[C]], CommandHandler[C]]:
    """Make a function the handler of a command."""
    return lambda function: CommandHandler(command, function)
