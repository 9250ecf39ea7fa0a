"""Reads a page's form as a browser would: every hidden field of the first form to an address."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

from tests.support.council import Browser, Council, words_of


def hidden(html: str, action: str | None = None) -> dict[str, str]:
    """The hidden fields of the form that is sent to `action` (the last form when None), without
    the session's token."""
    forms = re.findall(r'<form method="post" action="([^"]*)"[^>]*>(.*?)</form>', html, flags=re.S)
    assert forms, "the page holds no form"
    body = next((b for a, b in forms if unescape(a) == action), None) if action else forms[-1][1]
    assert body is not None, f"no form goes to {action}: {[a for a, _ in forms]}"
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', body)
    return {name: unescape(value) for name, value in found if name != "csrf"}


def send(browser: Browser, path: str, fields: dict[str, Any] | None = None, **extra: Any) -> Any:
    """Open the form at `path`, fill it in and send it: one that is written in sections, section by
    section."""
    page = browser.get(path)
    if page.status_code == 303 or f'href="{path}/check"' in page.text:
        write(browser, path, fields or {})
        check = browser.get(f"{path}/check")
        assert check.status_code == 200, check.text
        return browser.post(f"{path}/check", hidden(check.text), **extra)
    assert page.status_code == 200, page.text
    return browser.post(path, {**hidden(page.text, path), **(fields or {})}, **extra)


def write(browser: Browser, path: str, fields: dict[str, Any]) -> None:
    """Type these fields into the sections that stand under `path`, and save those."""
    check = browser.get(f"{path}/check").text
    for section in dict.fromkeys(re.findall(rf'href="({re.escape(path)}/[^"?#]+)"', check)):
        page = browser.get(section).text
        names = set(re.findall(r'name="([^"]+)"', page))
        mine = {name: value for name, value in fields.items() if name in names}
        if mine:
            saved = browser.post(section, {**hidden(page, section), **mine})
            assert saved.status_code == 303, words_of(saved.text)


def send_as(council: Council, handle: str, path: str, fields: dict[str, Any] | None = None) -> Any:
    """The same as somebody of the council."""
    return send(council.browser(handle), path, fields)


def sent(council: Council, handle: str, path: str, fields: dict[str, Any] | None = None) -> str:
    """The same, where it must be taken: the address that it leads to."""
    answer = send_as(council, handle, path, fields)
    assert answer.status_code == 303, words_of(answer.text)
    return str(answer.headers["location"])


def read(council: Council, handle: str, path: str) -> str:
    """The words of a page as somebody reads it."""
    answer = council.browser(handle).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return words_of(answer.text)


def day(name: str, on: date | str) -> dict[str, str]:
    """The three boxes of a date."""
    year, month, of_month = str(on).split("-")
    return {f"{name}.day": of_month, f"{name}.month": month, f"{name}.year": year}
