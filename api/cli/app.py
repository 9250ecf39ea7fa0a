"""`caseloop`: set up, serve, import, export, report, verify, rebuild, seal and prove,
pack, remind and send what is due, people, tokens.

Exit codes: 0 done; 1 something was found wrong (`verify`); 2 the command line is malformed; 3 the
input was refused; 4 the records cannot be reached.
"""

from __future__ import annotations

import gc
import os
import sys
from inspect import cleandoc
from typing import Annotated

import typer

from api.cli import maintenance
from api.cli.commands import CliCommand, CliGroup
from api.cli.store_session import close_all
from qa.core.capabilities import declared
from qa.core.errors import CaseloopError, refuse_any

GROUPS = (
    CliGroup("import", "Import audits, moderations and improvement plans kept elsewhere."),
    CliGroup("export", "Write lists and tools to files."),
    CliGroup(
        "report",
        "Reports: agreement, grades, loops, RAG, board, indicators, supervision, unusual access.",
    ),
)
"""The groups that several capabilities bring commands to."""


def _assembled() -> typer.Typer:
    """The command line with the commands of every capability."""
    whole = typer.Typer(
        name="caseloop",
        help=__doc__,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # the library of boxes and colours takes a third of a start
    )
    groups = {"": whole}
    for group in (*GROUPS, *declared("api", "cli", "GROUPS", CliGroup, suffixed=True)):
        part = typer.Typer(help=group.help, no_args_is_help=group.no_args_is_help)
        whole.add_typer(part, name=group.name, short_help=group.help)
        groups[group.name] = part
    found = [
        *maintenance.COMMANDS,
        *declared("api", "cli", "COMMANDS", CliCommand, suffixed=True),
    ]
    for command in sorted(found, key=lambda one: one.place):
        # Said in full: what is left to the library ends after a line.
        first = cleandoc(command.run.__doc__ or "").partition("\n\n")[0]
        groups[command.group].command(command.name, short_help=first)(command.run)
    return whole


app = _assembled()

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
    from api.cli.output import UNREACHABLE, refusal, warn
    from qa.core.texts import faults_in

    # A file of thousands of rows makes much that stays to the end: a third of an import went into
    # looking through it again and again.
    gc.set_threshold(50_000, 20, 20)
    given = sys.argv[1:] if arguments is None else arguments
    try:
        refuse_any(faults_in({"command line": list(given)}))
        app(args=_store_option(list(given)), prog_name="caseloop")
    except CaseloopError as error:
        raise SystemExit(refusal(error)) from None
    except Exception as trouble:
        if type(trouble).__module__.partition(".")[0] not in ("sqlalchemy", "sqlite3", "psycopg"):
            raise
        # Its words may quote statements and rows.
        warn(f"The records cannot be read or written: {type(trouble).__name__}.")
        raise SystemExit(UNREACHABLE) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    finally:
        close_all()
