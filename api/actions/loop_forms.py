"""What the closing-the-loop page is asked, and how that is said in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.engine import Connection

from api.agreement.forms import domain_titles
from api.agreement.tables import AREA_WORDS
from api.reports import spans
from api.reports.spans import PeriodRequest
from api.web.context import Reading
from api.web.forms import Errors
from api.web.moments import AsAt
from projections.actions.closing_the_loop.counting import last_raised
from projections.actions.closing_the_loop.question import (
    DIMENSIONS,
    NO_DOMAIN,
    LoopQuestion,
)
from projections.audit_tools import queries as tool_queries
from projections.learning import queries as learning_queries
from projections.learning.queries import actions_by_theme
from projections.people import queries as people_queries
from qa.actions.words import RAISED_BY_LABELS
from qa.audits.words import ACTION_KINDS
from qa.core.dates_in_words import day
from qa.core.periods import PeriodKind

PATH = "/reports/closing-the-loop"
CUTS = {
    "team": "Team",
    "service": "Service",
    "kind": "Kind of action",
    "source": "Raised by",
    "domain": "Domain",
    "area": "Judgement area",
    "theme": "Learning theme",
}
ORDER = ("from", "to", "by", "dimension", *DIMENSIONS, "as_at", "true_on")

Choices = Mapping[str, Mapping[str, str]]
"""By dimension: the values there are, with their names."""


def wanted(reading: Reading) -> PeriodRequest[LoopQuestion]:
    """What the request asks of the report; its faults are on the result, not raised."""
    given = reading.request.query_params
    faults = list(reading.wrong.faults)
    typed = spans.typed_over({"by": "quarter", **_preset(reading)}, given)
    chosen, dimensions = spans.chosen_of(given, DIMENSIONS), spans.cuts_of(given)
    belonging = actions_by_theme(reading.connection, position=reading.at.position)
    question, wrong = spans.built(
        typed,
        [],
        lambda start, end: LoopQuestion(
            start=start,
            end=end,
            by=PeriodKind(typed["by"]),
            dimensions=dimensions,
            filters=chosen,
            themes=belonging,
            areas=tool_queries.areas(reading.connection, position=reading.at.position),
        ),
    )
    faults += wrong
    if question is not None:
        typed |= {"from": question.start.isoformat(), "to": question.end.isoformat()}
    return PeriodRequest(
        reading=reading,
        page_path=PATH,
        question=None if faults else question,
        typed=typed,
        chosen=chosen,
        dimensions=dimensions,
        errors=Errors(faults, ORDER),
    )


def _preset(reading: Reading) -> dict[str, str]:
    """The last five quarters that an action was raised in."""
    last = last_raised(reading.connection, position=reading.at.position)
    return spans.last_quarters(last or reading.at.on)


def choices(reading: Reading) -> Choices:
    """What every filter offers, and what the values of a cut are called."""
    return names_at(reading.connection, reading.at)


def names_at(connection: Connection, at: AsAt) -> Choices:
    """The names of every value of a dimension."""

    def ordered(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
        return dict(sorted(dict(pairs).items(), key=lambda one: one[1].casefold()))

    teams = people_queries.teams(connection, with_closed=True, position=at.position)
    themes = learning_queries.themes(connection, position=at.position)
    return {
        "team": ordered((one.team, one.name) for one in teams),
        "service": ordered((one.service, one.service_name) for one in teams),
        "kind": ACTION_KINDS,
        "source": RAISED_BY_LABELS,
        "domain": {
            **ordered(domain_titles(connection, at.position).items()),
            NO_DOMAIN: "No domain",
        },
        "area": AREA_WORDS,
        "theme": {row.theme: row.title for row, _ in themes},
    }


def filter_words(question: LoopQuestion, named: Choices) -> list[tuple[str, str]]:
    """Everything asked, in words, for the head of a file and of the list behind a figure."""
    found = [
        ("From", day(question.start)),
        ("To", day(question.end)),
        ("By", question.by.label),
    ]
    if question.dimensions:
        found.append(("Broken down by", ", ".join(CUTS[one] for one in question.dimensions)))
    for name, values in question.filters.items():
        found += [(CUTS[name], named[name].get(value, value)) for value in values]
    return found
