"""How a chart is drawn: Vega-Lite by vl-convert, then made one accessible image without styles.

Vega's own roles for every mark fail WCAG, so they are taken off and the whole is named and
described; ids are made its own; nothing needs a style, so it holds under ``style-src 'self'``.
"""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import vl_convert
from markupsafe import Markup

INK, PAPER = "#0b0c0c", "#ffffff"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_NAMESPACE = "http://www.w3.org/2000/svg"
_KEPT = 256

Row = tuple[str, ...]
Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart. `svg` is safe to put in a page; `columns` and `rows` hold the same data in
    words, the first column being the row's heading."""

    title: str
    summary: str
    svg: Markup
    columns: Row
    rows: tuple[Row, ...]

    def png(self, scale: float = 2.0) -> bytes:
        """The same picture for a document, at `scale` times its size."""
        return _png(str(self.svg), scale)


def drawn(title: str, summary: str, spec: Spec, columns: Row, rows: Sequence[Row]) -> Chart:
    """A chart from its Vega-Lite specification, its words and the table beneath it."""
    picture = _svg(json.dumps(spec, sort_keys=True), title, summary)
    return Chart(title, summary, Markup(picture), columns, tuple(rows))  # noqa: S704 - our own SVG


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
    svg = vl_convert.vegalite_to_svg(json.dumps(whole))
    name = "c" + hashlib.sha256(f"{title}\0{summary}\0{spec}".encode()).hexdigest()[:10]
    return accessible(svg, name, title, summary)


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
    for at, (tag, said) in enumerate((("title", title), ("desc", summary))):
        element = ET.Element(f"{{{_NAMESPACE}}}{tag}", {"id": f"{name}-{tag}"})
        element.text = said
        root.insert(at, element)
    ET.register_namespace("", _NAMESPACE)
    return ET.tostring(root, encoding="unicode")


@lru_cache(maxsize=32)
def _png(svg: str, scale: float) -> bytes:
    return bytes(vl_convert.svg_to_png(svg, scale=scale))
