"""`caseloop`: set up, serve, import, export, report, verify, rebuild, seal and prove,
pack, remind and send what is due, people, tokens.

Exit codes: 0 done; 1 something was found wrong (`verify`); 2 the command line is malformed; 3 the
input was refused; 4 the records cannot be reached.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from api.cli import import_export, maintenance, report, setup
from api.evidence_packs import cli as pack_cli
from api.history import cli as history_cli
from api.jobs import cli as job_cli
from api.ledger import cli as ledger_cli
from api.people import cli as people_cli

app = typer.Typer(
    name="caseloop",
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
setup.register(app)
import_export.register(app)
history_cli.register(app)
maintenance.register(app)
ledger_cli.register(app)
pack_cli.register(app)
job_cli.register(app)
app.add_typer(people_cli.app, name="people")
app.add_typer(people_cli.token_app, name="token")
app.add_typer(report.app, name="report")

STORE = "CASELOOP_STORE"


@app.callback()
def settings(
    store: Annotated[
        str | None,
        typer.Option(
            help="Where the records are: an SQLAlchemy URL or a SQLite file. May stand anywhere on "
            f"the line. Also {STORE}; default sqlite:///caseloop.db."
        ),
    ] = None,
) -> None:
    """Caseloop: the quality-assurance record of a council's children's services."""


def _store_option(arguments: list[str]) -> list[str]:
    """Take ``--store`` from wherever it stands on the line into the environment."""
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--store":
            os.environ[STORE] = next(waiting, "")
        elif argument.startswith("--store="):
            os.environ[STORE] = argument.partition("=")[2]
        else:
            rest.append(argument)
    return rest


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    from api.cli.output import refusal
    from api.cli.store_session import close_all
    from qa.core.errors import CaseloopError

    given = sys.argv[1:] if arguments is None else arguments
    try:
        app(args=_store_option(list(given)), prog_name="caseloop")
    except CaseloopError as error:
        raise SystemExit(refusal(error)) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    finally:
        close_all()
