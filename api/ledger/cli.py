"""`caseloop seal`, `checkpoint`, `prove` and `key …`: the ledger at the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand, CliGroup
from api.cli.store_session import open_services
from qa.core.errors import NotNow

if TYPE_CHECKING:
    from qa.ledger.checkpoints import Signed

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def seal(
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on sealing, signing and publishing until stopped.")
    ] = False,
) -> None:
    """Take what is recorded into the ledger's tree. A served Caseloop does so by itself."""
    from threading import Event

    from qa.ledger.following import Follower

    ledger = open_services().ledger
    if not follow:
        output.line(f"Sealed {ledger.seal()} facts.")
        return
    follower = Follower(ledger)
    follower.start()
    output.line("Sealing what is recorded. Stop with Ctrl+C.")
    try:
        Event().wait()
    finally:
        follower.stop()


def _shown(signed: Signed, as_json: bool) -> None:

    if as_json:
        output.as_json(
            {
                "number": signed.number,
                "size": signed.size,
                "made_at": signed.made_at.isoformat(),
                "root": signed.checkpoint.root.hex(),
                "note": signed.note,
            }
        )
    else:
        output.line(signed.note.rstrip("\n"))


def checkpoint(
    as_json: Json = False,
) -> None:
    """Seal what is recorded, sign a checkpoint, publish it, and print it."""
    from qa.people.commands import OPERATOR

    ledger = open_services().ledger
    signed = ledger.checkpoint(by=OPERATOR.person)
    for attempt in ledger.publish():
        output.warn(
            f"{'Published' if attempt.done else 'NOT published'}: {attempt.place}: {attempt.detail}"
        )
    _shown(signed, as_json)


def prove(
    position: Annotated[int, typer.Argument(min=1, help="The number of the entry of the log.")],
) -> None:
    """Print, in JSON, the proof that the last checkpoint covers one event."""
    from api.ledger.schemas import InclusionOut
    from qa.ledger import checkpoints

    services = open_services()
    with services.store.reading() as connection:
        last = checkpoints.latest(connection)
        if last is None or last.size < position <= services.store.head(connection):
            raise NotNow("No checkpoint covers this position yet. Run caseloop checkpoint.")
        proof = services.ledger.inclusion(connection, position, last.size)
    output.as_json({**InclusionOut.model_validate(proof).model_dump(), "checkpoint": last.note})


def restored(
    reason: Annotated[str, typer.Option("--reason", help="Why the backup was put back.")],
) -> None:
    """Say that a backup was put back: recorded with its reason, and a new key under a new name."""
    from qa.people.commands import OPERATOR

    ledger = open_services().ledger
    signed = ledger.restored(reason, by=OPERATOR.person)
    ledger.publish()
    output.warn("The restore is recorded. What was recorded after the backup was made is lost, and")
    output.warn("notes that cover it will say so. Hand out the new public key (caseloop key show)")
    output.warn("with the checkpoint below, which the old and the new key signed.")
    _shown(signed, as_json=False)


def show() -> None:
    """Print the public keys: give these to whoever checks, on paper or by telephone."""

    for kept in open_services().ledger.keys.ring().keys:
        until = "now" if kept.until is None else f"{kept.until:%Y-%m-%d %H:%M} UTC"
        output.line(kept.public.text)
        output.line(f"  signs from {kept.since:%Y-%m-%d %H:%M} UTC until {until}")
        output.line(f"  fingerprint {kept.public.fingerprint}")


def rotate() -> None:
    """Change to a new key, by a checkpoint that the old and the new key both sign."""
    from qa.people.commands import OPERATOR

    ledger = open_services().ledger
    signed = ledger.rotate(by=OPERATOR.person)
    output.warn("The key is changed. Give the new public key (caseloop key show) and the")
    output.warn("checkpoint below, which both keys signed, to everyone who holds the old key.")
    _shown(signed, as_json=False)


def replace_lost(
    old: Annotated[
        list[str],
        typer.Option("--old", help="A public key that signed before; repeat for every one."),
    ],
) -> None:
    """Begin again with a new key where the old one is lost. Outsiders must be told in person."""

    new = open_services().ledger.replace_lost(old)
    output.line(f"The new public key is {new.text}")
    output.line(f"Its fingerprint is {new.fingerprint}")
    output.line("Nobody can tell this key from a forger's by itself: hand it over in person.")


GROUPS = CliGroup("key", "The keys that sign checkpoints.", no_args_is_help=True)
COMMANDS = (
    CliCommand("seal", seal),
    CliCommand("checkpoint", checkpoint),
    CliCommand("prove", prove),
    CliCommand("restored", restored),
    CliCommand("show", show, "key"),
    CliCommand("rotate", rotate, "key"),
    CliCommand("lost", replace_lost, "key"),
)
