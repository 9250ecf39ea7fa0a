"""Every chart is one named image with a table and a sentence, and never speaks by colour alone."""

import ast
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from fastapi import Request

from api.charts import cells, charts
from api.charts.charts import (
    Band,
    ChartMatrix,
    ChartRate,
    GradeMix,
    HeatMap,
    Shifts,
)
from api.charts.funnel import CASE_MIX, FunnelChart, funnel_chart
from api.charts.taking import chart_file, chart_files, charts_of
from api.charts.trend import Trend, trend
from api.documents.document import first_text
from api.settings import Settings, contrast
from projections.figures.funnels import FunnelPart, funnel
from tests.support.browser import axe
from tests.support.shell import create_shell, records_at

ROOT = Path(__file__).parents[2]
BANDS = [
    Band("Outstanding", "O"),
    Band("Good", "G"),
    Band("Requires improvement", "R"),
    Band("Inadequate", "I"),
]
MIX = GradeMix("Grades", BANDS, [("Q1", [3, 20, 14, 1]), ("Q2", [0, 0, 0, 0])])
TREND = Trend(
    "Agreement",
    "Exact agreement",
    [ChartRate("Q1", 14, 20, 0.7, 0.481, 0.855), ChartRate("Q2", 0, 0, None, None, None)],
)
BROKEN = Trend(
    "Good",
    "Good or better",
    [
        ChartRate("Q1", 14, 20, 0.7, 0.481, 0.855),
        ChartRate("Q2", 15, 20, 0.75, 0.53, 0.89),
        ChartRate("Q3", 8, 10, 0.8, 0.49, 0.94),
        ChartRate("Q4", 1, 2, None, None, None),
        ChartRate("Q5", 9, 10, 0.9, 0.6, 0.98),
    ],
    {"Q3": "audited with another tool."},
)
FUNNEL = FunnelChart(
    "Teams",
    "Good or better",
    "Grades given",
    funnel(
        [
            FunnelPart("East", 10, 40),
            FunnelPart("North", 50, 60),
            FunnelPart("South", 24, 40),
            FunnelPart("Tiny", 1, 4),
        ],
        5,
    ),
)
MATRIX = ChartMatrix("Matrix", BANDS, [[4, 1, 0, 0], [2, 18, 5, 0], [0, 3, 12, 1], [0, 0, 1, 3]])
SHIFTS = Shifts("Shift", [("East", -0.42, 19), ("West", 0.15, 13), ("North", 0.0, 8)])
HEAT = HeatMap(
    "Heat", "Good or better", ["East"], ["Voice", "Plan"], {("East", "Voice"): (0.55, 9)}
)


@pytest.fixture(scope="module")
def drawn():
    return {
        "mix": charts.grade_mix(MIX),
        "trend": trend(TREND),
        "funnel": funnel_chart(FUNNEL),
        "matrix": charts.matrix(MATRIX),
        "shifts": charts.shifts(SHIFTS),
        "heat": charts.heat_map(HEAT),
    }


ELSEWHERE = {
    "charts.rates": "tests/reports/test_documents.py",
    "actions.curve_chart": "tests/actions/test_loop_pages.py",
    "indicators.series_chart": "tests/indicators/test_pages.py",
    "indicators.control_chart": "tests/indicators/test_pages.py",
}
"""Charts of one room alone, and the tests of the pages that show them."""

NAMES = ["mix", "trend", "matrix", "shifts", "heat", "funnel"]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_one_image_with_a_name_and_no_style(drawn, name):
    chart = drawn[name]
    root = ET.fromstring(chart.svg)
    assert root.get("role") == "img"
    title, desc = (
        next(e.text for e in root.iter() if e.get("id") == at)
        for at in root.get("aria-labelledby").split()
    )
    assert (title, desc) == (chart.title, chart.summary)
    for mark in list(root.iter())[1:]:
        assert not {k for k in mark.attrib if k in ("role", "style") or k.startswith("aria-")}
        assert not mark.tag.endswith("}style")


@pytest.mark.parametrize("name", NAMES)
def test_the_table_is_as_wide_as_its_headings_and_the_picture_has_pixels(drawn, name):
    chart = drawn[name]
    assert chart.rows
    assert {len(row) for row in chart.rows} == {len(chart.columns)}
    assert chart.png().startswith(b"\x89PNG")


def words(chart):
    return re.findall(r"<text[^>]*>([^<]+)</text>", chart.svg)


def test_grades_carry_letter_and_count_and_a_narrow_part_leaves_them_to_the_table(drawn):
    assert {"O 3", "G 20", "R 14"} <= set(words(drawn["mix"]))
    assert "I 1" not in words(drawn["mix"])
    assert drawn["mix"].rows[0] == ("Q1", "3", "20", "14", "1", "38")
    assert "14 Requires improvement" in drawn["mix"].summary


def test_a_sentence_has_the_marks_of_a_period_in_brackets_and_earlier_layouts_keep_theirs():
    marked = GradeMix("Grades", BANDS, [("Q1 | not over | tool changed", [3, 0, 0, 0])])
    summary = charts.grade_mix(marked).summary
    assert summary.startswith("In Q1 (not over, tool changed), of 3 graded: ")
    assert first_text(summary, 2).startswith("In Q1 | not over | tool changed, of 3 graded: ")


def test_a_rate_that_is_unknown_is_said_not_drawn_as_nought(drawn):
    assert drawn["trend"].rows[1] == ("Q2", "0", "0", "no data", "no data", "")
    assert words(drawn["trend"]).count("0%") == 1  # the axis only
    assert drawn["trend"].summary.endswith("70% (14 of 20; 95% interval 48% to 86%).")


@pytest.mark.parametrize("name", ["mix", "trend", "shifts"])
def test_a_chart_of_a_page_has_its_width_and_one_for_a_phone_says_the_same_periods(drawn, name):
    chart = drawn[name]
    for picture, width in ((chart.wide, 1000), (chart.narrow, 300)):
        assert ET.fromstring(picture).get("width") == str(width)
        said = " ".join(re.findall(r">([^<]+)<", picture))
        assert all(row[0] in said for row in chart.rows)
    assert drawn["matrix"].narrow is None


def test_the_matrix_prints_every_count_and_sums_its_diagonal(drawn):
    assert drawn["matrix"].summary.endswith("same grade 37 times of 50.")
    assert words(drawn["matrix"]).count("0") == 6


def test_a_shift_says_its_sign(drawn):
    assert {"−0.42", "+0.15"} <= set(words(drawn["shifts"]))
    assert [row[1] for row in drawn["shifts"].rows] == ["−0.42", "+0.15", "0"]


def test_a_trend_joins_nothing_over_a_break_or_a_period_without_a_rate():
    chart = trend(BROKEN)
    runs = [(one["period"].partition("|")[0], one["run"]) for one in chart.spec["data"]["values"]]
    assert [at for _, at in runs] == ["run 1", "run 1", "run 2", "run 2", "run 3"]
    area, _, line, *_, rule = chart.spec["layer"]
    assert area["encoding"]["detail"] == line["encoding"]["detail"] == {
        "field": "run", "type": "nominal",
    }  # fmt: skip
    assert rule["transform"] == [{"filter": "datum.broken"}]
    assert "new series" in chart.svg
    assert [row[-1] for row in chart.rows] == ["", "", "audited with another tool.", "", ""]
    assert chart.rows[3][3:5] == ("too few", "too few")
    assert chart.summary.endswith("begins anew in Q3: audited with another tool.")


def test_a_funnel_names_what_lies_outside_by_shape_and_words_and_notes_the_cases():
    chart = funnel_chart(FUNNEL)
    read = {row[0]: row[-1] for row in chart.rows}
    assert read == {
        "East": "Below the 99.8% limit", "North": "Above the 99.8% limit",
        "South": "Within the limits", "Tiny": "Too few to compare",
    }  # fmt: skip
    assert {row[0]: row[3] for row in chart.rows}["Tiny"] == "too few"
    drawn_words = words(chart)
    assert "East" in drawn_words
    assert "South" not in drawn_words
    assert "Tiny" not in drawn_words
    assert CASE_MIX in chart.key
    assert "East (25%) lies below the 99.8% limit" in chart.summary
    # Each team at its number of grades, of a scale that ends at 66, and at its share: a triangle
    # that points the way it lies outside, or a circle. Too few to compare is no point.
    begins = {"M0,-": "up", "M0,4": "down", "M5.2": "circle"}
    points = [
        (*map(float, re.findall(r"[\d.]+", mark.attrib["transform"])), begins[mark.attrib["d"][:4]])
        for mark in ET.fromstring(chart.svg).iter()
        if "d" in mark.attrib and mark.get("stroke-width") == "1"
    ]
    assert [(round(x * 66 / 520), round(100 - y / 3.2), shape) for x, y, shape in points] == [
        (40, 25, "down"), (60, 83, "up"), (40, 60, "circle"),
    ]  # fmt: skip


def test_every_chart_there_is_has_its_sentence_table_and_downloads(drawn):
    """A function that draws a chart of its own stands here with a sample or by its own tests, and
    no template shows a picture but by the figure that has all of that."""
    found = set()
    for file in sorted((ROOT / "api").rglob("*.py")):
        text = file.read_text("utf-8")
        tree = ast.parse(text if re.search(r"api.charts.drawing import .*\bdrawn\b", text) else "")
        for one in ast.walk(tree):
            if isinstance(one, ast.FunctionDef) and any(
                isinstance(call, ast.Call) and getattr(call.func, "id", "") == "drawn"
                for call in ast.walk(one)
            ):
                found.add(f"{file.parent.name}.{one.name}")
    sampled = {
        "charts.grade_mix", "charts.trend", "charts.matrix", "charts.shifts", "charts.heat_map",
        "charts.funnel_chart",
    }  # fmt: skip
    assert found == sampled | {*ELSEWHERE}
    for chart in drawn.values():
        assert chart.summary.endswith(".")
        assert chart.rows
        request = Request({"type": "http", "query_string": b"", "headers": [], "path": "/"})
        with charts_of(request) as shown:
            assert [kind for kind, _ in chart_files(chart, "c")] == ["SVG", "PNG", "CSV"]
            for kind in ("svg", "png", "csv"):
                asked = {**request.scope, "query_string": f"picture=c.{kind}".encode()}
                assert len(chart_file(Request(asked), shown).body) > 30
    pictured = {
        str(file.relative_to(ROOT / "api"))
        for file in (ROOT / "api").rglob("*.html")
        if re.search(r"\.(svg|wide|narrow)\b", file.read_text("utf-8"))
    }
    assert pictured == {
        "web/templates/components.html",
        "quarterly/templates/parts.html",  # what a document of its prints, beside its table
    }


def test_a_heat_map_prints_rate_and_n_and_marks_what_is_unknown(drawn):
    assert {"55% n=9", "– n=0"} <= set(words(drawn["heat"]))


@pytest.mark.parametrize(("fill", "ink"), [*charts.BANDS, *cells.SHADES])
def test_words_stand_out_from_what_they_are_printed_on(fill, ink):
    assert contrast(fill, ink) >= 4.5


def test_two_charts_on_a_page_share_no_id():
    one, other = charts.grade_mix(MIX), charts.matrix(MATRIX)
    ids = [set(re.findall(r'id="([^"]+)"', chart.svg)) for chart in (one, other)]
    assert ids[0].isdisjoint(ids[1])


def test_a_label_cannot_become_markup():
    chart = charts.shifts(Shifts("<b>&", [("<script>alert(1)</script>", 1.0, 1)]))
    assert "<script" not in chart.svg
    assert "<b>" not in chart.svg


@pytest.mark.browser
def test_a_figure_is_accessible_and_clean_under_the_policy(tab, drawn, tmp_path):
    from tests.support.browser import served

    records = records_at(tmp_path)
    app = create_shell(Settings(), records)
    pages = app.state.pages
    source = (
        '{% extends "base.html" %}{% from "components.html" import chart_figure %}'
        '{% block content %}<h1 class="govuk-heading-l">Charts</h1>'
        "{% for name, chart in charts.items() %}{{ chart_figure(chart, name) }}{% endfor %}"
        "{% endblock %}"
    )

    @app.get("/charts")
    def page():
        from starlette.responses import HTMLResponse

        from api.web.forms import Errors

        context = {"nav": {"search": False, "sections": [], "pages": []}, "errors": Errors(),
                   "as_at": None, "behind": (), "dates": None, "back": "/",
                   "wide": True, "signed_in": None, "title": "Charts"}  # fmt: skip
        template = pages.environment.from_string(source)
        return HTMLResponse(template.render(charts=drawn, **context))

    with served(app) as address:
        tab.goto(f"{address}/charts")
        for shown in tab.get_by_text("Show the data").all():
            shown.click()
        axe(tab)
    records.close()


def test_a_heat_map_breaks_long_names_so_that_they_do_not_lie_on_each_other():
    name = "Health, education and preparation for adulthood"
    drawn = charts.heat_map(
        HeatMap("Rates", "Good", ["East"], [name, "Recording"], {("East", name): (0.5, 4)})
    )
    said = re.findall(r"<tspan[^>]*>([^<]*)</tspan>", drawn.svg)
    assert " ".join(said) == name
    assert max(map(len, said)) <= 15
    assert drawn.columns == ("Team", name, "Recording")
