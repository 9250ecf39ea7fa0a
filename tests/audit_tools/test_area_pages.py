"""Domains are put under judgement areas from a month on, and reports are cut by these."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from sqlalchemy import create_engine, literal, select

from api.agreement.report import version_scales
from projections.agreement.profile import report as grade_profile
from projections.agreement.question import AgreementQuestion
from projections.audit_tools import queries
from projections.figures.judgement_areas import NO_AREA, AreaMappings
from qa.audit_tools import handlers
from qa.audit_tools.commands import MapJudgementAreas
from qa.audit_tools.definition import AreaOfDomain, JudgementArea
from qa.audit_tools.events import JudgementAreasMapped
from qa.core.errors import Refused
from qa.core.periods import PeriodKind
from tests.audit_tools.support import fields_of
from tests.support.council import Council, words_of

HELP, LEADERS = JudgementArea.HELP_AND_PROTECTION, JudgementArea.IMPACT_OF_LEADERS
WHY = "Agreed at the quality board for the self-evaluation."


def mapped(day: date, *areas: tuple[str, JudgementArea], version: int = 1) -> JudgementAreasMapped:
    named = tuple(AreaOfDomain(tool="whole", domain=d, area=area) for d, area in areas)
    return JudgementAreasMapped(mapping_version=version, from_on=day, areas=named)


def test_a_mapping_holds_from_its_month_until_a_later_one() -> None:
    first = mapped(date(2026, 4, 1), ("voice", HELP))
    second = mapped(date(2026, 7, 1), ("voice", LEADERS), version=2)
    again = mapped(date(2026, 7, 1), ("grip", LEADERS), version=3)
    known = AreaMappings((first, second, again))
    assert known.area("whole", "voice", "2026-03") == NO_AREA
    assert known.area("whole", "voice", "2026-06") == HELP
    assert known.area("whole", "voice", "2026-07") == NO_AREA, "the later of the two holds"
    assert known.area("whole", "grip", "2027-01") == LEADERS
    assert known.area("other", "care-leavers", "2026-03") == "care-leavers"
    assert known.named(["2026-03", "2026-05", "2026-06", "2026-08"]) == [first, again]
    rows = product(("whole", "other"), ("voice", "grip", "care-leavers"), ("03", "04", "06", "07"))
    with create_engine("sqlite://").connect() as connection:
        for tool, domain, month in rows:
            day = literal(f"2026-{month}-01")
            column = known.column(literal(tool), literal(domain), day)
            asked = connection.execute(select(column)).scalar_one()
            assert asked == known.area(tool, domain, f"2026-{month}"), (tool, domain, month)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"from_on": date(2026, 4, 2)}, "not-first-of-month"),
        ({"areas": ("no-such",)}, "domain-unknown"),
        ({"areas": ("planning", "planning")}, "domain-twice"),
        ({"reason": ""}, "reason-missing"),
    ],
)
def test_an_impossible_mapping_is_refused(
    small_council: Council, change: dict[str, object], code: str
) -> None:
    named = change.get("areas", ("planning",))
    assert isinstance(named, tuple)
    areas = tuple(AreaOfDomain(tool=small_council.tool.id, domain=d, area=HELP) for d in named)
    values = {"from_on": date(2026, 4, 1), "reason": WHY, **change, "areas": areas}
    command = MapJudgementAreas.model_construct(None, **values)
    with pytest.raises(Refused) as refused:
        handlers.map_areas(small_council.services.desk, command, by=small_council.actor("lead"))
    assert [fault.code for fault in refused.value.faults] == [code]


def test_a_mapping_is_recorded_on_its_page_and_reports_are_cut_by_it(council: Council) -> None:
    lead = council.browser("lead")
    assert "Nothing is mapped yet" in words_of(lead.get("/judgement-areas").text)
    tool = council.tool.id
    form = {
        **fields_of(lead.get("/judgement-areas/new").text),
        f"area.{tool}.planning": HELP.value,
        f"area.{tool}.lived-experience": HELP.value,
        f"area.{tool}.management-grip": LEADERS.value,
        "from_on.day": "1", "from_on.month": "1", "from_on.year": "2026",
    }  # fmt: skip
    refused = lead.post("/judgement-areas/new", form)
    assert refused.status_code == 422
    assert "Say why the domains are mapped so." in words_of(refused.text)
    strange = {**form, f"area.{tool}.planning": "No such area", "reason": WHY}
    refused = lead.post("/judgement-areas/new", strange)
    assert refused.status_code == 422
    assert "Choose one of the areas that are offered, or none." in words_of(refused.text)
    done = lead.post("/judgement-areas/new", {**form, "reason": WHY})
    assert done.status_code == 303, done.text
    told = words_of(lead.get("/judgement-areas").text)
    assert "Mapping 1, by Lead Tree" in told
    assert "Permanence and stability No judgement area" in told, "it was left out"
    assert "Mapped" in words_of(lead.get("/history?record=judgement-areas").text)
    audit = council.submitted("inadequate")
    council.show_rates_of_few()
    question = AgreementQuestion(
        start=council.today.replace(month=1, day=1), end=council.today, by=PeriodKind.CALENDAR_YEAR,
        dimensions=("area",),
    )  # fmt: skip
    with council.services.store.reading() as connection:
        scales = version_scales(connection, None)
        made = grade_profile(connection, question, scales=scales)
        assert len(queries.area_mappings(connection)) == 1
    rates = {
        row.group["area"]: row.figures["inadequate_rate"]
        for row in made.rows
        if row.figures["graded"].numerator
    }
    held = council.view(audit).content
    assert held is not None
    graded = len(held.judgements)
    others = rates.pop(NO_AREA)
    assert {area: (one.numerator, one.denominator) for area, one in rates.items()} == {
        HELP.value: (1, 2),
        LEADERS.value: (0, 1),
    }
    assert (others.numerator, others.denominator) == (0, graded - 3), (
        "the domains that nobody mapped"
    )
    page = words_of(lead.get("/reports/grades?dimension=area&by=calendar-year").text)
    assert HELP.label in page
    assert "an audit may count more than once" in page
