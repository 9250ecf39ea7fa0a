"""A self-evaluation in the browser: its evidence moves and its claim is marked; what is restricted
is not told; its copies are the same for ever."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.notifications.announcing import announce
from api.self_evaluation.form_pages import as_one_row
from projections.core.rebuild import rebuild
from qa.core.words import Role
from tests.actions.support import raised
from tests.notifications.support import told as notices_of
from tests.publishing.support import of_three, taken_back
from tests.quarterly.support import done, sent
from tests.self_evaluation.support import (
    DAYS,
    PATH,
    begun,
    claims_of,
    figures_offered,
    frozen,
    given,
    tied,
)
from tests.support.command_line import Run
from tests.support.council import Council, words_of
from tests.support.told_codes import ToldCodes


@pytest.fixture
def council(small_council: Council) -> Council:
    """SQLite alone: a page has no SQL of its own."""
    return of_three(small_council)


def opened(kind: str, data: bytes) -> str:
    if kind == "json":
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        text = file.read("word/document.xml").decode()
    return unescape(re.sub(r"<[^>]+>", "", text.replace("</w:p>", "\n")))


def test_a_claim_is_marked_when_its_evidence_moves_until_somebody_looks(council: Council) -> None:
    audit = council.first_audit()
    place, lead = tied(council, audit), council.browser("lead")
    told = words_of(lead.get(place).text)
    assert "What do we know? How do we know it? What will we do?" in told
    assert "67% (2 of 3)" in told
    assert "Unchanged" in told
    assert "Look again" not in told, told
    (claim,) = claims_of(lead, place)
    assert sent(lead, f"{claim}/confirm", note="It is still so.").status_code == 409
    reference = taken_back(council, audit)
    page = lead.get(place)
    told = words_of(page.text)
    assert "1 claim has evidence that changed" in told
    assert f"50% (1 of 2) Look again It was “67% (2 of 3)”. Audit {reference}." in told
    assert "Withdrawn Look again It was “Final grade: Good”." in told
    assert f"/history?record=audit%3A{audit}" in page.text
    receipt = words_of(lead.get(f"{place}/receipts/E1").text)
    assert "It was 67% (2 of 3) when somebody last looked" in receipt
    assert "Counted again from the records behind it alone: the same." in receipt
    beyond = lead.get(f"{place}/receipts/E1?position=999999")
    assert beyond.status_code == 422
    assert "The last entry is number" in words_of(beyond.text)
    assert "50%" not in beyond.text
    assert sent(lead, f"{place}/review", reviewer=council.ids["auditor"]).status_code == 409
    assert sent(lead, f"{claim}/confirm", note="ok").status_code == 422
    done(lead, f"{claim}/confirm", note="One audit fewer changes nothing of it.")
    told = words_of(lead.get(place).text)
    assert "Look again" not in told, told
    assert "One audit fewer changes nothing of it." in told
    head = council.services.store.head()
    before = words_of(lead.get(f"{place}?position={head - 1}").text)
    assert "Look again It was “67% (2 of 3)”" in before


def test_figures_of_the_document_equal_their_receipts(council: Council) -> None:
    audit = council.first_audit()
    place, lead = tied(council, audit), council.browser("lead")
    (claim,) = claims_of(lead, place)
    for words, value in figures_offered(lead, claim, "grades").items():
        if "of 3" in words:
            done(lead, f"{claim}/figure?name=grades&{DAYS}", figure=value)
            break
    place_of_copy, program = frozen(council, place), council.program("lead")
    taken_back(council, audit)
    for at in (place, place_of_copy):
        variant = "?variant=outside"
        held = orjson.loads(lead.get(f"{at}/document.json{variant}").content)
        paper = opened("docx", lead.get(f"{at}/document.docx{variant}").content)
        figures = [
            one for each in held["claims"] for one in each["evidence"] if one["kind"] == "figure"
        ]
        assert len(figures) == 2
        for one in figures:
            follow = lead.get(one["receipt"])
            assert follow.status_code == 303, one["receipt"]
            assert lead.get(follow.headers["location"]).status_code == 200
            address = follow.headers["location"].replace(PATH, f"/api/v1{PATH}")
            found = program.get(address).json()
            assert found["same"], found
            for figure in (found["figure"], found["again"]):
                counted = (figure["numerator"], figure["denominator"], figure["value"])
                assert counted == (one["numerator"], one["denominator"], one["value"])
                assert figure["position"] == held["position"]
            assert one["receipt"] in paper
            assert one["shows"] in paper


def test_a_copy_never_changes_and_names_no_audit(
    council: Council, over: Callable[[str, Path], Run]
) -> None:
    audit = council.first_audit()
    place, lead = tied(council, audit), council.browser("lead")
    reference = str(council.view(audit).row.reference)
    at = frozen(council, place)
    kinds = ("docx", "pdf", "json")
    first = {kind: lead.get(f"{at}/document.{kind}").content for kind in kinds}
    for kind in ("docx", "json"):
        text = opened(kind, first[kind])
        assert reference not in text
        assert audit not in text
        assert "A case audit" in text
        assert "67% (2 of 3)" in text
    assert reference in opened("docx", lead.get(f"{at}/document.docx?variant=inside").content)
    (claim,) = claims_of(lead, place)
    taken_back(council, audit)
    done(lead, f"{claim}/change", **given(known="It fell apart."))
    done(lead, f"{claim}/confirm", note="We say so, and we look again.")
    second = frozen(council, place)
    assert second.endswith("/copies/2")
    rebuild(council.services.store, council.services.registry)
    for kind in kinds:
        again = council.browser("auditor" if kind == "json" else "lead")
        assert again.get(f"{at}/document.{kind}").content == first[kind], kind
    settings = council.services.settings
    caseloop = over(settings.store, settings.key_path.parent)
    words = ("self-evaluation", place[-32:], "--copy", "1")
    assert caseloop(*words, "--json").out.encode() == first["json"]
    assert "Auditors and" in caseloop(*words).out
    paper = settings.key_path.parent / "copy.docx"
    assert caseloop(*words, "--word", str(paper)).code == 0
    assert paper.read_bytes() == first["docx"]
    told = words_of(lead.get(at).text)
    assert "it is the same, byte for byte" in told
    assert "It fell apart." not in told
    assert "Look again" not in told, told
    assert "It fell apart." in words_of(lead.get(second).text)


def test_what_a_reader_may_not_see_is_counted_and_not_told(
    council: Council, told_codes: ToldCodes
) -> None:
    """A moderator is yet to judge an audit blind; a lead who is that moderator writes."""
    audit = council.with_secret("Nobody asked the child about it all.")
    reference = str(council.view(audit).row.reference)
    place, lead = begun(council), council.browser("lead")
    (claim,) = claims_of(lead, place)
    done(lead, f"{claim}/record", named=f"https://caseloop.example/audits/{audit}")
    council.seal(audit)
    blind = council.browser("moderator")
    page = blind.get(place).text
    assert "1 piece of evidence is restricted." in page
    for secret in (reference, audit, "Outstanding"):
        assert secret not in page
        assert secret in lead.get(place).text
    opened_by = council.program("moderator").get(f"/api/v1{place}").json()
    (told,) = opened_by["content"]["claims"]
    assert (told["restricted"], told["evidence"], told["moved"]) == (1, [], False)
    refused = blind.get(f"{place}/document.json?variant=outside")
    assert (refused.status_code, reference in refused.text) == (403, False)
    inside = blind.get(f"{place}/document.json").text
    assert reference not in inside
    assert "Outstanding" not in inside
    council.grant("moderator", Role.QA_LEAD)
    told_codes.taken()
    answers = [
        sent(blind, f"{claim}/record", named=named)
        for named in (reference, f"/audits/{audit}", "QA-9999-1", f"/actions/{'0' * 32}")
    ]
    assert {one.status_code for one in answers} == {422}
    assert told_codes.taken() == ["evidence-unknown"]
    assert council.browser("worker").get(place).status_code == 403
    assert council.browser("auditor").get(f"{claim}/change").status_code == 403


def test_the_page_alone_tells_the_words_of_an_action_that_is_open(council: Council) -> None:
    words = "Write down who was seen alone."
    audit, action = raised(council, text=words)
    place, lead = begun(council), council.browser("lead")
    (claim,) = claims_of(lead, place)
    done(lead, f"{claim}/record", named=f"/actions/{action}")
    assert f"Action {action[:8]} {words}" in words_of(lead.get(place).text)
    assert words not in lead.get(f"{place}/document.json").text, "its copies keep their words"
    council.seal(audit)
    blind = words_of(council.browser("moderator").get(place).text)
    assert "1 piece of evidence is restricted." in blind
    assert words not in blind


def test_somebody_else_reviews_and_may_send_it_back(council: Council) -> None:
    place, lead = tied(council, council.first_audit()), council.browser("lead")
    auditor = council.browser("auditor")
    assert sent(lead, f"{place}/review", reviewer=council.ids["lead"]).status_code == 422
    done(lead, f"{place}/review", reviewer=council.ids["auditor"])
    assert lead.get(f"{place}/freeze").status_code == 403
    assert council.browser("moderator").get(f"{place}/return").status_code == 403
    (claim,) = re.findall(r'id="claim-(\w+)"', lead.get(place).text)
    assert sent(lead, f"{place}/claims/{claim}/change", **given(known="No.")).status_code == 409
    done(auditor, f"{place}/return", reason="Say more of care leavers.")
    assert "Say more of care leavers." in words_of(lead.get(place).text)
    announce(council.services)
    assert "A self-evaluation was sent to you for review." in notices_of(council, "auditor")
    assert notices_of(council, "lead")[-1] == "Your self-evaluation was sent back to be changed."
    done(lead, f"{place}/claims/{claim}/evidence/E2/untie", reason="The audit says too little.")
    done(lead, f"{place}/claims/{claim}/withdraw", reason="It is no longer so.")
    assert "No claim is made under this area." in words_of(lead.get(place).text)


def link_to(page: Any, part: str) -> str:
    """The first address on a page that holds these words."""
    return next(unescape(one) for one in re.findall(r'href="([^"]+)"', page.text) if part in one)


def test_any_figure_that_a_page_opens_is_linked_to_a_claim(council: Council) -> None:
    """Also one that is not among the main figures of its report."""
    audit = council.first_audit()
    place, lead = begun(council), council.browser("lead")
    (claim,) = claims_of(lead, place)
    why = link_to(lead.get(f"/reports/agreement?{DAYS}"), "figure=within_one_rate")
    offered = lead.get(link_to(lead.get(why), "/self-evaluations/evidence"))
    form = lead.get(link_to(offered, f"{claim}/figure"))
    (chosen,) = re.findall(r'<option value="([^"]+)" selected', form.text)
    done(lead, link_to(offered, f"{claim}/figure"), figure=unescape(chosen))
    assert "Unchanged" in words_of(lead.get(place).text)
    taken_back(council, audit)
    assert "Look again" in words_of(lead.get(place).text)
    page = council.browser("auditor").get(why)
    assert page.status_code == 200, why
    assert "/self-evaluations/evidence" not in page.text
    assert council.browser("auditor").get(link_to(offered, f"{claim}/figure")).status_code == 403


def test_a_figure_that_adds_periods_together_is_asked_as_a_whole() -> None:
    days = [("group", "from=2026-01-01"), ("group", "to=2026-12-31")]
    pairs = [("by", "quarter"), ("dimension", "team"), ("figure", "moderated"), *days]
    whole = [("by", "quarter"), ("figure", "moderated"), ("team", "east")]
    assert as_one_row([*pairs, ("group", "team=east")]) == [
        *whole, ("group", "total=Whole range"), *days
    ]  # fmt: skip
    for row in (("group", "quarter=2026/27 Q1"), ("group", "total=Whole range")):
        assert as_one_row([*pairs, row]) == [*pairs, row]


def test_every_row_of_a_report_leads_to_all_of_its_figures(council: Council) -> None:
    place, lead = begun(council), council.browser("lead")
    (claim,) = claims_of(lead, place)
    reports = lead.get(f"{claim}/figures")
    rows = lead.get(link_to(reports, "rows?name=grades"))
    whole = lead.get(link_to(rows, "group=total"))
    main = lead.get(link_to(reports, "figure?name=grades"))
    offered, few = (re.findall(r"<option value=.*?Whole range: ([^<,]+)", one.text)
                    for one in (whole, main))  # fmt: skip
    assert set(few) < set(offered), (few, offered)


def test_a_figure_that_cannot_bear_a_claim_out_is_refused(
    council: Council, told_codes: ToldCodes
) -> None:
    place, lead = begun(council), council.browser("lead")
    (claim,) = claims_of(lead, place)
    assert "Moderation agreement" in words_of(lead.get(f"{claim}/figures").text)
    form = f"{claim}/figure?name=agreement&{DAYS}"
    assert sent(lead, form, figure="").status_code == 422
    assert told_codes.taken() == ["figure-missing"]
    program, address = council.program("lead"), f"/api/v1{claim}/figures/agreement?{DAYS}"

    def tie(**body: Any) -> Any:
        version = {"If-Match": program.get(f"/api/v1{place}").headers["etag"]}
        return program.post(address, json=body, headers=version)

    assert tie(figure="nonsense").json()["code"] == "figure-unknown"
    row = [{"name": "total", "value": "Whole range"}]
    held = program.get(f"/api/v1/reports/agreement?{DAYS}").json()["totals"][0]["group"]
    row = [{"name": name, "value": value} for name, value in held.items() if value is not None]
    assert tie(figure="moderation_agreement_rate", row=row).status_code == 201
    council.show_rates_of_few(20)
    assert tie(figure="moderation_coverage_rate", row=row).json()["code"] == "figure-without-value"
    past = program.post(
        f"/api/v1{claim}/records?position={council.services.store.head()}",
        json={"named": "QA-1"},
        headers={"If-Match": program.get(f"/api/v1{place}").headers["etag"]},
    )
    assert past.json()["code"] == "evaluation-past"
    assert "Look again" in words_of(lead.get(place).text), "it is shown no more"


def test_a_figure_that_counts_a_sealed_audit_is_restricted(
    council: Council, told_codes: ToldCodes
) -> None:
    place, lead = begun(council), council.browser("lead")
    (claim,) = claims_of(lead, place)
    form = f"{claim}/figure?name=grades&{DAYS}"
    offered = figures_offered(lead, claim, "grades")
    done(lead, form, figure=next(value for words, value in offered.items() if "of 3" in words))
    council.seal(council.submitted("outstanding", "auditor2"))
    blind = council.browser("moderator")
    page = words_of(blind.get(place).text)
    assert "1 piece of evidence is restricted." in page
    assert "Look again" not in page
    assert "Look again" in words_of(lead.get(place).text)
    assert blind.get(f"{place}/receipts/E1").status_code == 403
    council.grant("moderator", Role.QA_LEAD)
    told_codes.taken()
    assert sent(blind, f"{claim}/confirm", note="It is still so, we think.").status_code == 422
    assert told_codes.taken() == ["evidence-restricted"]
    own = next(value for value in figures_offered(blind, claim, "grades").values() if value)
    assert sent(blind, form, figure=own).status_code == 422
    assert told_codes.taken() == ["figure-restricted"]


def test_a_program_writes_reviews_and_freezes(council: Council) -> None:
    lead, base = council.program("lead"), f"/api/v1{PATH}"
    body = {
        "title": "2026", "council": "Testshire", "start": "2026-01-01", "end": "2026-12-31",
    }  # fmt: skip
    made = lead.post(base, json=body)
    assert made.status_code == 201, made.text
    place = f"{base}/{made.json()['result']['evaluation']}"

    def change(method: str, path: str, body: Any = None, by: Any = lead) -> Any:
        version = {"If-Match": lead.get(place).headers["etag"]}
        answer = by.request(method, place + path, json=body, headers=version)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["result"]

    claim = change("POST", "/claims", given())["claim"]
    change("PUT", f"/claims/{claim}", given(area="care-leavers"))
    reference = council.view(council.first_audit()).row.reference
    tie = change("POST", f"/claims/{claim}/records", {"named": reference})
    assert tie == {"evidence": "E1"}
    reason = {"reason": "Another audit says more."}
    change("POST", f"/claims/{claim}/evidence/E1/untying", reason)
    change("POST", f"/claims/{claim}/records", {"named": reference})
    taken_back(council)
    note = {"note": "The other audits of the month say it too."}
    change("POST", f"/claims/{claim}/confirmation", note)
    auditor = council.program("auditor")
    change("POST", "/review", {"reviewer": council.ids["auditor"]})
    change("POST", "/return", {"reason": "Say more of care leavers."}, auditor)
    change("POST", "/review", {"reviewer": council.ids["auditor"]})
    assert change("POST", "/copies", by=auditor) == {"copy_number": 1}
    read = lead.get(f"{place}/copies/1").json()
    assert read["same_bytes"]
    assert read["content"]["claims"][0]["area"] == "care-leavers"
    assert lead.get(base).json()["evaluations"][0]["copies"] == 1
    change("POST", f"/claims/{claim}/withdrawal", {"reason": "It is no longer so."})
    assert lead.get(place).json()["content"]["claims"] == []
    assert lead.get(f"{place}/copies/2").status_code == 404


def test_a_draft_gets_another_title_and_its_copies_keep_theirs(council: Council) -> None:
    place, lead = tied(council, council.first_audit()), council.browser("lead")
    copy = frozen(council, place)
    before = lead.get(f"{place}/document.json?variant=outside").content
    form = lead.get(f"{place}/period").text
    assert 'value="' in form
    days = {
        f"{side}.{part}": value
        for side, day in (("start", "1 4 2027"), ("end", "31 3 2028"))
        for part, value in zip(("day", "month", "year"), day.split(), strict=True)
    }
    done(lead, f"{place}/period", title="Of the year to come", **days)
    told = words_of(lead.get(place).text)
    assert "Of the year to come" in told
    assert "1 April 2027 to 31 March 2028" in told
    assert "Of the year to come" not in words_of(lead.get(copy).text)
    assert lead.get(f"{place}/document.json?variant=outside").content != before
