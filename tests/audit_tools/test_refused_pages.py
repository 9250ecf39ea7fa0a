"""What the pages of tools and scales refuse, by name."""

from __future__ import annotations

from typing import Any

import pytest

from api.audit_tools import builder
from qa.audit_tools.files import shipped_tools
from tests.audit_tools.support import TOOL, fields_of
from tests.support.council import Council
from tests.support.forms import hidden, send
from tests.support.given import codes_of
from tests.support.told_codes import ToldCodes

BEGUN = {
    "title": "Closure check",
    "kind": "closure",
    "scale": "four-grades@1",
    "overall": "yes",
    "domain": "Why",
}


def test_a_new_tool_has_a_code_of_its_own(small_council: Council, told_codes: ToldCodes) -> None:
    lead = small_council.browser("lead")
    for values, code in (
        ({"id": "new"}, "code-reserved"),
        ({"id": "dip-sample"}, "tool-code-taken"),
        ({"id": "No code"}, "tool-malformed"),
    ):
        told_codes.taken()
        assert send(lead, "/tools/new", {**BEGUN, **values}).status_code == 422
        assert told_codes.taken() == [code]


def test_a_tool_keeps_a_domain_and_names_each_once() -> None:
    tool = shipped_tools()[0]
    first = tool.domains[0]
    one = tool.model_copy(update={"domains": (first,)})
    assert codes_of(lambda: builder.without_domain(one, first.id)) == ["last-domain"]
    assert codes_of(lambda: builder.without_domain(tool, first.id)) == []
    assert codes_of(lambda: builder.with_domain_added(tool, first.id)) == ["domain-twice"]


def test_a_button_that_the_page_does_not_have_does_nothing(
    small_council: Council, told_codes: ToldCodes
) -> None:
    lead = small_council.browser("lead")
    listed = hidden(lead.get(f"{TOOL}/edit").text, f"{TOOL}/domains")
    head = small_council.services.store.head()
    answer = lead.post(f"{TOOL}/domains", {**listed, "do": "explode"})
    assert (answer.status_code, told_codes.taken()) == (409, ["unknown-button"])
    assert small_council.services.store.head() == head


def test_a_file_is_chosen_and_is_of_this_tool(
    small_council: Council, told_codes: ToldCodes
) -> None:
    lead = small_council.browser("lead")
    yaml = lead.client.get(f"{TOOL}/versions/1/yaml").text
    files: list[tuple[dict[str, Any], str]] = [
        ({}, "file-missing"),
        ({"file": ("t.yaml", b"id: dip-sample", "text/plain")}, "tool-malformed"),
        ({"file": ("t.yaml", b"\xff\xfe", "text/plain")}, "yaml-unreadable"),
        (
            {"file": ("t.yaml", yaml.replace("id: dip-sample", "id: other-tool", 1), "text/plain")},
            "tool-code-changed",
        ),
    ]
    for sent, code in files:
        told_codes.taken()
        answer = send(lead, f"{TOOL}/import", {}, **({"files": sent} if sent else {}))
        assert (answer.status_code, told_codes.taken()) == (422, [code])


@pytest.mark.parametrize("code", ["Not a code", "x" * 200])
def test_a_scale_that_is_none_is_not_published(
    small_council: Council, told_codes: ToldCodes, code: str
) -> None:
    lead = small_council.browser("lead")
    values = fields_of(lead.get("/scales/new").text)
    points = {"name": "Met", "points.0.label": "Met", "points.1.label": "Not met"}
    answer = lead.post("/scales/new", {**values, **points, "id": code})
    assert (answer.status_code, set(told_codes.taken())) == (422, {"scale-malformed"})
