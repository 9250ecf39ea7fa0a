"""The ledger as a reader may see it."""

from __future__ import annotations

from dataclasses import dataclass

from api.web.access_notes import ServedLook
from qa.ledger import checkpoints, sealing
from qa.ledger.checkpoints import Signed
from qa.ledger.sealing import SealStanding


@dataclass(frozen=True, slots=True)
class Seen:
    """How much of the ledger a reader may see: all of it, or up to what covers their pin."""

    standing: SealStanding
    last: Signed | None

    @property
    def before(self) -> int:
        """Checkpoints numbered below this one."""
        return 1 if self.last is None else self.last.number + 1

    @property
    def size(self) -> int:
        """The largest tree that may be spoken of."""
        return (
            self.standing.sealed if self.last is None else max(self.last.size, self.standing.sealed)
        )


def seen(look: ServedLook) -> Seen:
    """What `actor` may see of the ledger. Behind a pin there is nothing for them, and at a past
    moment only what was signed by then: how far the seal was between checkpoints is not kept."""
    connection, actor, at = look.connection, look.actor, look.at
    until = at.until(actor.pin)
    if until is not None:
        last = checkpoints.latest(connection, until)
        if last is not None and actor.pin is not None and last.size > actor.pin:
            last = checkpoints.covering(connection, actor.pin)
        sealed = 0 if last is None else min(last.size, at.shown)
        return Seen(SealStanding(at.shown, sealed, None, None), last)
    now = sealing.standing(look.services.store, connection)
    if actor.pin is None or actor.pin >= now.head:
        return Seen(now, checkpoints.latest(connection))
    sealed = min(actor.pin, now.sealed)
    standing = SealStanding(
        actor.pin, sealed, None, now.unsealed_since if sealed < actor.pin else None
    )
    return Seen(standing, checkpoints.covering(connection, actor.pin))
