"""The RAG scale that every new council starts with."""

from __future__ import annotations

from contextlib import suppress

from api.services import Services
from qa.core.errors import MovedOn
from qa.people.commands import OPERATOR
from qa.plans.commands import BeginRagScale
from qa.plans.handlers import rag_scales
from qa.plans.rag_scale import RagLevel, RagScale

BRAG = RagScale(
    id="brag",
    version=1,
    name="BRAG",
    levels=(
        RagLevel(
            code="red", label="Red", rank=1, colour="red", stands_for="off-track",
            meaning="Not started when it was due, or will not be delivered without a new plan.",
        ),
        RagLevel(
            code="amber", label="Amber", rank=2, colour="orange", stands_for="slipping",
            meaning="Under way but later than planned, or something puts it at risk.",
        ),
        RagLevel(
            code="green", label="Green", rank=3, colour="green", stands_for="on-track",
            meaning="Under way and as planned.",
        ),
        RagLevel(
            code="blue", label="Blue", rank=4, colour="blue", met=True, final=True, evidence=True,
            meaning="Delivered, and there is evidence that it made the difference.",
        ),
        RagLevel(
            code="not-yet-rated", label="Not yet rated", colour="grey",
            meaning="Nobody has rated it yet.",
        ),
    ),
)  # fmt: skip


def ship(services: Services) -> None:
    """Publish the scale where the store does not have it yet."""
    with suppress(MovedOn):
        rag_scales.begin(services.desk, BeginRagScale(content=BRAG), by=OPERATOR)


STARTS = ship
