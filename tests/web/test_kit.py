"""The pieces pages are made of."""

import os
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, UndefinedError
from markupsafe import Markup

from api.settings import Settings
from api.web import template_engine
from api.web.assets import Assets
from api.web.diff import MAX_CHARACTERS, pieces, word_diff
from api.web.forms import Errors, nested
from api.web.paging import Page, pagination
from api.web.read_out import entered
from api.web.template_engine import Pages, govuk_macros
from qa.core.dates_in_words import day, moment
from qa.core.errors import Fault, Refused

TEMPLATES = Path("api")


def test_dates_are_london_dates_in_words():
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert day(at) == "2 July 2026"
    assert moment(at) == "2 July 2026 at 12:30am"
    assert moment(datetime(2026, 10, 12, 10, 3, tzinfo=UTC)) == "12 October 2026 at 11:03am"


def test_our_templates_may_not_use_a_name_that_is_missing():
    pages = Pages(Settings(), Assets("#1d4f76"))
    with pytest.raises(UndefinedError):
        pages.text("error.html", title="No more")


def test_a_compiled_template_is_kept_and_one_that_was_cut_short_is_made_again(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    sizes = []
    for _ in range(2):
        kept = template_engine._Compiled()
        kept._folder = tmp_path / "kept"
        pages = Environment(loader=DictLoader({"one": "{{ 1 + n }}"}), bytecode_cache=kept)
        assert pages.get_template("one").render(n=1) == "2"
        (file,) = kept._folder.iterdir()
        sizes.append(file.stat().st_size)
        file.write_bytes(file.read_bytes()[:30])
    assert sizes[0] == sizes[1] > 30


def test_text_and_markup_of_the_same_letters_are_memoised_apart():
    button = govuk_macros()["govukTag"]
    assert "&lt;b&gt;" in button({"text": "<b>"})
    assert "&lt;b&gt;" not in button({"text": Markup("<b>")})


def test_no_template_has_a_script_a_style_or_hands_text_over_as_html():
    paths = sorted(TEMPLATES.glob("*/templates/**/*.html"))
    assert len(paths) > 100
    for path in paths:
        source = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=|\|\s*safe|'html'\s*:", source), path
        assert re.findall(r"<script[^>]*>", source) in (
            [],
            ["""<script type="module" src="{{ asset('boot.mjs') }}">"""],
        ), path


def test_dotted_names_nest_and_repeated_names_are_lists():
    pairs = [("a.b", "1"), ("a.c", "2"), ("d", "x"), ("d", "y"), ("e[]", "z")]
    assert nested(pairs) == {"a": {"b": "1", "c": "2"}, "d": ["x", "y"], "e": ["z"]}


def test_what_was_entered_is_read_out_in_words_and_days():
    form = {"audit_date": {"day": "2", "month": "3", "year": "2026"}, "child": "sam-tree",
            "child_status": "child-in-need", "owner": "a" * 32, "note": "well-being, kept",
            "about": ["overall", "of-child"], "until": {"day": "31", "month": "2", "year": ""},
            "empty": " ", "seen": "4"}  # fmt: skip
    assert entered(form, ("seen",)) == [
        ("audit date", "2 March 2026"),
        ("child", "sam-tree"),
        ("child status", "Child in need"),
        ("owner", "Chosen from a list"),
        ("note", "well-being, kept"),
        ("about", "overall\nOf child"),
        ("until", "31/2/"),
    ]


@pytest.mark.parametrize(
    "names", [["a", "a.b"], ["a.b", "a"], [".".join("abcdefghij")]], ids=["up", "down", "deep"]
)
def test_a_form_that_contradicts_itself_is_refused(names):
    with pytest.raises(Refused):
        nested((name, "x") for name in names)


def test_faults_are_listed_in_the_order_of_the_page_and_linked_to_their_fields():
    refused = Refused(
        [Fault("b.c", "x", "Say C."), Fault("", "y", "All wrong."), Fault("a", "z", "Say A.")]
    )
    errors = Errors.of(refused, ("a", "b.c"))
    assert errors.summary == [
        {"text": "Say A.", "href": "#a"},
        {"text": "Say C.", "href": "#b-c"},
        {"text": "All wrong."},
    ]
    assert errors.message("b.c") == {"text": "Say C."}
    assert errors.message("d") is None
    assert not Errors()


def test_a_page_links_to_its_neighbours_and_keeps_the_filters():
    shown = pagination(Page([1], next="9"), "/audits", {"team": "East & West", "after": "4"})
    assert shown["next"]["href"] == "/audits?team=East+%26+West&after=9"
    assert "previous" not in shown
    assert pagination(Page([1]), "/audits", {}) is None


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_comparison_holds_both_wordings_whole(old, new):
    found = pieces(old, new)
    assert "".join(was for _, was, _ in found) == old
    assert "".join(now for _, _, now in found) == new


def test_short_equal_runs_between_changes_are_merged_and_text_is_escaped():
    shown = word_diff("the plan was good", "the visit was <b>")
    assert shown.count("<del>") == shown.count("<ins>") == 1
    assert "removed: </span>plan was good</del>" in shown
    assert "visit was &lt;b&gt;" in shown


def test_long_texts_are_shown_whole_instead_of_compared():
    long = "word " * (MAX_CHARACTERS // 5)
    assert pieces(long, long + "more") == [("changed", long, long + "more")]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets what is named and no other setting."""

    def only(**values: str) -> None:
        for name in list(os.environ):
            if name.startswith("CASELOOP_"):
                monkeypatch.delenv(name)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return only


def test_settings_refuse_an_illegible_colour_and_unknown_names_together(environment):
    # What the library takes by names of its own is no setting of ours.
    environment(CASELOOP_COUNCIL_COLOUR="#ffdd00", CASELOOP_COLOR="x", CASELOOP__ENV_FILE="y")
    with pytest.raises(Refused) as refused:
        Settings.from_environment()
    assert {f.field for f in refused.value.faults} == {
        "CASELOOP_COUNCIL_COLOUR",
        "CASELOOP_COLOR",
        "CASELOOP__ENV_FILE",
    }
    assert {f.field for f in refused.value.faults if f.code == "extra_forbidden"} == {
        "CASELOOP_COLOR",
        "CASELOOP__ENV_FILE",
    }


def test_settings_read_the_environment(environment):
    environment(
        CASELOOP_BASE_URL="https://qa.example/",
        CASELOOP_DEMONSTRATION="yes",
        CASELOOP_ASK_PURPOSE="child, export",
        CASELOOP_MASTER_KEY="no setting",
    )
    found = Settings.from_environment()
    assert found.ask_purpose == {"child", "export"}
    assert (found.base_url, found.demonstration, found.https) == ("https://qa.example", True, True)
    assert found.cookie_name == "__Host-caseloop"
