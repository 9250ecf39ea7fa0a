"""What the page of a report on grades is asked, and how that is said in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from sqlalchemy.engine import Connection

from api.agreement.report import NAMED, Name, Whose, limits_of
from api.agreement.tables import AREA_WORDS
from api.reports import spans
from api.reports.spans import PeriodRequest
from api.web.context import Reading
from api.web.forms import Errors
from projections.agreement import offered_queries
from projections.agreement.counting import VersionScales
from projections.agreement.question import COHORTS, DIMENSIONS, AgreementQuestion
from projections.audit_tools import queries as tool_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can
from qa.core.dates_in_words import day
from qa.core.errors import Fault
from qa.core.periods import PeriodKind
from qa.core.words import Actor

FILTERS = {
    "service": "Service",
    "team": "Team",
    "tool_version": "Audit tool",
    "domain": "Domain",
    "area": "Judgement area",
    "auditor": "Auditor",
    "moderator": "Moderator",
}
CUTS = {
    "team": "Team",
    "service": "Service",
    "tool": "Audit tool",
    "tool-version": "Version of the audit tool",
    "domain": "Domain",
    "area": "Judgement area",
    "auditor": "Auditor",
    "moderator": "Moderator",
}
COHORT_WORDS = {
    "audit": "Date of the audit",
    "moderation": "Audits by their date, moderations by theirs",
    "submitted": "Day the audit was submitted",
    "allocated": "Day the audit was allocated",
}
BLIND_WORDS = {
    "": "All moderations",
    "yes": "Only blind: the moderator had not seen the auditor’s grade",
    "no": "Only open: the moderator had seen it",
}
WHOSE_WORDS = {"auditor": "The auditor’s", "final": "The final grade"}
ORDER = (
    "from",
    "to",
    "by",
    "dimension",
    "cohort",
    "blind",
    "grade",
    *FILTERS,
    "as_at",
    "true_on",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest(PeriodRequest[AgreementQuestion]):
    """A report on grades as asked for."""

    SINGLE = ("from", "to", "by", "cohort")
    name: Name
    whose: Whose

    def pairs(self) -> list[tuple[str, str]]:
        found = PeriodRequest.pairs(self)
        if self.name == "grades":
            found.append(("grade", self.whose))
        elif self.typed["blind"]:
            found.append(("blind", self.typed["blind"]))
        return found

    def exactly(self) -> list[tuple[str, str]]:
        """The same with the very position that the page was made at."""
        return [*self.pairs(), *self.reading.at.pinned.items()]

    def link(self, path: str = "", *more: tuple[str, str]) -> str:
        """An address below this report, at the position of the page."""
        return f"{self.page_path}{path}?{urlencode([*self.exactly(), *more])}"

    @property
    def page(self) -> str:
        """The address of the report's page at the same moment."""
        return PeriodRequest.link(self)


def wanted(reading: Reading, name: Name) -> ReportRequest:
    """What the request asks of the report; its faults are on the result, not raised."""
    given = reading.request.query_params
    faults = list(reading.wrong.faults)
    preset = {"by": "quarter", "cohort": "audit", "blind": "", **_preset(reading)}
    typed = spans.typed_over(preset, given)
    chosen, dimensions = spans.chosen_of(given, FILTERS), spans.cuts_of(given)
    question, wrong = _question(typed, chosen, dimensions)
    faults += wrong
    if question is not None:
        typed |= {"from": question.start.isoformat(), "to": question.end.isoformat()}
    whose: Whose = "final" if given.get("grade") == "final" else "auditor"
    return ReportRequest(
        name=name,
        page_path=f"/reports/{name}",
        reading=reading,
        question=None if faults else question,
        typed=typed,
        chosen=chosen,
        dimensions=dimensions,
        whose=whose,
        errors=Errors(faults, ORDER),
    )


def _preset(reading: Reading) -> dict[str, str]:
    """The last five quarters that there is an audit of."""
    limits = limits_of(reading.connection, reading.actor)
    last = offered_queries.last_audit_date(
        reading.connection, position=reading.at.position, limits=limits
    )
    return spans.last_quarters(last or reading.at.day)


def _question(
    typed: Mapping[str, str], chosen: Mapping[str, tuple[str, ...]], dimensions: tuple[str, ...]
) -> tuple[AgreementQuestion | None, list[Fault]]:
    faults = []
    if typed["blind"] not in BLIND_WORDS:
        faults.append(Fault("blind", "unknown-blind", "Choose all, blind or open moderations."))
    return spans.built(
        typed,
        faults,
        lambda start, end: AgreementQuestion(
            start=start,
            end=end,
            by=PeriodKind(typed["by"]),
            dimensions=dimensions,
            cohort=cast("Any", typed["cohort"]),
            blind=None if not typed["blind"] else typed["blind"] == "yes",
            filters={key.replace("_", "-"): values for key, values in chosen.items()},
        ),
    )


Choice = dict[str, str]


def choices(wanted: ReportRequest) -> dict[str, list[Choice]]:
    """What every filter offers: only what there is."""
    connection, at = wanted.reading.connection, wanted.reading.at
    limits = limits_of(connection, wanted.reading.actor)
    teams = people_queries.teams(connection, with_closed=True, position=at.position)
    definitions = tool_queries.definitions(connection, position=at.position)
    auditors, moderators = offered_queries.who_judged(
        connection, position=at.position, limits=limits
    )
    if not can(wanted.reading.actor, "read-named-figures").allowed:
        own = {wanted.reading.actor.person}
        auditors, moderators = auditors & own, moderators & own
    names = people_queries.names(connection, auditors | moderators, position=at.position)
    domains = domain_titles(connection, at.position)

    def items(pairs: Iterable[tuple[str, str]]) -> list[Choice]:
        found = sorted(dict(pairs).items(), key=lambda one: one[1].casefold())
        return [{"value": value, "text": text} for value, text in found]

    return {
        "service": items((team.service, team.service_name) for team in teams),
        "team": items((team.team, team.name) for team in teams),
        "tool_version": items(
            (f"{tool}@{version}", f"{definition.title}, version {version}")
            for (tool, version), definition in definitions.items()
        ),
        "domain": items(domains.items()),
        "area": [{"value": code, "text": text} for code, text in AREA_WORDS.items()],
        "auditor": items((one, names.get(one, one)) for one in auditors),
        "moderator": items((one, names.get(one, one)) for one in moderators),
    }


def domain_titles(connection: Connection, position: int | None) -> dict[str, str]:
    """The title of every domain by its code; of two versions the later."""
    definitions = tool_queries.definitions(connection, position=position)
    return {
        domain.id: domain.title
        for _, definition in sorted(definitions.items())
        for domain in definition.domains
    }


def grade_labels(connection: Connection, position: int | None) -> dict[str, str]:
    """What every grade is called, by its code."""
    version_scales = VersionScales.of_tools(tool_queries.definitions(connection, position=position))
    return {
        point.code: point.label
        for scale in (*version_scales.overall.values(), *version_scales.domains.values())
        for point in scale.points
    }


def cuts(name: Name, actor: Actor) -> dict[str, str]:
    """What this reader can cut the report by."""
    named = can(actor, "read-named-figures").allowed
    return {
        cut: words
        for cut, words in CUTS.items()
        if cut in DIMENSIONS
        and (name == "agreement" or cut != "moderator")
        and (named or cut not in NAMED)
    }


def cohorts(name: Name) -> dict[str, str]:
    return {
        code: words
        for code, words in COHORT_WORDS.items()
        if code in COHORTS and (name == "agreement" or code != "moderation")
    }


def filter_words(
    wanted: ReportRequest, choices: Mapping[str, list[Choice]]
) -> list[tuple[str, str]]:
    """Everything asked, in words, for the head of a file and of the list behind a figure."""
    question = wanted.question
    if question is None:
        return []
    found = [
        ("From", day(question.start)),
        ("To", day(question.end)),
        ("By", question.by.label),
        ("Counted by", cohorts("agreement")[question.cohort]),
    ]
    if wanted.dimensions:
        found.append(("Broken down by", ", ".join(CUTS[one] for one in wanted.dimensions)))
    if wanted.name == "grades":
        found.append(("Grades", WHOSE_WORDS[wanted.whose]))
    else:
        found.append(("Moderations", BLIND_WORDS[wanted.typed["blind"]]))
    for name, values in wanted.chosen.items():
        words = {one["value"]: one["text"] for one in choices[name]}
        found += [(FILTERS[name], words.get(value, value)) for value in values]
    return found
