"""How a chart is drawn: Vega-Lite by vl-convert, then made one accessible image without styles.

Vega's own roles for every mark fail WCAG, so they are taken off and the whole is named and
described; ids are made its own; nothing needs a style, so it holds under ``style-src 'self'``.

What draws takes more memory than all the rest of a server, so it is loaded in a process apart
(`api.apart.kept`) where one is kept.
"""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from api.apart.kept import made_apart
from api.charts.own_fonts import use_own_fonts

INK, PAPER = "#0b0c0c", "#ffffff"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_NAMESPACE = "http://www.w3.org/2000/svg"
_KEPT = 256

Row = tuple[str, ...]
Spec = dict[str, Any]


PAGE, PHONE = 1000, 300
"""Pixels that a chart is drawn across for a page and for a phone."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, drawn when it is asked for. `svg`, `wide` and `narrow` are safe to put in a page;
    `columns` and `rows` hold the same data in words, the first column being the row's heading.
    `key` says what a mark means that has no words of its own; `on_phone` is the drawing for a
    phone where it is another one. `links` are the addresses of the receipts of its numbers."""

    title: str
    summary: str
    spec: Spec
    columns: Row
    rows: tuple[Row, ...]
    on_phone: Spec | None = None
    key: str = ""
    before: Callable[[], Chart] | None = None
    links: tuple[Row, ...] = ()

    def opening(self, links: Iterable[Sequence[str]]) -> Chart:
        """The chart with where each cell of its table leads, row by row."""
        return replace(self, links=tuple(map(tuple, links)))

    def link(self, row: int, column: int) -> str:
        """Where a cell of its table leads; empty for one that leads nowhere."""
        links = self.links[row] if row < len(self.links) else ()
        return links[column] if column < len(links) else ""

    @property
    def svg(self) -> Markup:
        """The picture for a document, in its own size."""
        return self._drawn(self.spec)

    @property
    def wide(self) -> Markup:
        """The picture across a page; a grid of cells keeps its size."""
        return self.across(PAGE)

    def across(self, width: int) -> Markup:
        """The picture across so many pixels; a grid of cells keeps its size."""
        return self._drawn(self.spec if self._grid else _across(self.spec, width))

    @property
    def narrow(self) -> Markup | None:
        """The picture across a phone; None where cells would not fit."""
        if self._grid and self.on_phone is None:
            return None
        return self._drawn(_across(_wrapped(self.on_phone or self.spec), PHONE))

    @property
    def _grid(self) -> bool:
        width, height = self.spec["width"], self.spec["height"]
        return isinstance(width, dict) and isinstance(height, dict)

    def _drawn(self, spec: Spec) -> Markup:
        picture = _svg(json.dumps(spec, sort_keys=True), self.title, self.summary)
        return Markup(picture)  # noqa: S704 - our own SVG

    def png(self, across: int | None = None) -> bytes:
        """The picture for a document, twice as large so that it is sharp."""
        return _png(str(self.svg if across is None else self.across(across)), 2.0)

    def __reduce__(self) -> tuple[type[Chart], tuple[Any, ...]]:
        """What goes to another process leaves behind how it was drawn `before`."""
        parts = (self.title, self.summary, self.spec, self.columns, self.rows)
        return Chart, (*parts, self.on_phone, self.key)


def drawn(
    title: str,
    summary: str,
    spec: Spec,
    columns: Row,
    rows: Sequence[Row],
    on_phone: Spec | None = None,
    key: str = "",
    before: Callable[[], Chart] | None = None,
) -> Chart:
    """A chart from its Vega-Lite specification, its words and the table beneath it. `before` draws
    it as files of earlier layouts hold it."""
    return Chart(title, summary, spec, columns, tuple(rows), on_phone, key, before)


def _across(spec: Spec, width: int) -> Spec:
    """The same drawn across so many pixels, its labels and legend within them."""
    return {**spec, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}}


def _wrapped(spec: Spec) -> Spec:
    """The same with the names at its side in short lines and its legend in one column."""

    def small(value: Any, key: str = "") -> Any:
        if isinstance(value, list):
            return [small(one) for one in value]
        if not isinstance(value, dict):
            return value
        found = {name: small(one, name) for name, one in value.items()}
        if key == "y" and value.get("type") in ("nominal", "ordinal"):
            return {**found, "axis": {**(found.get("axis") or {}), "labelExpr": _SHORT_LINES}}
        if key == "legend":
            return {**found, "columns": 1}
        if key == "height" and "step" in value:
            return {"step": max(value["step"], 56)}
        return found

    whole: Spec = small(spec)
    return whole


def turned(spec: Spec) -> Spec:
    """The same with the periods down its side: so it fits a phone, however many they are."""
    other = {"x": "y", "y": "x", "x2": "y2", "y2": "x2"}

    def layer(one: Spec) -> Spec:
        encoding = {other.get(name, name): channel for name, channel in one["encoding"].items()}
        mark = one["mark"]
        if mark["type"] == "text":
            mark = {**mark, "dx": 0, "dy": -12, "align": "center"}
        return {**one, "mark": mark, "encoding": encoding}

    layers = [layer(one) for one in spec["layer"]]
    return {**spec, "width": PHONE, "height": {"step": 56}, "layer": layers}


_SHORT_LINES = "split(replace(replace(datum.label, ' (n', '|(n'), ' | ', '|'), '|')"


@lru_cache(maxsize=_KEPT)
def _svg(spec: str, title: str, summary: str) -> str:
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": PAPER,
        "config": {
            "font": FONT,
            "aria": False,
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": 13,
                "titleFontSize": 13,
                "labelColor": INK,
                "titleColor": INK,
                "gridColor": "#dcdfe1",
                "domainColor": INK,
                "tickColor": INK,
                "labelLimit": 240,
            },
            "legend": {"labelFontSize": 13, "labelColor": INK, "labelLimit": 300},
            "text": {"fontSize": 13},
        },
        **json.loads(spec),
    }
    name = "c" + hashlib.sha256(f"{title}\0{summary}\0{spec}".encode()).hexdigest()[:10]
    return accessible(
        made_apart(drawn_by_vega, json.dumps(whole), quick=True), name, title, summary
    )


def drawn_by_vega(spec: str) -> str:
    """The SVG of a Vega-Lite specification, as the library draws it."""
    import vl_convert

    use_own_fonts()
    return str(vl_convert.vegalite_to_svg(spec))


def accessible(svg: str, name: str, title: str, summary: str) -> str:
    """The picture as one image with a name and a description, its ids beginning with `name`."""
    root = ET.fromstring(svg)  # noqa: S314 - drawn by our own library a moment ago
    for parent in root.iter():
        for child in [
            c for c in parent if c.tag in (f"{{{_NAMESPACE}}}title", f"{{{_NAMESPACE}}}desc")
        ]:
            parent.remove(child)
    for mark in root.iter():
        for key in list(mark.attrib):
            plain = key.rpartition("}")[2]
            if plain in ("role", "style", "tabindex") or plain.startswith("aria-"):
                del mark.attrib[key]
        for key, value in mark.attrib.items():
            mark.set(key, value.replace("url(#", f"url(#{name}-"))
        if "id" in mark.attrib:
            mark.set("id", f"{name}-{mark.get('id')}")
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    for at, (tag, words) in enumerate((("title", title), ("desc", summary))):
        element = ET.Element(f"{{{_NAMESPACE}}}{tag}", {"id": f"{name}-{tag}"})
        element.text = words
        root.insert(at, element)
    ET.register_namespace("", _NAMESPACE)
    return ET.tostring(root, encoding="unicode")


@lru_cache(maxsize=32)
def _png(svg: str, scale: float) -> bytes:
    return made_apart(_pixels, svg, scale, quick=True)


def _pixels(svg: str, scale: float) -> bytes:
    import vl_convert

    use_own_fonts()
    return bytes(vl_convert.svg_to_png(svg, scale=scale))


def draw_nothing() -> None:
    """Load what draws, which takes longer than to draw."""
    drawn_by_vega(json.dumps({"data": {"values": []}, "mark": "point"}))
