"""`caseloop upgrade`, `verify`, `rebuild`, `backup`: is everything as it should be; keep it so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand
from api.cli.store_session import open_services
from qa.core.errors import Refused, Unavailable

if TYPE_CHECKING:
    from qa.ledger.verify import Outside


def upgrade(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what there is to do.")
    ] = False,
) -> None:
    """Upgrade the records of an earlier release to this one: show what there is to do, and do it.

    Safe to repeat, also after it was stopped, and beside another one.
    """
    from qa.schema.revisions import UPGRADE_NEEDED

    services = open_services(any_release=True)
    store, registry = services.store, services.registry
    try:
        store.check()
    except Unavailable as needed:
        if needed.code != UPGRADE_NEEDED:
            raise
    migrations, missing = store.pending()
    for each in migrations:
        output.line(f"Revision {each.number}: {each.does}.")
    for name in missing:
        output.line(f"Read model {name}: its tables are made, to be filled by caseloop rebuild.")
    if not migrations and not missing:
        output.line("The records are of this release: there is nothing to do.")
    elif dry_run:
        output.line("Nothing was changed.")
        return
    else:
        store.initialise(lambda done: output.line(f"Revision {done.number} is done."))
        services.initialise()
        output.line("The records are of this release now.")
    with store.reading() as connection:
        stale = registry.stale(connection)
    if stale:
        output.line(f"Still to do: caseloop rebuild, for {', '.join(stale)}.")


def verify(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", help="A signed checkpoint held outside; may be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Check the log, its seal and checkpoints, and every read row. Exit code 1 if not."""
    from projections.core.verify import verify as check
    from qa.ledger.verify import verify as check_seal

    notes = [_outside(path) for path in checkpoint or []]
    services = open_services()
    try:
        ring = services.ledger.keys.ring()
    except Unavailable as missing:
        output.warn(missing.sentence)
        ring = None
    with output.progress("Verifying the seal") as tell:
        seal = check_seal(services.store, ring, notes, places=services.ledger.places, progress=tell)
    with output.progress("Verifying") as tell:
        found = [*seal.findings, *check(services.store, services.registry, progress=tell)]
    head = services.store.head()
    if as_json:
        output.as_json(
            {
                "position": head,
                "sealed": seal.sealed,
                "checkpoints": seal.kept,
                "checkpoints_from_outside": seal.outside,
                "first_bad_position": seal.first_bad,
                "differences": [str(each) for each in found],
            }
        )
    elif found:
        for each in found[: output.MOST_FAULTS]:
            output.warn(f"  {each}")
        output.warn(f"{len(found)} differences up to position {head}.")
    else:
        output.line(
            f"{seal.sealed} facts are as they were sealed, under {seal.kept} checkpoints kept here"
            f" and {seal.outside} from outside; {seal.unsealed} are not sealed yet."
        )
        output.line(f"All is as the {head} facts say.")
    if found:
        raise typer.Exit(output.FOUND_WRONG)


def _outside(path: Path) -> Outside:
    """A note from a file. Raises `Refused` where it cannot be read."""
    from qa.ledger.verify import Outside

    try:
        return Outside(str(path), path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise Refused(f"{path} cannot be read as text.", code="file-unreadable") from None


def rebuild(
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A read model; all if left out.")
    ] = None,
) -> None:
    """Make the read models again from the events, beside the ones in use, and swap them in."""
    from projections.core.rebuild import rebuild as make

    services = open_services()
    known = [projector.name for projector in services.registry.projectors]
    unknown = [name for name in only or [] if name not in known]
    if unknown:
        raise Refused(
            f"There is no read model {', '.join(unknown)}. There are: {', '.join(known)}.",
            field="--only",
            code="read-model-unknown",
        )
    with output.progress("Rebuilding") as tell:
        aside = make(services.store, services.registry, only=only or None, progress=tell)
    output.line(f"Rebuilt {', '.join(only or known)} from {services.store.head()} facts.")
    for position in sorted(aside.signs)[: output.MOST_FAULTS]:
        output.warn(f"Fact {position} holds a character that cannot be shown: “␀” stands for it.")
    if aside:
        output.warn("Set aside, each from the fact that is named on:")
        for name, asides in aside.listed().items():
            for one in asides[: output.MOST_FAULTS]:
                output.warn(f"  {name}: fact {one.position} ({one.stream}): {one.why}.")
        raise typer.Exit(output.FOUND_WRONG)


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(help="The new file, for a SQLite store; left out for PostgreSQL."),
    ] = None,
) -> None:
    """Copy a SQLite store while it is in use, and say which keys go with it.

    For PostgreSQL it says the command that makes a dump; no password is printed.
    """
    from qa.store.backup import copy_sqlite

    services = open_services()
    settings = services.settings
    if services.store.engines.is_postgres:
        if file is not None:
            sentence = "PostgreSQL is dumped by its own program: leave the file out."
            raise Refused(sentence, field="FILE", code="backup-by-pg-dump")
        output.line("Run this where CASELOOP_STORE holds the address of the store:")
        output.line('pg_dump --format=custom --file=caseloop.dump "$CASELOOP_STORE"')
    elif file is None:
        raise Refused("Name the new file.", field="FILE", code="file-missing")
    else:
        position = copy_sqlite(Path(settings.store.removeprefix("sqlite:///")), file)
        output.line(
            f"Copied {settings.store_shown} to {file}, up to position {position} of the log."
        )
    output.line("What belongs to it, to be kept apart from it:")
    output.line(f"  the master key: {settings.key_place}")
    output.line(f"  the keys of the ledger: {services.ledger.keys.place}")
    output.line("Keep the newest published checkpoint beside it. Try the copy: see the how-to.")


COMMANDS = (
    CliCommand("upgrade", upgrade),
    CliCommand("verify", verify),
    CliCommand("rebuild", rebuild),
    CliCommand("backup", backup),
)
