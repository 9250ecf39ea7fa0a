"""A chart of a page as a file: the page's own address with ``picture=<chart>.svg``, png or csv.

It is the page that was asked for, so that moment, filters, rights and the line in the access log
are those of the page.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from api.documents.text import guarded

if TYPE_CHECKING:
    from api.charts.drawing import Chart

PICTURE = "picture"
KINDS = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
_drawing: ContextVar[tuple[Request, dict[str, Chart]] | None] = ContextVar("drawing", default=None)


@contextmanager
def charts_of(request: Request) -> Iterator[dict[str, Chart]]:
    """The charts that a page shows while it is rendered, by their ids."""
    shown: dict[str, Chart] = {}
    token = _drawing.set((request, shown))
    try:
        yield shown
    finally:
        _drawing.reset(token)


def chart_files(chart: Chart, id: str) -> list[tuple[str, str]]:
    """Where the chart can be taken from the page that shows it, by the kind of file."""
    page = _drawing.get()
    if page is None:
        return []
    request, shown = page
    shown[id] = chart
    query: list[tuple[str, Any]] = [
        (name, value) for name, value in request.query_params.multi_items() if name != PICTURE
    ]
    return [(kind.upper(), f"?{urlencode([*query, (PICTURE, f'{id}.{kind}')])}") for kind in KINDS]


def chart_file(request: Request, shown: dict[str, Chart]) -> Response | None:
    """The file that was asked for; None where none was, or the page shows no such chart."""
    id, _, kind = request.query_params.get(PICTURE, "").rpartition(".")
    if id not in shown or kind not in KINDS:
        return None
    headers = {"Content-Disposition": f'attachment; filename="{id}.{kind}"'}
    return Response(_content(shown[id], kind), media_type=KINDS[kind], headers=headers)


def _content(chart: Chart, kind: str) -> bytes:
    if kind == "svg":
        return str(chart.wide).encode()
    if kind == "png":
        return chart.png()
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerows([guarded(cell) for cell in row] for row in (chart.columns, *chart.rows))
    return out.getvalue().encode("utf-8-sig")
