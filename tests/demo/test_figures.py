"""Every number that a page draws where figures stand leads to why it is what it is; of a sample it
is opened, and there it is the same."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from starlette.routing import Match

from api.routes import PAGES
from tests.demo.support import WalkedRole

pytestmark = pytest.mark.slow

LINK = re.compile(r'href="(/[^"#]*)')
FILE = re.compile(r"[.][a-z{]|[?&]file=|/(new|edit|add|change|history|proof|sign-out)\b")
"""Addresses of files and forms, and of entries: no figure of a report stands there."""
REPORT_FILE = re.compile(r"/(download|report|board|export|closing-the-loop)[.]csv")
REPORT_FILES = {
    "/learning/ID/report.csv",
    "/plans/ID/board.csv",
    "/published/ID/report.csv",
    "/reports/agreement/download.csv",
    "/reports/closing-the-loop/download.csv",
    "/supervision-report/export.csv",
}
OPENS = "Why this number? opens at"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
ALONE = ("br", "hr", "img", "input", "link", "meta", "path", "rect")
VALUES = ("Value", "Latest value", "Was", "Is")
"""Columns of lists that hold figures."""
MOST_RECEIPTS = 45
"""How many kinds of receipt are opened: a sample, the first that the pages draw. A kind is a page,
a place on it and where that leads; there are more than two hundred."""
NOTHING = "nothing to count"
TOLD = (
    r'<p class="govuk-body-l">(.*?)</p>',
    r'id="cell">(.*?)</h3>',
    r"<strong>([\d,]+)</strong> [a-z]",
    r"(<h1.*?of \d+[.])",
)
"""Where a receipt says its figure: in its first line, over a list, or in the title of the page."""


class DrawnNumber(NamedTuple):
    """A number in a place for figures: where it stands, what is drawn, and where it leads."""

    place: str
    text: str
    href: str


class _Places(HTMLParser):
    """The cells of figures on a page, the tables of charts, the numbers of a home page and the
    sentences with a why."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[DrawnNumber] = []
        self._open: list[tuple[str, str]] = []
        self._place = ""
        self._depth = 0
        self._in_chart = False
        self._text: list[str] = []
        self._aside = 0
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        if tag in ALONE:
            return
        self._open.append((tag, " ".join(classes)))
        if tag == "figure":
            self._in_chart = True
        if self._aside or "app-number__of" in classes or "govuk-visually-hidden" in classes:
            self._aside += 1
        place = ""
        if tag in ("td", "dd") and "app-number" in classes:
            place = f"cell {given.get('data-label') or ''}"
        elif tag == "td" and (self._in_chart or given.get("data-label") in VALUES):
            place = "chart" if self._in_chart else str(given["data-label"])
        elif "app-numbers__one" in classes:
            place = "home"
        if place and not self._place:
            self._place, self._depth, self._text, self._href = place, len(self._open), [], ""
        if tag == "a" and self._place:
            self._href = self._href or given.get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            closed, _ = self._open.pop()
            if self._place and len(self._open) < self._depth:
                text = " ".join("".join(self._text).split())
                self.found.append(DrawnNumber(self._place, text, self._href))
                self._place = ""
            if self._aside:
                self._aside -= 1
            if closed == "figure":
                self._in_chart = False
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._place and not self._aside:
            self._text.append(data)


def drawn_numbers(page: str) -> list[DrawnNumber]:
    """The numbers of a page in places for figures."""
    places = _Places()
    places.feed(page)
    return [one for one in places.found if NUMBER.search(one.text)]


def route_of(path: str) -> str:
    """The route of the address of a page; empty for one that is none."""
    scope = {"type": "http", "path": path, "method": "GET", "root_path": "", "headers": []}
    found = (route.path for route in PAGES if route.matches(scope)[0] is Match.FULL)
    return next(found, "")


def one_of_each(walk: WalkedRole) -> Iterator[tuple[str, str]]:
    """The pages of the navigation, what these lead to, and so on: one page of each route."""
    todo = [*{**walk.beyond, **walk.pages}.items()]
    seen = {route_of(urlsplit(path).path) for path, _ in todo}
    while todo:
        path, text = todo.pop(0)
        yield path, text
        for link in map(html.unescape, LINK.findall(text)):
            route = route_of(urlsplit(link).path)
            if not route or route in seen or FILE.search(route) or FILE.search(link):
                continue
            seen.add(route)
            answer = walk.client.get(link)
            assert answer.status_code in (200, 303), (path, link)
            todo.append((link, answer.text))


def told(page: str) -> set[str]:
    """The numbers that a receipt says its figure in."""
    found = (re.search(one, page, re.DOTALL) for one in TOLD)
    said = next((one[1] for one in found if one), "")
    return set(NUMBER.findall(re.sub(r"<[^>]+>", " ", said).replace(",", "")))


@pytest.fixture(scope="module")
def pages(roles: dict[str, WalkedRole]) -> list[tuple[str, str]]:
    """A page of each route that a lead opens, with its text."""
    return list(one_of_each(roles["lead"]))


def test_every_figure_leads_to_why_and_a_sample_of_receipts_says_the_same(
    roles: dict[str, WalkedRole], pages: list[tuple[str, str]]
) -> None:
    walk = roles["lead"]
    drawn = [(path, one) for path, text in pages for one in drawn_numbers(text)]
    assert len(drawn) > 1000
    assert [(path, one) for path, one in drawn if not one.href] == []

    kinds: dict[tuple[str, str, str], DrawnNumber] = {}
    for path, one in drawn:
        to = urlsplit(html.unescape(one.href)).path
        kinds.setdefault((route_of(urlsplit(path).path), one.place, route_of(to)), one)
    assert len({to for *_, to in kinds}) > 8
    for kind, one in islice(kinds.items(), MOST_RECEIPTS):
        answer = walk.client.get(html.unescape(one.href), follow_redirects=True)
        assert answer.status_code == 200, (kind, one)
        numbers = NUMBER.findall(one.text.replace(",", ""))
        assert {*numbers} <= told(answer.text), (kind, one)


def test_every_figure_of_a_file_has_an_address_that_opens_it(
    roles: dict[str, WalkedRole], pages: list[tuple[str, str]]
) -> None:
    """A file of each report that a page leads to: in CSV (and Excel, of the same lines) each figure
    has its own, on paper each report one, at whose page every figure is a link."""
    walk = roles["lead"]
    links = (html.unescape(one) for _, text in pages for one in LINK.findall(text))
    named = [link for link in links if REPORT_FILE.search(link)]
    files = {re.sub(r"[0-9a-f]{32}", "ID", urlsplit(link).path): link for link in named}
    walked = set()
    for place, link in files.items():
        lines = [*csv.DictReader(io.StringIO(walk.client.get(link).content.decode("utf-8-sig")))]
        figures = [line for line in lines if line.get("Numerator")]
        if not figures:
            continue
        walked.add(place)
        assert [line for line in figures if not line[OPENS].startswith("/")] == [], link
        for line in (figures[0], figures[-1]):
            answer = walk.client.get(line[OPENS])
            assert answer.status_code == 200, (link, line)
            if line["Denominator"] == "0":
                assert NOTHING in answer.text.lower(), (link, line)
                continue
            # A mean is told with how many it is of, everything else with what was counted.
            of = "Denominator" if line["Unit"] == "score" else "Numerator"
            assert line[of] in told(answer.text), (link, line)
        paper = walk.client.get(link.replace(".csv", ".docx")).content
        with zipfile.ZipFile(io.BytesIO(paper)) as file:
            words = file.read("word/document.xml").decode()
        (address, *_) = re.findall(r"Each figure opens at\W(?:<[^>]+>|\s)*([^<\s]+)", words)
        assert walk.client.get(html.unescape(address).rstrip(".")).status_code == 200, address
    assert walked == REPORT_FILES
