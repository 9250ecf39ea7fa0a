"""Keeping indicators by hand: the register, one indicator, every form, and its file."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.conftest import NewCouncil
from tests.indicators.support import Keeper
from tests.support.council import Browser, Council, words_of
from tests.support.forms import hidden


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    return new_council(datetime(2021, 1, 19, 9, tzinfo=UTC))


def send(browser: Browser, path: str, **fields: str) -> str:
    """Fill in a form and send it; the words of the page that comes."""
    page = browser.get(path)
    assert page.status_code == 200, page.text
    action = re.search(r'<main.*?<form method="post" action="([^"]+)"', page.text, re.S)
    assert action is not None
    given = {name.replace("__", "."): value for name, value in fields.items()}
    sent = browser.post(action[1], {**hidden(page.text, action[1]), **given})
    if sent.status_code == 303:
        sent = browser.get(sent.headers["location"])
    return words_of(sent.text)


def since(day: int, month: int, year: int) -> dict[str, str]:
    return {"since__day": str(day), "since__month": str(month), "since__year": str(year)}


def test_an_indicator_is_kept_by_forms_alone(council: Council) -> None:
    lead = council.browser("lead")
    assert "No indicator yet" in words_of(lead.get("/indicators").text)
    wrong = send(
        lead, "/indicators/new", name="", unit="percent", period="quarter", **since(2, 4, 2020)
    )
    assert "Say what the indicator is called." in wrong
    assert "is in the middle of 2020/21 Q1" in wrong
    made = send(
        lead,
        "/indicators/new",
        name="Case files moderated",
        id="moderated",
        unit="percent",
        numerator="Audits moderated",
        polarity="unknown",
        period="quarter",
        **since(1, 4, 2020),
    )
    assert "The indicator is defined." in made
    at = "/indicators/moderated"
    change = f"{at}/change"
    for quarter, value in (("Q1", "11%"), ("Q3", "27%")):
        send(lead, f"{change}/observe", period=f"2020/21 {quarter}", value=value, state="value",
             note="exc Dec" if quarter == "Q3" else "")  # fmt: skip
    again = send(lead, f"{change}/observe", period="2020/21 Q3", value="x", state="value")
    assert "“x” is not a number." in again
    assert "2020/21 Q3 has a value already." in again
    page = words_of(lead.get(at).text)
    assert "27% in 2020/21 Q3. 2020/21 Q2 has no value to compare with." in page
    assert "exc Dec" in page
    assert "Missing" in page
    send(lead, f"{change}/observe", period="2020/21 Q2", state="value", numerator="7",
         denominator="100")  # fmt: skip
    send(lead, f"{change}/polarity", polarity="higher", reason="The board.", **since(1, 4, 2020))
    send(lead, f"{change}/target", comparator="gte", of="100%", **since(1, 9, 2020))
    send(lead, f"{change}/comparator", comparator="England", period="2020/21", value="40")
    send(lead, f"{change}/claim", period="2020/21 Q3", text="It tripled.", source="Report",
         claimed="27")  # fmt: skip
    page = words_of(lead.get(at).text)
    assert "+20 points on 2020/21 Q2: no real change (fewer than 12 values to tell by)." in page
    assert "Not met: 27% against at least 100%." in page
    assert "England (2020/21): 40%" in page
    assert "“It tripled.” (Report). Claimed: 27; on record: 27%" in page
    assert "Too few points (3)" in page
    assert "7 of 100" in page
    restated = send(lead, f"{change}/restate?period=2020/21+Q3", period="2020/21 Q3", value="19",
                    state="value", reason="December is in.")  # fmt: skip
    assert "27 became 19. Lead Tree" in restated
    assert "December is in." in restated
    broken = send(lead, f"{change}/break", period="2020/21 Q2", reason="A new tool is used.")
    assert "The series breaks here: not comparable with the period before." in broken
    send(lead, f"{change}/rebase", period="2020/21 Q3", reason="New process.")
    redefined = send(
        lead,
        f"{change}/redefine",
        name="Case files moderated",
        unit="percent",
        numerator="Audits moderated and agreed",
        period="quarter",
        polarity="higher",
        breaks="yes",
        **since(1, 1, 2021),
    )
    assert "Version 2, from 1 January 2021" in redefined
    listed = words_of(lead.get("/indicators").text)
    assert "19%" in listed
    assert "Not met" in listed
    then = f"{at}?position={_head(council) - 5}"
    assert "December is in." not in words_of(lead.get(then).text)
    told = words_of(lead.get("/history?record=indicator:moderated").text)
    assert "Restated 2020/21 Q3: 19" in told
    gone = send(lead, f"{change}/retire", after__day="31", after__month="3", after__year="2021",
                reason="It was replaced.")  # fmt: skip
    assert "Retired after 31 March 2021: It was replaced." in gone


def test_a_form_that_is_refused_holds_what_was_typed_and_ticked(council: Council) -> None:
    Keeper(council).define("ticked")
    lead = council.browser("lead")
    path = "/indicators/ticked/change/redefine"
    given = hidden(lead.get(path).text, path)
    ticks = {"adds_up": "yes", "breaks": "yes"}
    sent = lead.post(
        path, {**given, **ticks, "name": "", "unit": "count", "reason": "So the council says."}
    )
    assert sent.status_code == 422
    assert "Say what the indicator is called." in words_of(sent.text)
    assert "So the council says." in sent.text
    for name in ticks:
        ticked = re.search(rf'<input[^>]*name="{name}"[^>]*>', sent.text)
        assert ticked is not None
        assert "checked" in ticked[0]
    assert re.search(r'<option value="count" selected', sent.text)


def test_where_a_day_cannot_be_read_all_else_that_is_wrong_is_said_too(council: Council) -> None:
    Keeper(council).define("kept")
    retire = "/indicators/kept/change/retire"
    said = send(council.browser("lead"), retire, after__day="40", after__month="1", reason=" ")
    assert "Enter a real date" in said
    assert "Say why the indicator is retired." in said
    assert "Give the last day it is asked for." not in said


def _head(council: Council) -> int:
    with council.services.store.reading() as connection:
        return council.services.store.head(connection)


def test_a_series_is_taken_out_with_its_missing_periods(council: Council) -> None:
    keep = Keeper(council)
    id = keep.define("taken-out")
    keep.observe(id, "2020/21 Q1", "17.70")
    keep.observe(id, "2020/21 Q3", state="not-applicable")
    lead = council.browser("lead")
    text = lead.get(f"/indicators/{id}/series.csv").content.decode("utf-8-sig")
    lines = [line for line in text.splitlines() if line.startswith("2020/21")]
    assert [line.split(",")[4:6] for line in lines] == [
        ["Value", "17.70"],
        ["Missing", ""],
        ["Not applicable", ""],
    ]
    assert lead.get(f"/indicators/{id}/series.xlsx").content[:2] == b"PK"


def test_readers_read_and_only_qa_leads_keep(council: Council) -> None:
    Keeper(council).define("read-only")
    for handle in ("reader", "auditor", "moderator"):
        browser = council.browser(handle)
        page = browser.get("/indicators/read-only")
        assert page.status_code == 200
        assert "/indicators/read-only/change" not in page.text
        assert browser.get("/indicators/new").status_code == 403
        assert browser.post("/indicators/read-only/change/retire", {}).status_code == 403
    for handle in ("worker", "admin"):
        assert council.browser(handle).get("/indicators").status_code == 403
    assert council.browser("lead").get("/indicators/unknown").status_code == 404
    assert council.browser("lead").get("/indicators/read-only/change/hide").status_code == 404


def test_a_long_series_has_its_control_chart_and_a_choice_of_kinds(council: Council) -> None:
    keep = Keeper(council)
    id = keep.define("long", unit="count", period="month", since=date(2019, 1, 1), polarity="lower")
    day = date(2019, 1, 1)
    for n in range(24):
        keep.observe(id, f"{day:%B %Y}", str(50 + (n % 3) + (40 if n == 23 else 0)))
        day = (day + timedelta(days=32)).replace(day=1)
    page = words_of(council.browser("lead").get(f"/indicators/{id}").text)
    assert "XmR chart" in page
    assert "Special cause: concerning, higher values (a point beyond a limit)." in page
    refused = words_of(council.browser("lead").get(f"/indicators/{id}?chart=p").text)
    assert "A p-chart needs the numerator and denominator of every value." in refused
    assert "Run chart (median)" in words_of(
        council.browser("lead").get(f"/indicators/{id}?chart=run").text
    )


def test_the_year_so_far_opens_on_its_page_in_its_file_and_by_program(council: Council) -> None:
    keep = Keeper(council)
    id = keep.define("year", adds_up=True)
    for quarter, (above, below) in enumerate(((10, 20), (30, 60), (10, 100)), 1):
        keep.observe(id, f"2020/21 Q{quarter}", numerator=str(above), denominator=str(below))
    lead = council.browser("lead")
    page = lead.get(f"/indicators/{id}").text
    assert "28% (50 of 180)" in words_of(page)
    pattern = r'/why/indicators\?[^"\s]*figure=year_to_date[^"\s,]*'
    on_page = unescape(re.findall(pattern, page)[0])
    file = load_workbook(BytesIO(lead.get(f"/indicators/{id}/series.xlsx").content))
    cells = " ".join(str(cell.value) for sheet in file for row in sheet for cell in row)
    in_file = re.findall(pattern, cells)[0]
    for address in (on_page, in_file):
        told = words_of(lead.get(address).text)
        assert "Financial year so far" in told
        assert "50 of 180" in told, told
        assert "Use as evidence" not in told, "it is made for the page: no claim can keep it"
    named = f"figure=year_to_date&group=indicator={id}&group=period=2020/21"
    answer = council.program("lead").get(f"/api/v1/indicators/report/why?{named}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["figure"]["numerator"] == answer.json()["again"]["numerator"] == 50
    assert "position=" in in_file, "it is pinned"
