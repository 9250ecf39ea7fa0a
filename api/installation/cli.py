"""`caseloop init`, `demo` and `serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.store_session import open_services, settings_now
from qa.core.errors import Refused

HOST = "127.0.0.1"
PORT = 8000


def init(
    council: Annotated[
        str,
        typer.Option(help="The council’s name, which stays for ever. Asked for if left out."),
    ] = "",
    shipped: Annotated[
        bool, typer.Option(help="Publish the audit tools that come with Caseloop.")
    ] = True,
) -> None:
    """Make a store in an empty database, its keys, and the shipped tools."""
    from api.cli.listening import warn_of_rebuild
    from api.cli.output import line
    from api.cli.store_session import (
        closed_at_the_end,
        give_starting_set,
        named,
        settings_now,
    )
    from api.services import build

    settings = named(settings_now(), council)
    services = closed_at_the_end(build(settings, make_key=True))
    services.initialise()
    if shipped and services.store.head() == 0:
        give_starting_set(services)
    line(f"The store {settings.store_shown} is ready. Its master key is {settings.key_place}.")
    line(f"The ledger's signing key is {settings.ledger_key_path}.")
    line("Keep both apart from the store and its backups: without the first no text can be read,")
    line("and who has the second can sign checkpoints in this council's name.")
    line(f"Checkpoints are published to {settings.checkpoint_path.resolve()}; say where else, best")
    line("out of reach of those who can change the records, in CASELOOP_CHECKPOINT_FOLDER.")
    warn_of_rebuild(services)
    line("Next: caseloop people add --admin, then caseloop serve.")


def demo(
    host: Annotated[str, typer.Option(help="Address to serve on.")] = HOST,
    port: Annotated[int, typer.Option(help="Port to serve on; 0 picks a free one.")] = PORT,
    serving: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve when the data is there.")
    ] = True,
) -> None:
    """Make a store with a synthetic council, print its sign-in names, and serve it."""
    import os

    from api.cli.output import line, progress
    from api.settings import Settings

    os.environ.setdefault("CASELOOP_STORE", "sqlite:///caseloop-demo.db")
    os.environ.setdefault("CASELOOP_COUNCIL_NAME", "Example Council")
    os.environ["CASELOOP_DEMONSTRATION"] = "true"
    settings = Settings.from_environment()
    from api.demo.build import build_demo, sign_ins

    with progress("Making the demonstration council") as tell:
        made = build_demo(settings, tell)
    line(
        f"{'Made' if made else 'Found'} the demonstration council in {settings.store_shown}. "
        "All data is invented."
    )
    line("")
    line(f"{'Sign in as':<43} with the password")
    for handle, title, password in sign_ins():
        line(f"  {handle:<20} {title:<20} {password}")
    line("")
    if serving:
        serve(host=host, port=port)


def serve(
    host: Annotated[str, typer.Option(help="Address to serve on.")] = HOST,
    port: Annotated[int, typer.Option(help="Port to serve on; 0 picks a free one.")] = PORT,
    workers: Annotated[int, typer.Option(min=1, max=8, help="Server processes.")] = 1,
) -> None:
    """Serve the pages and the API."""
    import uvicorn

    from api.cli.listening import free_port, warn_of_rebuild, when_listening
    from api.cli.output import line
    from api.installation.metrics import counted_together
    from api.web.request import LOOPBACK

    settings = settings_now()
    if host not in LOOPBACK and not settings.base_url:
        raise Refused(
            "To serve beyond this machine, set CASELOOP_BASE_URL to the address that people type: "
            "without it links would lead wherever a request says.",
            field="--host",
            code="base-url-missing",
        )
    services = open_services()
    services.start()
    warn_of_rebuild(services)
    services.store.close()
    port = free_port(host, port)
    where = f"Caseloop is at http://{host}:{port}/  (stop with Ctrl+C)"
    when_listening(host, port, lambda: line(where))
    with counted_together(workers):
        uvicorn.run(
            "api.main:from_environment",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            log_level="warning",
            server_header=False,
        )


COMMANDS = (
    CliCommand("init", init, place=1),
    CliCommand("demo", demo, place=2),
    CliCommand("serve", serve, place=3),
)
