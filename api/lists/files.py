"""Lists as files: exactly what a list page shows, with a sheet that says what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from inspect import Parameter
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from api.documents.listing import Column, Listing
from api.documents.making import list_workbook
from api.documents.text import as_csv, as_json
from api.lists.declaration import ALL, ListRequest, RecordList
from api.services import Services
from api.web import access_notes
from api.web.context import Reading
from api.web.freshness import behind
from api.web.late_routes import taking_as
from api.web.moments import AsAt
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import Refused

MOST_ROWS = 100_000
ListFileKind = Literal["csv", "xlsx", "json"]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "yaml": "application/yaml",
    "zip": "application/zip",
    "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
"""What a file of each kind is served as. Lists are csv, xlsx and json."""


def download(content: bytes | str, name: str, at: AsAt | None = None) -> Response:
    """A file to keep, served as its name ends, with the moment that it shows."""
    # A header holds neither every letter nor a quotation mark.
    name = re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII)
    return Response(
        content,
        media_type=TYPES[name.rpartition(".")[2]],
        headers={
            **({} if at is None else at.headers),
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


def refuse_too_many(rows: int, noun: str) -> None:
    """Raises Refused where a file would have more rows than one should hold."""
    if rows > MOST_ROWS:
        raise Refused(
            f"This list has {rows:,} {noun}. Narrow it to {MOST_ROWS:,} or fewer.",
            code="list-too-long",
        )


def listing_of(
    shown: RecordList[Any],
    services: Services,
    connection: Connection,
    at: AsAt,
    by: str,
    request: ListRequest = ALL,
    filters: Sequence[tuple[str, str]] | None = None,
) -> Listing:
    """The list as every kind of file is written from. With `filters`, the filters in words, the
    rows are those that were asked for already.

    Raises:
        Refused: more rows than a file should hold.
    """
    rows = shown.kept(request) if filters is None else shown.rows
    refuse_too_many(len(rows), shown.noun[1])
    if shown.prepare is not None:
        shown.prepare(rows)
    columns = shown.filed(request)
    # Of ten years' actions a list has a million and a half cells.
    cells = (map(column.filed, rows) for column in columns)
    return Listing(
        title=shown.title,
        columns=[Column(column.key, column.heading, column.kind) for column in columns],
        rows=[*zip(*cells, strict=True)],
        filters=[
            *(filters or ((name, words) for name, words, _ in shown.filter_words(request))),
            *([("Sorted by", shown.sorted_words(request))] if request.sort else []),
        ],
        position=at.shown,
        **at.taken_out(by, services.clock.now(), services.letterhead),
        notes=[*(one.words for one in behind(services, connection, at)), *shown.notes],
    )


def send_list(reading: Reading, shown: RecordList[Any], kind: ListFileKind) -> Response:
    """Exactly the rows, columns and order that the page with the same query shows, as a file.

    Raises:
        Refused: what was asked of the list, or of its moment, is not known.
    """
    request, by = shown.request_of(reading.request.query_params), reading.actor.display_name
    make = partial(listing_of, shown, reading.services, reading.connection, reading.at, by, request)
    return send_listing(reading, make, shown.file_name, request, kind)


def list_files(router: APIRouter, path: str, made: Callable[..., RecordList[Any]]) -> None:
    """Serve the list of the page at `path` as a file. `made` takes what an endpoint takes, the
    reading among it, and answers the list, or refuses who may not see it."""

    def export(kind: ListFileKind, **address: Any) -> Response:
        return send_list(address["reading"], made(**address), kind)

    kind = Parameter("kind", Parameter.KEYWORD_ONLY, annotation=ListFileKind)
    taking_as(export, made, kind)
    router.add_api_route(f"{path}/export.{{kind}}", export, methods=["GET"])


def send_listing(
    reading: Reading,
    make: Callable[[], Listing],
    file_name: str,
    request: ListRequest,
    kind: ListFileKind,
) -> Response:
    """A listing that is made as asked, as a file; taking it out is noted.

    Raises:
        Refused: the moment asked for cannot be shown.
    """
    require(reading.actor, "export")
    if reading.wrong:
        raise Refused(reading.wrong.faults)
    at, written = reading.at, render_listing(make(), kind)
    access_notes.note(
        reading.services,
        reading.actor,
        What.EXPORT,
        f"{file_name}.{kind}",
        detail=", ".join(sorted(request.chosen)),
        at=at,
    )
    return download(written, f"{file_name}-{at.file_stamp}.{kind}", at)


def render_listing(listing: Listing, kind: str, *, raw: bool = False) -> bytes:
    """The list as the bytes of a csv, xlsx or json file.

    Raises:
        Refused: another kind of file.
    """
    if kind == "csv":
        return as_csv(listing, raw=raw)
    if kind == "xlsx":
        return list_workbook(listing)
    if kind == "json":
        return as_json(listing)
    raise Refused("A list can be written as .csv, .xlsx or .json.", code="file-kind")


def write_listing(listing: Listing, out: Path, *, raw: bool = False) -> None:
    """Write the list to a file whose ending says what it is."""
    out.write_bytes(render_listing(listing, out.suffix.lstrip(".").lower(), raw=raw))
