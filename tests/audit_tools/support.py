"""What several tests of audit_tools begin with."""

from __future__ import annotations

import re
from html import unescape

TOOL = "/tools/dip-sample"


def fields_of(html):
    """Every field of the page's last form as a browser would post it."""
    form = re.findall(r'<form method="post".*?</form>', html, flags=re.S)[-1]
    found: dict[str, object] = {}

    def put(name, value):
        if name.endswith("[]"):
            found.setdefault(name, []).append(value)
        else:
            found[name] = value

    for tag in re.findall(r"<input\b[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = attributes.get("type", "text")
        if kind in ("radio", "checkbox") and " checked" not in tag:
            continue
        if kind != "file" and attributes.get("name", "csrf") != "csrf":
            put(unescape(attributes["name"]), unescape(attributes.get("value", "")))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        put(name, unescape(text))
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        options = re.findall(r'<option value="([^"]*)"( selected)?', body)
        put(name, next((v for v, chosen in options if chosen), options[0][0]))
    return found
