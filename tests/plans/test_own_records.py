"""A RAG scale goes out as a file without a plan."""

from __future__ import annotations

import pytest

from api.imports.about import AboutPlan
from api.imports.own_records import own_listing
from api.imports.run import DEFAULT_TOOL
from api.web.moments import as_at
from qa.authorisation.policy import reach
from qa.core.errors import Refused
from qa.plans.commands import BeginRagScale
from qa.plans.handlers import rag_scales
from tests.plans.support import FOUR, PLAN, bring
from tests.support.council import Council, words_of
from tests.support.given import codes_of

SPARE = AboutPlan(of_scale={"id": "spare", "version": "1", "name": "Spare"})
LEVELS = "Level,Rank,Meaning,Colour\nBad,1,Off track,red\nFine,2,On track,green\n"


def labels(council: Council, **about: str) -> list[object]:
    services, lead = council.services, council.actor("lead")
    with services.store.reading() as connection:
        at = as_at(services.store, connection, None, None, None)
        given = own_listing(
            services, connection, lead, reach(lead), at, "rag-scale", tool=DEFAULT_TOOL,
            about=AboutPlan(**about),
        )  # fmt: skip
    place = [column.key for column in given.columns].index("label")
    return [row[place] for row in given.rows]


def test_the_scale_meant_is_named_or_the_only_one_or_that_of_the_plan(
    small_council: Council,
) -> None:
    council = small_council
    assert codes_of(lambda: labels(council)) == ["plan_scale-missing"]
    bring(council, "rag-scale", LEVELS, SPARE)
    assert labels(council) == ["Bad", "Fine"]
    lead = council.actor("lead")
    rag_scales.begin(council.services.desk, BeginRagScale(content=FOUR), by=lead)
    with pytest.raises(Refused) as refused:
        labels(council)
    assert f"There are: {FOUR.key}, spare@1." in refused.value.sentence
    assert labels(council, scale="spare@1") == ["Bad", "Fine"]
    assert codes_of(lambda: labels(council, scale="spare@2")) == ["scale-unknown"]
    page = council.browser("lead")
    assert "(Spare, version 1)" in words_of(page.get("/imports/new").text)
    file = page.get("/imports/records/rag-scale.csv?scale=spare@1").text
    assert "Off track" in file
    api = council.program("lead").get("/api/v1/exports/records/rag-scale.csv?scale=spare@1")
    assert api.text == file
    bring(council, "plan", "Ambition,Ref,Action\n1,1.1,Coach\n", PLAN)
    assert labels(council) == [level.label for level in FOUR.levels]
