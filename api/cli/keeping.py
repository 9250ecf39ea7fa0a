"""`caseloop verify` and `caseloop rebuild`: is everything as the facts say, and make it so."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(verify)
    app.command()(rebuild)


def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Check the log, and every read row against a replay of the facts. Exit code 1 if not."""
    from api.cli import say
    from api.cli.opening import open_services
    from projections.verify import verify as check

    services = open_services()
    with say.progress("Verifying") as tell:
        found = check(services.store, services.registry, progress=tell)
    head = services.store.head()
    if as_json:
        say.as_json({"position": head, "differences": [str(each) for each in found]})
    elif found:
        for each in found[: say.MOST_FAULTS]:
            say.warn(f"  {each}")
        say.warn(f"{len(found)} differences up to position {head}.")
    else:
        say.line(f"All is as the {head} facts say.")
    if found:
        raise typer.Exit(say.FOUND_WRONG)


def rebuild(
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A read model; all if left out.")
    ] = None,
) -> None:
    """Make the read models again from the facts, beside the ones in use, and swap them in."""
    from api.cli import say
    from api.cli.opening import open_services
    from projections.rebuild import rebuild as make
    from qa.errors import Refused

    services = open_services()
    known = [projector.name for projector in services.registry.projectors]
    unknown = [name for name in only or [] if name not in known]
    if unknown:
        raise Refused(
            f"There is no read model {', '.join(unknown)}. There are: {', '.join(known)}.",
            field="--only",
            code="read-model-unknown",
        )
    services.initialise()
    with say.progress("Rebuilding") as tell:
        make(services.store, services.registry, only=only or None, progress=tell)
    say.line(f"Rebuilt {', '.join(only or known)} from {services.store.head()} facts.")
