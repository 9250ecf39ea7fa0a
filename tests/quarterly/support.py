"""What several tests of quarterly reports do in a browser."""

from __future__ import annotations

import re
from typing import Any

from tests.support.council import Browser, Council, words_of


def sent(browser: Browser, place: str, **typed: Any) -> Any:
    """The form at an address, opened and sent."""
    page = browser.get(place)
    assert page.status_code == 200, page.text
    version = re.search(r'name="seen" value="(\d+)"', page.text)
    given = {**({"seen": version[1]} if version else {}), **typed}
    return browser.post(place, given)


def done(browser: Browser, place: str, **typed: Any) -> str:
    answer = sent(browser, place, **typed)
    assert answer.status_code == 303, words_of(answer.text)
    return str(answer.headers["location"]).partition("?")[0]


def agreed(council: Council, place: str) -> None:
    done(council.browser("lead"), f"{place}/review", reviewer=council.ids["auditor"])
    done(council.browser("auditor"), f"{place}/agree")
