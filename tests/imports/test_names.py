"""Names in a column that may be one person or one team."""

from __future__ import annotations

from api.imports.mapping import Field
from tests.imports.support import column


def test_spellings_of_one_name_are_proposed_and_other_people_are_not() -> None:
    cells = ["Pat Sample", "pat sample", "Pat  Sample", "Sample, Pat", "PAT SAMPLE",
             "Pat Sample (TM)", "P. Sample", "Pat Simple", "Ann Sample"]  # fmt: skip
    found = column("person", *cells).questions
    same = ("Sample, Pat", "Pat Sample (TM)", "P. Sample", "Pat Simple")
    assert {q.written: q.options[0].value for q in found} == dict.fromkeys(same, "Pat Sample")
    assert not any(question.needed for question in found)
    teams = column(
        "team",
        "North",
        "NORTH ",
        "North Team",
        "Team 1",
        "Team 2",
        "Care East",
        "Care West",
        "Duty Team A",
        "Duty Team B",
    ).questions
    assert [(q.written, q.options[0].value) for q in teams] == [("North Team", "North")]
    merged = column("person", *cells, values={"X": dict.fromkeys(cells[:7], "Pat Sample")})
    assert set(merged.sheet.column("X")) == {"Pat Sample", "Pat Simple", "Ann Sample"}


def test_an_auditor_is_known_by_initials_surname_address_or_the_other_way_round() -> None:
    ways = (
        "Quill D", "Dana Q", "Mrs Quill", "dquill", "dana.quill@example.org", "QUILL Dana", "DQ",
        "TM Dana Quill", "Dana Quill, Team Manager",
    )  # fmt: skip
    cells = ("Dana Quill", *ways, "Dan Quist", "E Quill", "Emma Moss")
    found = {one.written: one.options[0].value for one in column("person", *cells).questions}
    assert found == dict.fromkeys(ways, "Dana Quill")
    told = Field("x", "X", kind="team", on_record=("Ash",))
    (one,) = column("team", "Ash Team", "Ash Team", "Ash", field=told).questions
    assert (one.written, one.options[0].value) == ("Ash Team", "Ash")
    (accent,) = column("person", "Dana Quill", "Dana Quill", "Danaë Quill").questions
    assert (accent.written, accent.options[0].value) == ("Danaë Quill", "Dana Quill")
    teams = (
        "Ash Team",
        "Team Ash",
        "Ash Tm",
        "Birch Team 1",
        "Birch 1",
        "Birch Team 2",
        "The Team",
        "Child in Need",
        "CIN",
        "Birch Team2",
    )
    found = {one.written: one.options[0].value for one in column("team", *teams).questions}
    assert found == {
        "Team Ash": "Ash Team",
        "Ash Tm": "Ash Team",
        "Birch 1": "Birch Team 1",
        "CIN": "Child in Need",
        "Birch Team2": "Birch Team 2",
    }
