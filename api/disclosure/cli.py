"""`caseloop export outside-copy`: a copy for partners or for the public, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands import CliCommand


def export_outside_copy(
    given: Annotated[str, typer.Argument(help="The id of the copy: the last part of its address.")],
    file: Annotated[
        Path, typer.Argument(help="The file to write: .docx, .pdf, .xlsx, .csv or .json.")
    ],
) -> None:
    """Write a copy of a published report, as it was given out for partners or for the public."""
    from api.cli import output
    from api.cli.store_session import open_services
    from api.disclosure import copy_files
    from api.disclosure.sources import source_called
    from projections.disclosure import queries
    from qa.core.errors import NotFound, Refused
    from qa.disclosure.words import AUDIENCES

    kind = file.suffix.removeprefix(".")
    if kind not in copy_files.FORMATS:
        raise Refused("The file must end in .docx, .pdf, .xlsx, .csv or .json.", code="file-kind")
    services = open_services()
    with services.store.reading() as connection:
        copy = queries.copy_called(connection, given)
        if copy is None:
            raise NotFound("There is no such copy.")
        found = source_called(services, connection, None, copy.published, None)
        body = copy_files.file_of(found, copy, kind)
    file.write_bytes(body)
    output.line(f"Wrote the copy for {AUDIENCES[copy.audience]} to {file}.")


COMMANDS = (CliCommand("outside-copy", export_outside_copy, "export"),)
