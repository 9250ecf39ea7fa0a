"""Helpers for tests of pages: an audit as form fields, and what a page's form holds."""

from __future__ import annotations

import re
from typing import Any

from api.audits.forms import fields_of
from api.audits.sections import sections
from qa.audit_tools.definition import ChildStatus
from tests.support.council import Browser, Council, content


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of a page's forms (the last of each name), without the token."""
    found: dict[str, str] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', html):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and name[1] != "csrf":
            found[name[1]] = value[1]
    return found


def write_all(browser: Browser, council: Council, audit: str, **values: Any) -> dict[str, str]:
    """Fill every section page of an audit; gives the fields that were written."""
    fields = fields_of(content(council.tool, council.today, **values))
    for section in sections(council.tool, ChildStatus.CHILD_IN_NEED):
        path = f"/audits/{audit}/write/{section.id}"
        page = browser.get(path)
        assert page.status_code == 200, path
        given = {**hidden(page.text), **section.of(fields)}
        saved = browser.post(path, given)
        assert saved.status_code == 303, saved.text
    return fields


def submitted_through_pages(browser: Browser, council: Council, audit: str, **values: Any) -> Any:
    write_all(browser, council, audit, **values)
    page = browser.get(f"/audits/{audit}/check")
    assert "Before you can submit" not in page.text
    return browser.post(f"/audits/{audit}/check", hidden(page.text))
