"""The same facts come out of a file in whatever shape somebody wrote them down."""

from __future__ import annotations

import base64
import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date
from unittest.mock import patch

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.audits.importer import FIELDS, graded_fields, plan_audits
from api.imports import reading
from api.imports.answers import ImportAnswers
from api.imports.columns.settling import settle
from api.imports.files.tables import UnreadableCell
from api.imports.mapping import map_columns
from api.imports.reading import read_sheet
from qa.core.errors import Refused
from tests.imports.support import OFSTED, TODAY, TOOL

HEADINGS = ("Audit reference", "Child ref", "Date of audit", "Auditor", "Overall grade", "Planning")
Fact = tuple[str, str, date, str, str, str | None]

names = st.text(
    st.characters(codec="cp1252", categories=("Ll",), exclude_characters="ªº"),
    min_size=3, max_size=8,
).map(lambda word: f"{word}, “{word[::-1]}”; x|y")  # fmt: skip
grades = st.sampled_from([point.label for point in OFSTED.points[:4]])
tables = st.lists(
    st.tuples(
        st.dates(date(2019, 1, 1), date(2022, 6, 30)), names, grades, st.none() | grades
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip
DAY_STYLES = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%y", "%d %B %Y", "%d-%b-%Y", "%Y-%m-%dT12:00:00Z")
MONTH_FIRST = "%m/%d/%Y"


def facts_of(rows: Sequence[tuple[date, str, str, str | None]]) -> list[Fact]:
    return [(f"A-{n}", f"C-{n}", *row) for n, row in enumerate(rows)]


def read_back(data: bytes, answers: ImportAnswers | None = None) -> list[Fact]:
    """The facts of a file, as they would be recorded."""
    fields = graded_fields(FIELDS, TOOL)
    known = [name for field in FIELDS for name in field.names]
    with patch.object(reading, "run_apart", lambda work, *given: work(*given)):
        sheet = read_sheet("file", data, known=known)
    said = {"Planning": "domain:planning"} if "Planning" in sheet.headings else {}
    settled = settle(sheet, map_columns(sheet, fields, said), fields, answers or ImportAnswers())
    plan = plan_audits(settled.sheet, said, tool=TOOL, today=TODAY)
    labels = {point.code: point.label for point in OFSTED.points}
    return [
        (
            row.reference, row.child, row.audit_date, row.auditor, labels[row.overall],
            labels.get(row.judgements.get("planning", "")),
        )
        for row in plan.accept()
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    tables,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.permutations(range(6)),
    st.sampled_from([*DAY_STYLES, MONTH_FIRST]),
    st.sampled_from([[], [["Audits of the year"]], [["Audits", "", "By", "Pat"], []]]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_text_in_any_shape_holds_the_same_facts(
    rows: list[tuple[date, str, str, str | None]],
    delimiter: str,
    encoding: str,
    order: list[int],
    style: str,
    titles: list[list[str]],
    newline: str,
) -> None:
    facts = facts_of(rows)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerows(titles)
    writer.writerow([HEADINGS[at] for at in order])
    for fact in facts:
        cells = [*fact[:2], fact[2].strftime(style), *fact[3:]]
        writer.writerow([cells[at] or "" for at in order])
    answers = ImportAnswers(date_orders={"Date of audit": "month-first"})
    data = out.getvalue().encode(encoding)
    assert read_back(data, answers if style == MONTH_FIRST else None) == facts


@settings(max_examples=15, deadline=None)
@given(tables, st.permutations(range(6)), st.booleans(), st.booleans())
def test_a_workbook_in_any_shape_holds_the_same_facts(
    rows: list[tuple[date, str, str, str | None]], order: list[int], two_lines: bool, merged: bool
) -> None:
    if merged:
        rows = [(day, rows[0][1], overall, planning) for day, _, overall, planning in rows]
    facts = facts_of(rows)
    book = openpyxl.Workbook()
    book.active.append(["Read me"])
    sheet = book.create_sheet("Data")
    sheet.append(["Audits of the year", None, "Prepared by", "Pat"])
    top, names_in = (2, [HEADINGS[at] for at in order])
    if two_lines:
        sheet.append([None if name in HEADINGS[4:] else name for name in names_in])
        sheet.append([name if name in HEADINGS[4:] else None for name in names_in])
        for place, name in enumerate(names_in, 1):
            if name not in HEADINGS[4:]:
                sheet.merge_cells(start_row=2, end_row=3, start_column=place, end_column=place)
        top = 3
    else:
        sheet.append(names_in)
    for fact in facts:
        sheet.append([fact[at] for at in order])
    if merged and len(facts) > 1:
        column = order.index(3) + 1
        sheet.merge_cells(
            start_row=top + 1, end_row=top + len(facts), start_column=column, end_column=column
        )
    out = io.BytesIO()
    book.save(out)
    assert read_back(out.getvalue()) == facts


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dates(date(2015, 1, 1), date(2022, 6, 30)), min_size=1, max_size=8))
def test_a_column_with_months_first_is_never_read_with_days_first(days: list[date]) -> None:
    """A date that shows the order is in it: nothing wrong comes in without an answer."""
    lines = [",".join(HEADINGS[:5])]
    lines += [f"A-{n},C-{n},{day:%m/%d/%Y},Pat,Good" for n, day in enumerate(days)]
    lines.append("A-x,C-1,05/25/2021,Pat,Good")
    data = "\n".join(lines).encode()
    with pytest.raises(Refused):
        read_back(data)
    answers = ImportAnswers(date_orders={"Date of audit": "month-first"})
    assert [fact[2] for fact in read_back(data, answers)] == [*days, date(2021, 5, 25)]


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    "<office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)


def opendocument(more: str = "") -> bytes:
    def cell(value: str, kind: str = "string") -> str:
        held = f' office:date-value="{value}"' if kind == "date" else ""
        return (
            f'<table:table-cell office:value-type="{kind}"{held}><text:p>{value}</text:p>'
            "</table:table-cell>"
        )

    head = "".join(map(cell, HEADINGS[:5]))
    body = "".join(
        [*map(cell, ("A-1", "C-1")), cell("2021-05-03", "date"), cell("Zoë"), cell("RI")]
    )
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in (head, body)) + more
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr(
            "content.xml", ODS.format(f'<table:table table:name="A">{rows}</table:table>')
        )
    return out.getvalue()


def test_an_opendocument_sheet_is_read_like_any_other() -> None:
    assert read_back(opendocument()) == [
        ("A-1", "C-1", date(2021, 5, 3), "Zoë", "Requires improvement", None)
    ]


MARKED = """
<table:table-row table:visibility="collapse">
<table:table-cell office:value-type="string"><text:p>A-2</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="12"><text:p>00012</text:p>
</table:table-cell>
<table:table-cell office:value-type="percentage" office:value="0.125"><text:p>12.5%</text:p>
</table:table-cell>
<table:table-cell table:formula="of:=[.A1]"/>
<table:table-cell office:value-type="string" table:formula="of:=1/0"><text:p>#DIV/0!</text:p>
</table:table-cell></table:table-row>
"""


def test_an_opendocument_sheet_shows_what_an_excel_sheet_does() -> None:
    sheet = read_sheet("audits.ods", opendocument(MARKED.replace("\n", "")))
    _, child, share, unread, failed = sheet.rows[1].cells
    assert (child, share) == ("00012", "12.5%")
    codes = [one.code for one in (unread, failed) if isinstance(one, UnreadableCell)]
    assert codes == ["formula-without-value", "formula-error"]
    assert [(note.code, note.row) for note in sheet.notes] == [("hidden-rows", 3)]


OLD_EXCEL = (
    "c-rk)J!lj`6#iy&oBJWT+?^LCQNj^0niz{<V-q(gXevXDg(8Apk`*N3P8J(2G#alI1S`cRkj5rz;}2SBXCXwi5Cq"
    "{)OR*3XERx&2_ik1$i9!zaATr-F-@JYEX6EhAyqTSSvzRQ+J?t!F4Gy3Q6+epR8l9pP4Q>*ka^Gh$$Rm_|gH45Kg"
    "a)$N#<SMfVID&s?=mbr2)!f*K2bV_^B5`Q-An^<P<+TK_F<4%;Vx<7=n$_`!V|(<gzt;xbKxP;+z=il+mbqoMQ5a"
    "Mzn;Y>tZpfbgWG*9bv}q@0PT3iv-rwQRkgK|_0Hv{H(5bfs0H(&0UdVpu9urGAx$GYj~{*p_#TAti;U4XR<A(%pR"
    "4uZKj<U0)~?mxvO>TN{4){}MY8zXR2}&25_W)PoyOd=HgIgB;JI{{-8&HD#an_su`1YGB?wxGC($NyQbHj?4lLdK"
    "_V&p5sB>C0GqS)}w}GAP2z*@S8dNzhCDt$Q6W$|yO<LV9a;I>b<|*YpqwQKaJS#TWrL>3o*(Z4C?5dG>lU)3A^hs"
    "Cov(roR!f^Rgdf~k@hi-ZilT@FtS@f%Zb>}wYsT1T%FBu<&JJu~95i6m6_w`=ahGoP=ObS=;`0XfduYO~%#GYHcY"
    "{kT%6t?kpYNhZ<Ue8d?h8lx`fq{X6fq{X6K|`VR2Rk1d_><n&$AYl_ud__4Vt$kSw-`f#t_yU|JcK;u9xm23f40I"
    "_L0f8rb%OtejN{b1hbfGUA5(SDUpm&Q+UMDD#l+tWp?dqT)Z^zr?tcYkA;qH"
)
"""A workbook of the years before 2007: Ref and Score, A-1 and 5 per cent."""


def test_what_an_old_excel_file_does_not_show_is_said() -> None:
    sheet = read_sheet("old.xls", zlib.decompress(base64.b85decode(OLD_EXCEL)))
    assert [row.cells for row in sheet.rows] == [("A-1", 0.05)]
    assert [note.code for note in sheet.notes] == ["marks-unread"]
