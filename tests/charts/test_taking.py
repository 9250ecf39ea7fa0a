"""Every chart of a page can be taken from it as a picture and as its numbers."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest

from tests.support.council import Council, words_of

PAGES = ("/", "/reports/agreement?by=quarter")


@pytest.mark.parametrize("path", PAGES)
def test_a_chart_is_taken_as_svg_png_and_csv(small_council: Council, path: str) -> None:
    council = small_council
    council.moderated("good", "inadequate")
    browser = council.browser("lead")
    page = browser.get(path).text
    links = [unescape(one) for one in re.findall(r'href="(\?[^"]*picture=[^"]+)" download', page)]
    assert len(links) >= 3
    assert all(path.partition("?")[2] in link for link in links)
    for link in links:
        answer = browser.get(f"{path.partition('?')[0]}{link}")
        kind = link.rpartition(".")[2]
        assert answer.status_code == 200
        assert f".{kind}" in answer.headers["content-disposition"]
        if kind == "png":
            assert answer.content.startswith(b"\x89PNG")
        elif kind == "svg":
            assert answer.text in page
        else:
            lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
            told = words_of(page)
            assert len(lines) > 1
            assert all(words_of(cell).strip() in told for line in lines for cell in line)
    assert "<h1" in browser.get(f"{path.partition('?')[0]}?picture=nothing.svg").text


def test_whoever_may_not_read_a_page_takes_no_chart_of_it(small_council: Council) -> None:
    found = small_council.browser("worker").get("/reports/agreement?picture=chart-1.csv")
    assert found.status_code == 403
