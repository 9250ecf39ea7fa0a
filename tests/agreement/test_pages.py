"""The report pages: the same figures as the API, and every figure leads to its audits."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import docx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from api.agreement.document import words_of as words_of_report
from qa.core.words import Role, Scope
from qa.security.access_log import access_log
from tests.support.council import Council, words_of

RANGE = "from=2026-01-01&to=2026-03-31"
API = "/api/v1/reports"


@pytest.fixture
def judged(small_council: Council) -> Council:
    """Four audits of one quarter: two agreed, one moderated down, one not moderated."""
    small_council.show_rates_of_few()
    for overall, theirs in (("good", "good"), ("inadequate", "inadequate")):
        small_council.moderated(overall, theirs)
    small_council.moderated("good", "requires-improvement", blind=False)
    small_council.submitted("outstanding")
    return small_council


def links(html: str, path: str) -> list[str]:
    every = map(unescape, re.findall(r'href="([^"]+)"', html))
    return [one for one in every if one.startswith(path)]


def cell(html: str, figure: str) -> str:
    """What the page says in the first cell that leads to the audits of `figure`."""
    found = re.search(
        rf'<td[^>]*app-number[^>]*>\s*<a[^>]*href="[^"]*figure={figure}&amp;group=(?!total)[^"]*".*?</td>',
        html,
        re.S,
    )
    assert found is not None, figure
    return words_of(found[0])


def test_the_start_page_opens_on_the_last_five_quarters_with_audits(judged: Council) -> None:
    judged.clock.advance(timedelta(days=400))
    page = judged.browser("reader").get("/reports")
    assert page.status_code == 200
    assert "1 January 2025 to 31 March 2026" in words_of(page.text)
    assert links(page.text, "/reports/agreement?from=2025-01-01&to=2026-03-31")
    assert links(page.text, "/reports/grades?from=2025-01-01&to=2026-03-31")


def test_the_figures_on_the_page_are_those_of_the_api(judged: Council) -> None:
    page = judged.browser("auditor").get(f"/reports/agreement?{RANGE}").text
    statistics = page[page.index(">Statistics<") :]
    row = judged.program("auditor").get(f"{API}/agreement?{RANGE}&by=quarter").json()["rows"][0]
    shown = {
        "moderation_agreement_rate": "67%",
        "moderation_coverage_rate": "75%",
        "within_one_rate": "100%",
    }
    for name, value in shown.items():
        figure = row["figures"][name]
        said = cell(page, name)
        assert said.startswith(value)
        assert f"{figure['numerator']} of {figure['denominator']}" in said
        low, high = (round(float(bound)) for bound in figure["interval"])
        assert "95% interval" not in said
        assert f"95% interval {low}% to {high}%" in cell(statistics, name)
    for name in ("kappa", "kappa_linear", "kappa_quadratic", "ac1", "ac2", "alpha"):
        assert cell(page, name).startswith(f"{float(row['figures'][name]['value']):.2f}")
    assert cell(page, "moderated_down").startswith("1")
    assert cell(page, "mean_shift").startswith("−0.33")
    assert row["reading"] in words_of(page)
    assert "A moderation counts in the period of the audit it moderates." in words_of(page)
    assert "As recorded today, 2 March 2026" in words_of(page)


def test_a_report_begins_with_sentences_whose_numbers_lie_behind_their_links(
    judged: Council,
) -> None:
    judged.clock.advance(timedelta(days=60))
    judged.moderated("inadequate", "inadequate")
    judged.clock.advance(timedelta(days=60))
    browser = judged.browser("lead")
    for cut in ("", "&dimension=team", "&dimension=domain"):
        page = browser.get(f"/reports/agreement?from=2026-01-01&to=2026-06-30{cut}").text
        first = page[: page.index("<figure")]
        said = re.findall(
            r'<p class="govuk-body[^>]*>([^<]+)<a [^>]*href="([^"]+/rows[^"]+)"', first
        )
        assert [text.strip() for text, _ in said] == [
            "Of 5 audits, 4 (80%) were moderated.",
            "Of 4 moderations, 3 (75%) gave the auditor’s grade.",
            "In 2026/27 Q1, 1 of 1 (100%) gave the auditor’s grade; in 2025/26 Q4, 2 of 3 (67%). "
            "Their 95% intervals overlap, so the difference may be chance.",
        ]
        for (_, link), (counts, base) in zip(said, ((4, 5), (3, 4), (1, 1)), strict=True):
            behind = words_of(browser.get(unescape(link)).text)
            assert f"{counts} in the numerator and {base} in the denominator" in behind


def test_what_cannot_be_calculated_says_so_and_why(judged: Council) -> None:
    page = judged.browser("auditor").get(f"/reports/agreement?{RANGE}").text
    said = cell(page, "dispute_upheld_rate")
    assert said.startswith("Cannot be calculated")
    assert "Nothing to count: there is no base." in said


def test_blind_and_open_moderations_stand_apart_and_can_be_asked_for(judged: Council) -> None:
    browser = judged.browser("auditor")
    page = browser.get(f"/reports/agreement?{RANGE}").text
    assert "2 of 2" in cell(page, "blind_agreement_rate")
    assert "0 of 1" in cell(page, "open_agreement_rate")
    blind = browser.get(f"/reports/agreement?{RANGE}&blind=yes").text
    assert "2 of 2" in cell(blind, "moderation_agreement_rate")


def test_every_figure_leads_to_audits_that_add_up_to_it(judged: Council) -> None:
    browser = judged.browser("lead")
    for name in ("agreement", "grades"):
        page = browser.get(f"/reports/{name}?{RANGE}&dimension=team").text
        found = links(page, f"/reports/{name}/rows?")
        assert len(found) > 20
        for link in found:
            asked = dict(parse_qsl(urlsplit(link).query))
            rows = browser.get(link)
            assert rows.status_code == 200, link
            cells = re.search(
                rf'<td[^>]*>\s*<a[^>]*href="{re.escape(link.replace("&", "&amp;"))}".*?</td>',
                page,
                re.S,
            )
            counts = re.search(r"(\d+) of (\d+)", words_of(cells[0])) if cells else None
            if counts is None or asked["figure"] == "days_to_moderation":
                continue
            said = words_of(rows.text)
            assert f"{counts[1]} in the numerator and {counts[2]} in the denominator" in said, link


def test_the_audits_behind_a_figure_lead_to_the_audit_and_its_history(judged: Council) -> None:
    browser = judged.browser("lead")
    page = browser.get(f"/reports/agreement/rows?{RANGE}&figure=moderated_down").text
    said = words_of(page)
    assert "In the numerator (1)" in said
    assert "In the denominator only (2)" in said
    assert "Left out (1)" in said
    assert "No completed moderation stands." in said
    assert "those where the moderator gave a worse grade" in said
    assert len(links(page, "/audits/")) == 8
    taken = browser.get(f"/reports/agreement/rows?{RANGE}&figure=moderated_down&file=csv")
    lines = list(csv.DictReader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert [line["In the numerator"] for line in lines].count("yes") == 1
    assert len(lines) == 4


def test_a_reader_of_one_team_is_told_how_many_audits_stay_closed(judged: Council) -> None:
    page = judged.browser("auditor2").get(f"/reports/agreement/rows?{RANGE}&figure=moderated")
    said = words_of(page.text)
    assert "3 more are counted, but not shown to you here." in said
    assert not links(page.text, "/audits/")


def test_a_blind_moderator_sees_figures_without_the_sealed_audit_and_is_told(
    judged: Council,
) -> None:
    judged.assigned("outstanding", moderator="moderator2")
    browser = judged.browser("moderator2")
    for name, figure in (("agreement", "audits_submitted"), ("grades", "graded")):
        page = browser.get(f"/reports/{name}?{RANGE}").text
        assert cell(page, figure).startswith("4")
        assert "1 audit is left out, because you are still to moderate them blind." in words_of(
            page
        )
        assert cell(judged.browser("lead").get(f"/reports/{name}?{RANGE}").text, figure)[0] == "5"
        rows = browser.get(f"/reports/{name}/rows?{RANGE}&figure={figure}").text
        # One audit waits for a moderator, who may be this one: it is counted, not listed.
        assert len(set(links(rows, "/audits/"))) == 6
        assert "1 more is counted, but not shown to you here." in words_of(rows)


def test_the_downloads_hold_exactly_what_the_page_shows(judged: Council) -> None:
    browser = judged.browser("lead")
    page = browser.get(f"/reports/agreement?{RANGE}&dimension=team").text
    judged.moderated(
        "inadequate", "inadequate"
    )  # comes after the page, so belongs in none of its files
    files = {one.partition("?")[0][-4:]: one for one in links(page, "/reports/agreement/download")}
    assert set(files) == {".csv", "xlsx", "json", "docx", ".pdf"}

    document = json.loads(browser.get(files["json"]).content)
    row = document["rows"][0]
    counts = row["figures"]["moderation_agreement_rate"]
    assert f"{counts['numerator']} of {counts['denominator']}" in cell(
        page, "moderation_agreement_rate"
    )
    position = document["as_at"]["position"]
    again = judged.program("lead").get(
        f"{API}/agreement?{RANGE}&by=quarter&dimension=team&position={position}"
    )
    assert again.json() == document

    lines = list(
        csv.DictReader(io.StringIO(browser.get(files[".csv"]).content.decode("utf-8-sig")))
    )
    one = next(line for line in lines if line["Figure"] == "moderation_agreement_rate")
    assert (one["Numerator"], one["Denominator"]) == (
        str(counts["numerator"]),
        str(counts["denominator"]),
    )
    assert one["Value"] == counts["value"]
    assert len(lines) == sum(
        len(each["figures"]) for each in (*document["rows"], *document["totals"])
    )

    book = load_workbook(io.BytesIO(browser.get(files["xlsx"]).content))
    cells = list(book["One figure a row"].iter_rows(values_only=True))
    assert len(cells) == len(lines) + 1
    readme = dict(book["Read me"].iter_rows(values_only=True))
    assert readme["Last entry of the log"] == f"{position:,}"
    assert readme["Filter: Broken down by"] == "Team"

    word = docx.Document(io.BytesIO(browser.get(files["docx"]).content))
    first = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert first[0][:2] == ["Period", "Team"]
    said = f"{counts['numerator']} of {counts['denominator']}"
    assert said in next(line for line in first[1:] if said in " ".join(line))[4]
    assert f"entry {position:,} of the log" in word.paragraphs[1].text
    of_all_teams = 1
    assert len(word.inline_shapes) + of_all_teams == page.count("<figure")
    paper = browser.get(files[".pdf"])
    assert paper.headers["content-type"] == "application/pdf"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in paper.content
    # Who took out what stays the same for ever is in the access log, not in the file.
    assert "Downloaded by" not in readme

    with judged.services.store.reading() as connection:
        exported = select(access_log.c.subject).where(access_log.c.what == "export")
        assert list(connection.execute(exported).scalars()) == ["report:agreement"] * 5


def test_the_grade_profile_counts_what_the_api_counts(judged: Council) -> None:
    page = judged.browser("reader").get(f"/reports/grades?{RANGE}").text
    row = judged.program("reader").get(f"{API}/grades?{RANGE}").json()["rows"][0]
    for name in ("good_or_better_rate", "ri_or_better_rate", "inadequate_rate", "share_good"):
        figure = row["figures"][name]
        assert f"{figure['numerator']} of {figure['denominator']}" in cell(page, name), name
    domains = [name for name in row["figures"] if name.startswith("domain_good_rate.")]
    assert domains
    for name in domains:
        figure = row["figures"][name]
        said = cell(page, re.escape(name))
        if figure["denominator"]:
            assert f"{figure['numerator']} of {figure['denominator']}" in said, name
    assert "Good or better, team by domain" in words_of(page)
    final = judged.browser("reader").get(f"/reports/grades?{RANGE}&grade=final").text
    assert "The grades are the final ones" in words_of(final)


@pytest.mark.parametrize(("grade", "counted"), [("auditor", "3 of 4"), ("final", "1 of 2")])
def test_teams_are_compared_by_the_grades_that_are_asked_for(
    judged: Council, monkeypatch: pytest.MonkeyPatch, grade: str, counted: str
) -> None:
    monkeypatch.setattr("projections.figures.funnels.FEWEST", 1)
    page = judged.browser("reader").get(f"/reports/grades?{RANGE}&grade={grade}").text
    told = words_of(page).partition("against what chance gives")[2]
    assert f"of all together ({counted})" in told[:80]


def test_the_heat_map_adds_up_the_quarters_and_opens_the_audits_behind(judged: Council) -> None:
    judged.clock.advance(timedelta(days=60))
    judged.submitted("good")
    browser = judged.browser("lead")
    page = browser.get("/reports/grades?from=2026-01-01&to=2026-06-30").text
    link = next(
        one
        for one in links(page, "/reports/grades/rows?")
        if "group=team%3Deast" in one and "domain_good_rate.lived-experience" in one
    )
    assert "4 of 5" in words_of(page[page.rindex(link.replace("&", "&amp;")) :][:900])
    assert "4 in the numerator and 5 in the denominator" in words_of(browser.get(link).text)


def test_domains_of_one_title_open_each_its_own_audits(
    judged: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cells_of() -> list[str]:
        page = judged.browser("lead").get(f"/reports/grades?{RANGE}").text
        found = links(page, "/reports/grades/rows?")
        return sorted(one for one in found if "group=team%3D" in one and "domain_good" in one)

    apart = cells_of()
    assert len({*apart}) > 2

    def alike(*given: Any) -> Any:
        words, scales = words_of_report(*given)
        return replace(words, domains=dict.fromkeys(words.domains, "Practice")), scales

    monkeypatch.setattr("api.agreement.pages.words_of", alike)
    assert cells_of() == apart


def test_changes_are_given_in_points_and_in_number(judged: Council) -> None:
    judged.clock.advance(timedelta(days=60))
    judged.moderated("inadequate", "inadequate")
    lead, query = judged.browser("lead"), "/reports/agreement?from=2026-01-01&to=2026-06-30"
    said = words_of(lead.get(query).text)
    assert "2026/27 Q1 (not over)" in said
    assert "2025/26 Q4 to 2026/27 Q1" not in said
    assert "Same grade in 2025/26 Q4: 67%" in said
    judged.clock.advance(timedelta(days=60))
    said = words_of(judged.browser("lead").get(query).text)
    assert "(not over)" not in said
    changed = said.partition("2025/26 Q4 to 2026/27 Q1 ")[2]
    assert [*re.findall(r"[+−\d][.\d]*(?:%| points)?(?: \(.*?\))?", changed)][:4] == [
        "67% (2 of 3)", "100% (1 of 1)", "+33.3 points", "−1",
    ]  # fmt: skip


def test_a_report_as_known_on_a_past_day_says_so_everywhere(judged: Council) -> None:
    then = judged.today
    judged.clock.advance(timedelta(days=10))
    judged.submitted("good")
    browser = judged.browser("lead")
    now = browser.get(f"/reports/grades?{RANGE}").text
    past = browser.get(f"/reports/grades?{RANGE}&as_at={then}").text
    assert (cell(now, "graded")[0], cell(past, "graded")[0]) == ("5", "4")
    assert "As recorded up to the end of 2 March 2026" in words_of(past)
    for link in links(past, "/reports/grades/"):
        assert f"as_at={then}" in link
    assert "As recorded up to the end of" in words_of(
        browser.get(links(past, "/reports/grades/rows")[0]).text
    )


def test_small_numbers_give_way_to_their_counts_without_being_asked(
    small_council: Council,
) -> None:
    for overall, theirs in (("good", "good"), ("good", "good"), ("good", "inadequate")):
        small_council.moderated(overall, theirs)
    lead = small_council.browser("lead")
    page = lead.get(f"/reports/agreement?{RANGE}").text
    named = lead.get(f"/reports/agreement?{RANGE}&dimension=auditor").text
    assert cell(named, "moderation_agreement_rate").startswith("2 of 3")
    assert "small numbers" not in page.casefold()
    for link in (links(page, "/reports/agreement/rows")[2],):
        assert "67%" not in lead.get(link).text
    made = lead.get(f"/reports/agreement/download.json?{RANGE}").json()
    figure = made["rows"][0]["figures"]["moderation_agreement_rate"]
    assert (figure["numerator"], figure["denominator"], figure["value"]) == (2, 3, None)
    assert cell(page, "moderation_agreement_rate").startswith("2 of 3")
    assert "%" not in cell(page, "moderation_agreement_rate").partition(" 95")[0].split(":")[0]


def test_an_empty_report_says_what_to_do(small_council: Council) -> None:
    page = small_council.browser("lead").get("/reports/agreement")
    assert page.status_code == 200
    assert "No audits in this report" in words_of(page.text)


def test_a_cut_by_people_names_them_and_several_filters_stay_in_the_form(judged: Council) -> None:
    browser = judged.browser("lead")
    page = browser.get(f"/reports/agreement?{RANGE}&dimension=auditor&dimension=moderator").text
    assert "Auditor Tree" in words_of(page)
    assert "Moderator Tree" in words_of(page)
    both = browser.get(f"/reports/agreement?{RANGE}&team=east&team=west").text
    assert re.search(r'<input[^>]*name="team"[^>]*value="east"[^>]* checked', both)
    assert re.search(r'<input[^>]*name="team"[^>]*value="west"[^>]* checked', both)


def test_every_chart_has_its_data_as_a_table(judged: Council) -> None:
    for name in ("agreement", "grades"):
        page = judged.browser("lead").get(f"/reports/{name}?{RANGE}").text
        charts = re.findall(r'<figure class="app-chart".*?</figure>', page, re.S)
        assert len(charts) == 3
        for chart in charts:
            assert "<svg" in chart
            assert "<table" in chart


def test_the_start_of_reports_offers_names_to_those_who_may_see_them(judged: Council) -> None:
    for handle, offered in (("lead", True), ("moderator", True), ("auditor", False)):
        page = judged.browser(handle).get("/reports").text
        for cut in ("auditor", "moderator"):
            assert (f"dimension={cut}" in page) is offered, (handle, cut)


def test_figures_of_colleagues_by_name_are_for_those_who_answer_for_them(judged: Council) -> None:
    judged.grant("nobody", Role.MODERATOR, Scope(kind="team", code="east"))
    judged.grant("worker", Role.AUDITOR)
    other, own = judged.ids["auditor"], judged.ids["auditor2"]
    for handle, asked, answer in (
        ("lead", "dimension=auditor", 200),
        ("moderator", "dimension=moderator", 200),
        ("auditor2", "dimension=auditor", 403),
        ("reader", "dimension=moderator", 403),
        ("auditor2", f"auditor={other}", 403),
        ("auditor2", f"auditor={own}", 200),
        ("auditor2", f"auditor={own}&auditor={other}", 403),
        ("auditor2", f"auditor={own}&dimension=moderator", 403),
        ("nobody", "dimension=auditor", 403),
        ("nobody", "dimension=auditor&team=west", 403),
        ("nobody", "dimension=auditor&team=east", 200),
        ("nobody", "dimension=auditor&team=east&team=west", 403),
    ):
        told = judged.program(handle).get(f"/api/v1/reports/agreement?{RANGE}&{asked}")
        assert told.status_code == answer, (handle, asked)
    for path in ("", "/download.csv", "/download.pdf"):
        page = judged.browser("reader").get(f"/reports/agreement{path}?{RANGE}&dimension=auditor")
        assert page.status_code == 403, path
    behind = f"/api/v1/reports/agreement/rows?{RANGE}&figure=moderation_coverage_rate"
    reader = judged.program("reader")
    assert reader.get(f"{behind}&group=auditor={other}").status_code == 403
    form = judged.browser("auditor2").get("/reports/agreement").text
    assert "Auditor Tree" not in form
