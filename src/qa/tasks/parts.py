"""How the capabilities hand over what waits for somebody, each its own kind of record."""

from __future__ import annotations

from functools import cache
from typing import ClassVar

from qa.authorisation.context import PartDesk
from qa.core.capabilities import declared
from qa.core.words import Actor


class HandingOver:
    """Declared as ``HANDING_OVER`` in a capability's `handing_over`; `kind` is the stream's."""

    kind: ClassVar[str]

    def hand_over(self, desk: PartDesk, key: str, *, to: str, reason: str, by: Actor) -> str:
        """Give the record to somebody else by its own command; who answered for it until then.

        Raises:
            What the command raises.
        """
        raise NotImplementedError


@cache
def handing_over() -> dict[str, HandingOver]:
    """The capabilities' ways by the kind of stream."""
    return {one.kind: one for one in declared("qa", "handing_over", "HANDING_OVER", HandingOver)}
