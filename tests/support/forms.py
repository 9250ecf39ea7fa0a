"""Reads a page's form as a browser would: every hidden field of the first form to an address."""

from __future__ import annotations

import re
from html import unescape
from typing import Any


def hidden(html: str, action: str | None = None) -> dict[str, str]:
    """The hidden fields of the form that is sent to `action` (the last form when None), without
    the session's token."""
    forms = re.findall(r'<form method="post" action="([^"]*)"[^>]*>(.*?)</form>', html, flags=re.S)
    assert forms, "the page holds no form"
    body = next((b for a, b in forms if a == action), None) if action else forms[-1][1]
    assert body is not None, f"no form goes to {action}: {[a for a, _ in forms]}"
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', body)
    return {name: unescape(value) for name, value in found if name != "csrf"}


def send(browser: Any, path: str, fields: dict[str, Any] | None = None, **extra: Any) -> Any:
    """Open the form at `path`, fill it in and send it."""
    page = browser.get(path)
    assert page.status_code == 200, page.text
    return browser.post(path, {**hidden(page.text, path), **(fields or {})}, **extra)
