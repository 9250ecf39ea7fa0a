"""Templates of every kind of file, and which kind the headings of a file speak for."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from api.imports import run as imports
from api.imports.importers import importers
from api.imports.kinds import likeliest, proposals, proposed, template
from api.imports.mapping import map_columns
from api.imports.run import DEFAULT_TOOL, read_rows
from tests.imports.support import ABOUT, GOOD, IN_ORDER, supervised_by_sam
from tests.support.command_line import Run
from tests.support.council import Council, words_of
from tests.support.forms import hidden, send

pytestmark = pytest.mark.one_database


def test_every_template_is_read_as_its_fields_proposed_as_its_kind_and_comes_in(
    small_council: Council,
) -> None:
    services = small_council.services
    assert set(IN_ORDER) == set(importers())
    for kind in IN_ORDER:
        if kind == "sessions":
            supervised_by_sam(small_council)
        importer = importers()[kind]
        with services.store.reading() as connection:
            fields = importer.fields(connection, DEFAULT_TOOL)
            data = template(importer, connection, DEFAULT_TOOL)
        assert {name for row in importer.examples for name in row} <= {one.name for one in fields}
        sheet, _ = read_rows(kind, f"{kind}.csv", data)
        mapping = map_columns(sheet, fields)
        asked = [(one.label, one.name) for one in fields if one.asked]
        assert mapping.pairs() == asked, kind
        assert (mapping.near, mapping.unmapped) == ((), ())
        first = likeliest(proposed(f"{kind}.csv", data, importers()))
        assert first is not None, kind
        assert (first.kind, first.missing) == (kind, ())
        who = "lead" if importer.verb == "import" else "admin"
        choices = imports.ImportChoices(about=ABOUT)
        done = imports.run(services, kind, sheet, choices, by=small_council.actor(who))
        assert (done.result or {})["imported"] == len(importer.examples) > 0, kind


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("Ref,Child ref,When,Auditor,Rating,Assessment", "audits"),
        ("moderation_id,audit_id,date,moderator,moderated_overall,agreed", "moderations"),
        ("Name,E-mail,Job title,Team,Line manager,Role,Start date", "people"),
        ("First name,Surname,E-mail,Team,Role", "people"),
        ("Action ref,Action,Priority,Lead,Due", "plan"),
        ("Ref,Action,Owner,Due date", "plan"),
        ("Supervisor,Practitioner,Date,Held", "sessions"),
        ("Action ref,RAG,Comments", "assessments"),
        ("Indicator,Q1 2025/26,Q2 2025/26", "observations"),
        ("Apples,Pears", None),
        ("Moderation ref,Moderator", None),
        ("Assessed by,Action plan", None),
    ],
)
def test_the_headings_of_a_council_speak_for_a_kind_or_for_none(
    headings: str, kind: str | None
) -> None:
    found = proposals(headings.split(","), importers())
    first = likeliest(found)
    assert (first.kind if first else None) == kind
    assert first is None or first.required


def test_as_much_for_one_as_for_another_proposes_none() -> None:
    found = proposals(["Action ref", "Unit"], importers())
    one, other = found[0], replace(found[0], kind="another")
    assert likeliest([one, other]) is None
    assert likeliest([one]) is one


def test_a_yaml_file_of_a_scale_is_known_by_its_levels() -> None:
    levels = b"id: a\nlevels:\n  - {code: on-track, meaning: In time, rank: 1}\n"
    assert [one.kind for one in proposed("scale.yaml", levels, importers())] == ["rag-scale"]


def test_a_file_that_nobody_named_is_answered_with_its_kind_and_kept(
    small_council: Council,
) -> None:
    lead = small_council.browser("lead")
    files = {"file": ("audits.csv", GOOD.encode())}
    before = small_council.services.store.head()
    answer = send(lead, "/imports/new", {"kind": "", "tool": "whole-case-file"}, files=files)
    assert answer.status_code == 200
    assert re.search(r'value="audits"[^>]* checked', answer.text)
    page = words_of(answer.text)
    assert "audits.csv is kept." in page
    assert "Needed and there: Ref, Child ref, Auditor, Rating." in page
    assert "Needed and not there: Date of the audit." in page
    assert small_council.services.store.head() == before
    fields = {**hidden(answer.text, "/imports/new"), "kind": "audits", "tool": "whole-case-file"}
    again = lead.post("/imports/new", fields, files={"file": ("", b"")})
    assert again.headers["location"] == f"/imports/upload/{fields['upload']}"
    nothing = {"file": ("fruit.csv", b"Apples,Pears\n1,2\n")}
    refused = send(lead, "/imports/new", {"kind": ""}, files=nothing)
    assert (refused.status_code, 'href="#kind"' in refused.text) == (422, True)
    assert "fruit.csv is kept." in words_of(refused.text)


def test_a_template_is_on_the_page_for_those_who_may_send_it(small_council: Council) -> None:
    lead = small_council.browser("lead")
    assert 'href="/imports/templates/audits.csv"' in lead.get("/imports/new").text
    answer = lead.get("/imports/templates/audits.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.lstrip("\ufeff").startswith("Audit reference,Child's reference,")
    assert lead.get("/imports/templates/apples.csv").status_code == 404
    assert lead.get("/imports/templates/audits.csv?tool=none").status_code == 422
    assert small_council.browser("reader").get("/imports/templates/audits.csv").status_code == 403


def test_kinds_at_the_command_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "teams.csv"
    assert run("import", "template", "teams", "--to", str(file)).code == 0
    shown = run("import", "what", str(file))
    assert f"Proposed: caseloop import teams {file}" in shown.out
    assert "Needed and there: Team, Service." in shown.out
    told = run("import", "what", str(file), "--json").json
    assert (told["proposed"], told["kinds"][0]["required"]) == ("teams", ["Team", "Service"])
    needing = run("import", "template", "observations")
    assert needing.out.startswith("Indicator,Period,Value,")
    assert "must be on record" in needing.err
    file.write_text("Apples,Pears\n1,2\n")
    assert "do not speak for one kind" in run("import", "what", str(file)).out
    assert run("import", "template", "apples").code == 3
    assert run("import", "what", str(tmp_path / "none.csv")).code == 3
