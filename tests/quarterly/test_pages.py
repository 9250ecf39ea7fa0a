"""A quarterly report in the browser and over the API: composed, reviewed by somebody else,
published, restated; its files hold what was written and are the same for ever."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from api.notifications.announcing import announce
from projections.core.rebuild import rebuild
from projections.quarterly import queries
from tests.notifications.support import told as notices_of
from tests.publishing.support import of_three, taken_back
from tests.quarterly.support import agreed, done, sent
from tests.support.command_line import Run
from tests.support.council import Council, words_of
from tests.support.told_codes import ToldCodes

DAYS = "from=2026-01-01&to=2026-12-31&by=financial-year"
PATH = "/quarterly-reports"


@pytest.fixture
def council(small_council: Council) -> Council:
    """SQLite alone: a page has no SQL of its own."""
    return of_three(small_council)


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found is not None, page[:4000]
    return found[1]


def receipts_of(page: str, figure: str) -> list[tuple[str, str]]:
    """Where a figure is opened wherever it is drawn on a page, and what is drawn."""
    found = re.findall(rf'href="(/why/[^"]*figure={figure}&[^"]*)"[^>]*>([^<]*)<', page)
    return [(unescape(there), drawn) for there, drawn in found]


def composed(council: Council) -> str:
    """A draft with two sections, their commentaries and three headlines; its address."""
    lead = council.browser("lead")
    place = done(
        lead, f"{PATH}/new", title="Quarter 4", council="Testshire",
        start="2026-01-01", end="2026-03-31",
    )  # fmt: skip
    for name, question, shows in (
        ("agreement", "How often do moderators agree?", "whole"),
        ("grades&dimension=team", "How good is practice?", "figures"),
    ):
        done(lead, f"{place}/section?name={name}&{DAYS}", question=question, shows=shows)
    page = lead.get(place).text
    for section in dict.fromkeys(re.findall(rf"{place}/sections/(\w+)/commentary", page)):
        done(lead, f"{place}/sections/{section}/commentary", text="It held.\n\nWatch planning.")
    form = lead.get(f"{place}/headlines").text
    offered = [
        unescape(one)
        for one in re.findall(r'name="headlines" type="checkbox" value="([^"]+)"', form)
    ]
    assert len(offered) > 3
    done(lead, f"{place}/headlines", headlines=offered[:3])
    return place


def published(council: Council) -> str:
    place = composed(council)
    agreed(council, place)
    lead = council.browser("lead")
    done(lead, f"{place}/publish")
    found = re.search(r"/published/\w{32}", lead.get(place).text)
    assert found is not None
    return found[0]


def test_a_draft_is_composed_and_shows_live_figures(council: Council) -> None:
    place = composed(council)
    told = words_of(council.browser("lead").get(place).text)
    assert "1. How often do moderators agree?" in told
    assert "67% (2 of 3)" in told.replace("2 (67%)", "67% (2 of 3)")
    assert "of 3 moderations, 2 (67%) gave the auditor’s grade." in told
    assert "Commentary by" in told
    assert "Watch planning." in told
    taken_back(council)
    assert "of 2 moderations" in words_of(council.browser("lead").get(place).text)
    assert council.browser("auditor").get(place).status_code == 403
    assert council.browser("auditor").get(f"{PATH}/new").status_code == 403
    assert "Quarter 4" in council.browser("lead").get(PATH).text


def test_somebody_else_reviews_what_is_then_published_as_it_was_agreed(council: Council) -> None:
    place = composed(council)
    lead, auditor = council.browser("lead"), council.browser("auditor")
    own = sent(lead, f"{place}/review", reviewer=council.ids["lead"])
    assert own.status_code == 422
    done(lead, f"{place}/review", reviewer=council.ids["auditor"])
    reference = taken_back(council)
    told = words_of(auditor.get(place).text)
    assert "of 3 moderations" in told, "what is reviewed is frozen"
    receipts = receipts_of(lead.get(place).text, "moderation_agreement_rate")
    so_far = {there for there, _ in receipts if "2026%2F27" not in there}
    assert len(so_far) > 1
    for there in so_far:
        assert "67% : 2 of 3" in words_of(lead.get(there).text), "and so is why it is so"
    assert lead.get(f"{place}/agree").status_code == 403
    assert auditor.get(f"{place}/publish").status_code == 403
    done(auditor, f"{place}/return", reason="Say why agreement fell in the spring.")
    told = words_of(lead.get(place).text)
    assert "Say why agreement fell in the spring." in told
    assert "of 2 moderations" in told, "a draft is live"
    agreed(council, place)
    announce(council.services)
    report = "quarterly report"
    assert notices_of(council, "auditor").count(f"A {report} was sent to you for review.") == 2
    own = notices_of(council, "lead")
    assert own.index(f"Your {report} was sent back to be changed.") < own.index(
        f"Your {report} was agreed."
    )
    done(lead, f"{place}/publish")
    page = words_of(lead.get(place).text)
    assert "The report as it was published" in page
    register = words_of(lead.get("/published").text)
    assert "Quarter 4" in register
    assert "No figure has changed" in register
    assert reference not in register


def test_published_it_lists_every_figure_that_moved_and_drafts_the_note(council: Council) -> None:
    at = published(council)
    lead = council.browser("lead")
    assert "it is the same, byte for byte" in words_of(lead.get(at).text)
    reference = taken_back(council)
    page = lead.get(at)
    told = words_of(page.text)
    assert "it is the same, byte for byte" in told
    reader = council.browser("auditor")
    moved_table = reader.get(at).text.partition("What later records changed")[2]
    opened_figures = receipts_of(moved_table, "moderation_agreement_rate")
    assert {drawn for _, drawn in opened_figures} == {"67% (2 of 3)", "50% (1 of 2)"}
    for there, drawn in opened_figures:
        receipt = words_of(reader.get(there).text)
        number, _, base = drawn.rstrip(")").partition(" (")
        assert f"{number} : {base}" in receipt
        assert "Report Moderation agreement" in receipt
        assert "Audits count by the date of the audit" in receipt
    unknown = re.sub("section_id%3D[0-9a-f]+", "section_id%3Dnone", opened_figures[0][0])
    assert reader.get(unknown).status_code == 404
    assert "Council Testshire" in told
    assert "of 3 moderations, 2 (67%) gave the auditor’s grade." in told
    note = re.search(r"<textarea[^>]*name=\"note\"[^>]*>(.*?)</textarea>", page.text, flags=re.S)
    assert note is not None
    assert "1. How often do moderators agree?" in note[1]
    assert "2. How good is practice?" in note[1]
    assert f"record {reference}" in note[1]
    assert "was 67% (2 of 3)" in note[1]
    counted = council.program("lead").get(f"/api/v1/published-reports/{at[-32:]}").json()
    moved = {(one["group"]["section"], one["figure"]): one for one in counted["changed"]}
    then, now = (
        counted["report"]["sections"],
        council.program("lead").get("/api/v1/reports/agreement?" + DAYS).json(),
    )
    was = {
        ("1. How often do moderators agree?", figure)
        for figure, one in then[0]["figures"]["totals"][0]["figures"].items()
        if one["value"] != now["totals"][0]["figures"][figure]["value"]
    }
    assert was
    assert was <= set(moved), "brute force over one report finds no more than the register"


def test_every_file_holds_what_was_written_and_is_the_same_for_ever(council: Council) -> None:
    at = published(council)
    lead = council.browser("lead")
    kinds = ("docx", "pdf", "xlsx", "csv", "json")
    first = {kind: lead.get(f"{at}/report.{kind}").content for kind in kinds}
    head = council.services.store.head()
    council.clock.advance(timedelta(minutes=5))
    version = seen(lead.get(at).text)
    lead.post(f"{at}/commentary", {"seen": version, "commentary": "The board agreed it."})
    taken_back(council)
    page = lead.get(at).text
    upto = re.search(r'name="upto" value="(\d+)"', page)
    assert upto is not None
    note = {"seen": seen(page), "upto": upto[1], "note": "One audit was withdrawn since."}
    assert lead.post(f"{at}/restatements", note).status_code == 303
    reason = {"seen": seen(lead.get(at).text), "reason": "The wrong quarter was taken."}
    assert lead.post(f"{at}/withdrawal", reason).status_code == 303
    later = {kind: lead.get(f"{at}/report.{kind}").content for kind in kinds}
    for kind in ("docx", "xlsx", "csv", "json"):
        text = opened(kind, later[kind])
        for words in (
            "Quarter 4", "Testshire", "Watch planning.", "The board agreed it.",
            "One audit was withdrawn since.", "The wrong quarter was taken.",
        ):  # fmt: skip
            assert words in text, (kind, words)
    rebuild(council.services.store, council.services.registry)
    for kind in kinds:
        again = lead.get(f"{at}/report.{kind}?position={head}").content
        assert again == first[kind], kind
        assert lead.get(f"{at}/report.{kind}").content == later[kind], kind


@pytest.mark.parametrize(("layout", "words"), [(1, "Cut by"), (2, "Broken down by")])
def test_a_file_keeps_the_words_of_its_layout(
    council: Council, monkeypatch: pytest.MonkeyPatch, layout: int, words: str
) -> None:
    monkeypatch.setattr("api.publishing.reading.LAYOUT", layout)
    at = published(council)
    for kind in ("docx", "xlsx", "csv"):
        text = opened(kind, council.browser("lead").get(f"{at}/report.{kind}").content)
        assert {*re.findall("Cut by|Broken down by", text)} == {words}, kind


def opened(kind: str, data: bytes) -> str:
    if kind in ("csv", "json"):
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return unescape(
            "".join(file.read(name).decode() for name in file.namelist() if name.endswith(".xml"))
        )


def test_a_program_composes_reviews_and_publishes(council: Council) -> None:
    lead, base = council.program("lead"), "/api/v1/quarterly-reports"
    begun = lead.post(base, json={
        "title": "Quarter 4", "council": "Testshire", "start": "2026-01-01", "end": "2026-03-31",
    })  # fmt: skip
    assert begun.status_code == 201, begun.text
    place = f"{base}/{begun.json()['result']['report']}"

    def change(method: str, path: str, body: Any = None, by: Any = lead) -> Any:
        version = {"If-Match": lead.get(place).headers["etag"]}
        answer = by.request(method, place + path, json=body, headers=version)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["result"]

    body = {"question": "How often do moderators agree?", "writer": council.ids["auditor"]}
    section = change("POST", f"/sections/agreement?{DAYS}", body)["section"]
    other = change("POST", f"/sections/supervision?{DAYS}", {"question": "Is supervision held?"})
    change("DELETE", f"/sections/{other['section']}")
    change(
        "PUT",
        f"/sections/{section}",
        {"question": "Do moderators agree?"} | {"writer": body["writer"]},
    )
    change("PUT", "/order", {"sections": [section]})
    auditor = council.program("auditor")
    change("PUT", f"/sections/{section}/commentary", {"text": "It held."}, auditor)
    offered = lead.get(f"{place}/headlines").json()["headlines"]
    change("PUT", "/headlines", {"headlines": [one["headline"] for one in offered[:3]]})
    read = lead.get(place).json()
    assert read["composed"]["headlines"] == [one["sentence"] for one in offered[:3]]
    assert (
        read["composed"]["sections"][0]["commentaries"][0]["name"] == council.actor("auditor").name
    )
    change("POST", "/review", {"reviewer": council.ids["moderator"]})
    change("POST", "/agreement", by=council.program("moderator"))
    given = change("POST", "/publication")["published"]
    found = lead.get(f"/api/v1/published-reports/{given}").json()
    assert found["same_bytes"]
    assert found["report"]["headlines"] == read["composed"]["headlines"]
    row = read["composed"]["sections"][0]["figures"]["totals"][0]
    group = [f"{key}={value}" for key, value in row["group"].items() if value is not None]
    group += [f"section_id={section}"]
    why = lead.get(f"{place}/why", params={"figure": "moderation_agreement_rate", "group": group})
    assert why.json()["same"], why.text


def test_a_figure_that_is_gone_bears_no_headline_out(council: Council) -> None:
    place = composed(council)
    lead = council.browser("lead")
    wrong = sent(lead, f"{place}/headlines", headlines=['{"section":"x","figure":"y"}'] * 3)
    assert wrong.status_code == 422
    council.show_rates_of_few(20)
    assert "has no figure any more" in words_of(lead.get(place).text)
    assert sent(lead, f"{place}/review", reviewer=council.ids["auditor"]).status_code == 422


def test_a_quarterly_report_is_published_by_no_other_way(
    council: Council, told_codes: ToldCodes
) -> None:
    place = composed(council)
    lead = council.browser("lead")
    assert lead.get(f"/published/new?name=quarterly&report={place[-32:]}").status_code == 422
    assert told_codes.taken() == ["quarterly-unreviewed"]
    assert lead.get(f"{place}/review").status_code == 200
    program, address = council.program("lead"), f"/api/v1{place}"
    past = program.post(
        f"{address}/review?position={council.services.store.head()}",
        json={"reviewer": council.ids["auditor"]},
        headers={"If-Match": program.get(address).headers["etag"]},
    )
    assert (past.status_code, past.json()["code"]) == (422, "review-past")
    assert lead.get(f"{place}/publish").status_code == 200
    assert sent(lead, f"{place}/publish").status_code == 409
    with council.services.store.reading() as connection:
        held = queries.one(connection, place[-32:])
    assert held is not None
    assert held.row.stage == "draft"


def test_a_report_is_added_as_it_was_asked_on_its_page(council: Council) -> None:
    place, lead = composed(council), council.browser("lead")
    link = re.search(
        r'href="(/quarterly-reports/add[^"]+)"',
        lead.get(f"/published/new?name=agreement&{DAYS}&dimension=team").text,
    )
    assert link is not None
    form = re.search(rf'href="({place}/section[^"]+)"', lead.get(unescape(link[1])).text)
    assert form is not None
    done(lead, unescape(form[1]), question="And by team?", shows="charts")
    told = words_of(lead.get(place).text)
    assert "3. And by team?" in told
    third = re.findall(rf"{place}/sections/(\w+)/up", lead.get(place).text)[-1]
    done(lead, f"{place}/sections/{third}/up")
    done(lead, f"{place}/sections/{third}/change", question="By team?", shows="figures")
    told = words_of(lead.get(place).text)
    assert "2. By team?" in told
    done(lead, f"{place}/sections/{third}/remove")
    assert "By team?" not in words_of(lead.get(place).text)


def test_the_command_line_shows_it_as_known_then(
    council: Council, over: Callable[[str, Path], Run]
) -> None:
    place = composed(council)
    settings, head = council.services.settings, str(council.services.store.head())
    caseloop = over(settings.store, settings.key_path.parent)
    words = ("report", "quarterly", "--report", place[-32:], "--position", head)
    before = caseloop(*words, "--json")
    taken_back(council)
    assert caseloop(*words, "--json").json == before.json
    assert before.json["sections"][0]["question"] == "How often do moderators agree?"
    assert caseloop(*words).code == 0
    assert caseloop(*words[:3], "no-such-report").code == 3
